/** Pictures as a paper has them: bands, legends, sizes, maps, styles. */
import { describe, expect, it } from "vitest";
import { createSubmodel } from "../../src/api/models.js";
import { sedCurveOf } from "../../src/api/plot.js";
import { SpecError } from "../../src/errors.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { contourPlot, levelLabel } from "../../src/plot/contour.js";
import { countsPlot } from "../../src/plot/counts.js";
import { histogramPlot } from "../../src/plot/histogram.js";
import { lightCurvePlot } from "../../src/plot/light-curve.js";
import { mapPlot } from "../../src/plot/map.js";
import { scanPlot } from "../../src/plot/scan.js";
import { type SedSpec, sedPlot } from "../../src/plot/sed.js";
import { significanceImage } from "../../src/plot/significance.js";
import { COLORS } from "../../src/plot/style.js";
import oracle from "../oracle/plot.json" with { type: "json" };
import { carImage, crab, crabPoints, linGrid, logGrid } from "./examples.js";
import { type Box, clippedGroups, coordinates, type Node, parseXml, texts, walk } from "./helpers.js";

const labelsOf = (svg: string) => texts(parseXml(svg)).map((t) => t.text);

/** A log parabola with the covariance of the oracle. */
function hess(): Models {
  const [amplitude, alpha, beta] = oracle.band.values as [number, number, number];
  const spectral = createSubmodel("LogParabolaSpectralModel", { amplitude, reference: 1, alpha, beta });
  const models: Models = { components: [skyModel({ name: "Crab", spectral })] };
  const names = ["Crab.amplitude", "Crab.reference", "Crab.alpha", "Crab.beta"];
  const at = [0, 2, 3];
  const matrix = new Float64Array(16);
  oracle.band.covariance.forEach((row, i) => {
    row.forEach((c, j) => void (matrix[4 * at[i]! + at[j]!] = c));
  });
  return { ...models, covariance: { names, matrix } };
}

describe("error bands of spectra", () => {
  // numpy: quantiles of 2 000 000 draws
  const { energy, lo, hi, dnde } = oracle.band;
  const curves = (band?: "log" | "sampled" | "linear" | "none") =>
    energy.map((e) => {
      const curve = sedCurveOf(hess(), "Crab", { energyRange: [e, 2 * e], n: 2, ...(band && { band }) });
      return { value: curve.dnde[0]!, lo: curve.lo?.[0] ?? Number.NaN, hi: curve.hi?.[0] ?? Number.NaN };
    });

  it.each([
    // an amplitude that is normal, not log-normal: sigma^2 / 2 of it, 0.0044 or 5 % of sigma, at 1 TeV, where it is all there is
    ["log", 0.06],
    // noise of 10 000 draws, 2 % of sigma
    ["sampled", 0.06],
  ] as const)("%s: the quantiles of draws from the covariance, above zero", (band, tolerance) => {
    curves(band).forEach((found, k) => {
      expect(Math.abs(Math.log(found.value / dnde[k]!))).toBeLessThan(1e-12);
      expect(Math.abs(Math.log(found.lo / lo[k]!))).toBeLessThan(tolerance * Math.log(dnde[k]! / lo[k]!));
      expect(Math.abs(Math.log(found.hi / hi[k]!))).toBeLessThan(tolerance * Math.log(hi[k]! / dnde[k]!));
    });
  });

  it("is logarithmic unless told, linear by name, or left out", () => {
    expect(curves()).toEqual(curves("log"));
    expect(curves("linear")[3]!.lo).toBeLessThan(0);
    expect(curves("none")[3]!.lo).toBeNaN();
  });

  it("has no cliff in the picture: the lower edge falls in small steps", () => {
    const curve = sedCurveOf(hess(), "Crab", { energyRange: [1, 100] });
    const svg = sedPlot({ curves: [curve], yRange: [1e-16, 1e-9], legend: false });
    const { group } = clippedGroups(parseXml(svg))[0]!;
    const band = [...walk(group)].find((n) => n.attributes["fill-opacity"] !== undefined)!;
    const points = coordinates(band);
    // both edges, closed at the ends: steps of 200 points over 550 px, and 12 decades a hundredth of each a point
    const steps = points
      .slice(1)
      .map(([x, y], i) => [Math.abs(x - points[i]![0]), Math.abs(y - points[i]![1])] as const);
    expect(points.length).toBe(400);
    for (const [dx, dy] of steps) if (dx > 0.5) expect(dy).toBeLessThan(6);
  });
});

/** Whether marks of the first frame lie within the box of the legend. */
function hidden(svg: string): boolean {
  const root = parseXml(svg);
  const legend = [...walk(root)].find((n) => n.attributes.class === "legend")!;
  const plate = legend.children[0]!;
  const { group, frame } = clippedGroups(root)[0]!;
  const box: Box = plate.name === "rect" && plate.attributes.rx !== undefined ? boxOf(plate) : boundsOf(legend);
  const isInside = ([x, y]: readonly [number, number]) =>
    x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  if (box.y > frame.y + frame.height) return false;
  return [...walk(group)].some((n) => marksOf(n).some(isInside));
}

const boxOf = ({ attributes: a }: Node): Box => ({
  x: Number(a.x),
  y: Number(a.y),
  width: Number(a.width),
  height: Number(a.height),
});

function boundsOf(node: Node): Box {
  const all = [
    ...coordinates(node),
    ...texts(node).map((t) => [Number(t.attributes.x), Number(t.attributes.y)] as const),
  ];
  const [xs, ys] = [all.map((p) => p[0]!), all.map((p) => p[1]!)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Points along lines and paths, markers, and bands through their area. */
function marksOf(node: Node): [number, number][] {
  const own = coordinates({ ...node, children: [] });
  if (node.name !== "line" && node.name !== "path") return node.name === "circle" ? own : [];
  const along = own.slice(1).flatMap(([x, y], i) => {
    const [u, v] = own[i]!;
    return Array.from(linGrid(0, 1, 9), (t): [number, number] => [u + t * (x - u), v + t * (y - v)]);
  });
  return node.attributes["fill-opacity"] === undefined ? along : [...along, ...middles(own)];
}

/** Of a band, drawn along one edge and back along the other. */
const middles = (outline: [number, number][]): [number, number][] =>
  outline.slice(0, outline.length / 2).map(([x, y], i) => [x, (y + outline[outline.length - 1 - i]![1]) / 2]);

describe("legends", () => {
  const energy = logGrid(0.01, 120, 80);
  const dnde = energy.map(crab);
  const curve = { label: "model", energy, dnde, lo: dnde.map((f) => 0.5 * f), hi: dnde.map((f) => 2 * f) };
  const points = [
    crabPoints("Fermi-LAT", 0.01, 2, 5, 3),
    crabPoints("HESS", 1, 15, 6, 4),
    crabPoints("HAWC", 0.3, 120, 9, 5),
  ];
  const flat = { label: "all over the frame", energy, dnde: energy.map((e) => 1e-11 / e ** 2) };
  const wide = { ...flat, lo: flat.dnde.map((f) => f / 300), hi: flat.dnde.map((f) => f * 300) };

  it.each([
    [340, 260],
    [390, 300],
    [640, 480],
    [1000, 400],
  ])("hide no data on %i x %i px", (width, height) => {
    const seds: SedSpec[] = [
      { curves: [curve], points },
      { points },
      { curves: [wide], points, yRange: [1e-14, 1e-8] },
    ];
    for (const spec of seds) expect(hidden(sedPlot({ ...spec, width, height }))).toBe(false);
    const counts = linGrid(20, 1, 20).map(Math.round);
    const bins = { energyEdges: logGrid(0.1, 100, 21), counts, npred: counts, background: counts.map((n) => n / 3) };
    expect(hidden(countsPlot({ ...bins, width, height }))).toBe(false);
    const start = linGrid(0, 11, 12);
    const flux = start.map((t) => 1e-11 * (2 - Math.cos(t)));
    const err = flux.map((f) => 0.3 * f);
    const times = {
      label: "a flare of some length",
      start,
      stop: start.map((t) => t + 0.9),
      flux,
      errn: err,
      errp: err,
    };
    expect(hidden(lightCurvePlot({ points: [times], width, height }))).toBe(false);
  });

  it("inside a full frame hide something, as was asked for", () => {
    expect(hidden(sedPlot({ curves: [wide], points, yRange: [1e-14, 1e-8], legend: "inside" }))).toBe(true);
  });

  it("leave the frame its width, and name all series in full", () => {
    const names = Array.from({ length: 4 }, (_, i) => `the source with a rather long name, number ${i} of them`);
    const svg = sedPlot({ curves: names.map((label) => ({ ...curve, label })), points, width: 400, height: 420 });
    const { frame } = clippedGroups(parseXml(svg))[0]!;
    expect(frame.width).toBeGreaterThan(0.7 * 400);
    expect(labelsOf(svg)).toEqual(expect.arrayContaining(names));
  });

  it("let the paper grow where its height is free", () => {
    const spec = { curves: [wide], points, yRange: [1e-14, 1e-8] as const };
    const [bare, full] = [sedPlot({ ...spec, legend: false }), sedPlot({ ...spec, legend: "below" })].map((svg) => {
      const root = parseXml(svg);
      return { height: Number(root.attributes.height), frame: clippedGroups(root)[0]!.frame };
    });
    expect(full!.height).toBeGreaterThan(bare!.height);
    expect(full!.frame.height).toBeCloseTo(bare!.frame.height, 1);
  });

  it("keep the head of an arrow at the lower end of the frame", () => {
    const points = {
      label: "p",
      start: [0, 1],
      stop: [1, 2],
      flux: [5e-12, 3e-11],
      ul: [1e-12, 1],
      isUl: [true, false],
    };
    const { group, frame } = clippedGroups(parseXml(lightCurvePlot({ points: [points], height: 200 })))[0]!;
    const head = [...walk(group)].find((n) => n.name === "path" && n.attributes.stroke === "none")!;
    const tip = Math.max(...coordinates(head).map(([, y]) => y));
    expect(tip).toBeLessThan(frame.y + frame.height);
  });

  it("say which model is nowhere above zero", () => {
    const svg = sedPlot({ curves: [{ label: "odd", energy, dnde: dnde.map((f) => -f) }] });
    expect(labelsOf(svg)).toContain("odd (not above 0)");
  });
});

describe("sizes", () => {
  it.each([
    ["88mm", 88, 66],
    ["180x90mm", 180, 90],
  ])("%s, with numbers of 8 pt", (size, width, height) => {
    const svg = sedPlot({ points: [crabPoints("HESS", 1, 15, 6, 4)], style: { size } });
    const root = parseXml(svg);
    expect(root.attributes.width).toBe(`${width}mm`);
    expect(root.attributes.height).toBe(`${height}mm`);
    const [, , units] = root.attributes.viewBox!.split(" ").map(Number);
    const number = texts(root).find((t) => t.text === "10")!;
    // 1 pt is 25.4 / 72 mm
    const pt = (Number(number.attributes["font-size"]) * (width / units!) * 72) / 25.4;
    expect(pt).toBeCloseTo(8, 3);
  });

  it("text of the size that is asked for, and all else in proportion", () => {
    const draw = (fontSize: string) =>
      parseXml(sedPlot({ points: [crabPoints("a", 1, 10, 3, 1)], style: { fontSize } }));
    const [small, large] = [draw("12px"), draw("18px")];
    expect(large.attributes.width).toBe(small.attributes.width);
    const units = (root: Node) => Number(root.attributes.viewBox!.split(" ")[2]);
    expect(units(small) / units(large)).toBeCloseTo(1.5, 3);
  });
});

describe("maps", () => {
  const [nx, ny] = [30, 20];
  const image = carImage(nx, ny, 0.1, 83.63, 22.01);
  const values = linGrid(0, 5, nx * ny);
  const panels = ["a", "b", "c"].map((title) => ({ title, values }));

  it.each([
    [500, 300],
    [340, 900],
    [1200, 300],
    [390, undefined],
  ])("are whole on %s x %s px", (width, height) => {
    const root = parseXml(mapPlot({ image, panels, width, ...(height && { height }) }));
    const [w, h] = [Number(root.attributes.width), Number(root.attributes.height)];
    expect(w).toBe(width);
    if (height !== undefined) expect(h).toBe(height);
    const images = clippedGroups(root).map(({ frame, group }) => {
      const shown = boxOf(group.children.find((n) => n.name === "image")!);
      expect(shown).toEqual(frame);
      return shown;
    });
    expect(images).toHaveLength(3);
    for (const { x, y, width: a, height: b } of images) {
      expect(a / b).toBeCloseTo(nx / ny, 1);
      expect(x).toBeGreaterThan(0);
      expect(x + a).toBeLessThan(w);
      expect(y + b).toBeLessThan(h - 20);
    }
  });

  it("refuse paper without room", () => {
    expect(() => mapPlot({ image, panels, width: 160, height: 160 })).toThrow(SpecError);
  });

  it.each([0.01, 0.02, 0.07, 0.5, 2])("have three numbers at each axis, pixels of %s deg", (pixel) => {
    const svg = mapPlot({ image: carImage(nx, ny, pixel, 120, 10), panels: panels.slice(0, 1), width: 360 });
    const labels = labelsOf(svg);
    expect(labels.filter((t) => /^\d[\d.]*°$/.test(t)).length).toBeGreaterThanOrEqual(3);
    expect(labels.filter((t) => /^[+−]?\d[\d.]*°$/.test(t) && !/^1\d\d/.test(t)).length).toBeGreaterThanOrEqual(3);
  });

  it("have residuals of smoothed counts against smoothed predictions (numpy)", () => {
    const { counts, expected, sigma, sqrtTs } = oracle.significance;
    const found = significanceImage(counts, expected, 12, 9, sigma);
    // the kernel is cut at 4 sigma, the oracle's is not: exp(-8) of a pixel here and there
    found.forEach((s, i) => void expect(Math.abs(s - sqrtTs[i]!)).toBeLessThan(0.01));
    // a pixel alone: 2 (m - n + n ln(n / m)) for n = 1, m = 0.04
    const one = significanceImage([1], [0.04], 1, 1, 0);
    expect(one[0]).toBeCloseTo(Math.sqrt(2 * (0.04 - 1 - Math.log(0.04))), 12);
    expect(significanceImage([1, Number.NaN], [1, 1], 2, 1, 1)[1]).toBeNaN();
  });

  it("say how they were smoothed, and what grey is", () => {
    const masked = values.map((v, i) => (i < nx ? Number.NaN : v));
    const svg = mapPlot({
      image,
      panels: [{ title: "Residuals", values: masked, expected: values.map(() => 2), smoothing: 0.2 }],
      noValue: "not in the fit",
    });
    expect(labelsOf(svg)).toEqual(
      expect.arrayContaining([
        "Residuals (Gaussian, σ = 0.2°)",
        "√TS (Cash), sign of counts − npred",
        "not in the fit",
      ]),
    );
    const plain = mapPlot({ image, panels: [{ title: "Residuals", values, smoothing: 0.2 }], style: { smoothing: 0 } });
    expect(labelsOf(plain)).toContain("Residuals");
  });
});

describe("contours", () => {
  it("are smooth through 20 points of an ellipse", () => {
    const turns = linGrid(0, 1.9 * Math.PI, 20);
    const [x, y] = [turns.map((t) => 3 + 1e-3 * Math.cos(t)), turns.map((t) => 5e-9 * Math.sin(t + 0.5))];
    const svg = contourPlot({
      xLabel: "x",
      yLabel: "y",
      contours: [{ label: "c", x, y }],
      xRange: [2.9985, 3.0015],
      yRange: [-6e-9, 6e-9],
    });
    const { group, frame } = clippedGroups(parseXml(svg))[0]!;
    const points = coordinates(group).map(([u, v]) => [
      (2.9985 + (0.003 * (u - frame.x)) / frame.width - 3) / 1e-3,
      (6e-9 - (12e-9 * (v - frame.y)) / frame.height) / 5e-9,
    ]);
    expect(points.length).toBeGreaterThan(150);
    for (const [a, b] of points) {
      // cos t = a, sin(t + 0.5) = b: a^2 + b^2 - 2 a b sin(0.5) = cos(0.5)^2. Chords of 20 points would be off by 1 - cos(pi / 20) = 0.012
      const radius = Math.sqrt(a! ** 2 + b! ** 2 - 2 * a! * b! * Math.sin(0.5)) / Math.cos(0.5);
      expect(Math.abs(radius - 1)).toBeLessThan(0.002);
    }
  });

  it("say what they hold: chi2 of two parameters", () => {
    expect([1, 4, 2.2957, 11.829].map(levelLabel)).toEqual([
      "−2 Δ ln L = 1 (39 %)",
      "−2 Δ ln L = 4 (86 %)",
      "−2 Δ ln L = 2.3 (68 %)",
      "−2 Δ ln L = 11.8 (99.73 %)",
    ]);
  });
});

describe("counts", () => {
  const energyEdges = logGrid(0.1, 100, 31);
  const npred = linGrid(30, 0.01, 30);

  it("draw no limit at each of many empty bins, and say so", () => {
    const counts = npred.map((n, i) => (i < 10 ? Math.round(n) : 0));
    const svg = countsPlot({ energyEdges, counts, npred });
    const { group } = clippedGroups(parseXml(svg))[0]!;
    const arrows = [...walk(group)].filter((n) => n.name === "path" && n.attributes.stroke === "none");
    expect(arrows).toHaveLength(0);
    expect(labelsOf(svg)).toContain("counts n (not drawn: 20 bins with 0)");
  });

  it("take ranges and the scale of residuals from bins in the fit", () => {
    const mask = Array.from(npred, (_, i) => i >= 15);
    const counts = npred.map((n, i) => (i === 13 ? 500 : Math.round(n)));
    const svg = countsPlot({ energyEdges, counts, npred, mask });
    const lower = clippedGroups(parseXml(svg))[1]!;
    expect(labelsOf(svg)).toEqual(expect.arrayContaining(["(n − μ) / √μ", "not in the fit", "−2"]));
    const grey = [...walk(lower.group)].filter((n) => n.attributes.fill === "#e4e4e4").map(boxOf);
    expect(grey.reduce((sum, r) => sum + r.width, 0)).toBeLessThan(0.2 * lower.frame.width);
  });
});

describe("histograms and profiles", () => {
  it("keep their shape where a mark is far off, and say its value", () => {
    const values = linGrid(1, 2, 200);
    const svg = histogramPlot({
      samples: [{ label: "toys", values }],
      marks: [{ label: "Observed", value: 40 }],
      xLabel: "limit",
    });
    expect(labelsOf(svg)).toContain("Observed: 40, outside");
    const { group, frame } = clippedGroups(parseXml(svg))[0]!;
    const xs = coordinates(group).map(([x]) => x);
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(0.9 * frame.width);
  });

  it.each([
    ["both", 2],
    ["upper", 1],
    ["lower", 1],
  ] as const)("draw %s ends of an interval", (side, n) => {
    const values = linGrid(-3, 3, 61);
    const levels = [{ value: 2.706, label: "95 %" }];
    const svg = scanPlot({
      xLabel: "x",
      bestFit: 0,
      side,
      levels,
      curves: [{ label: "c", values, stat: values.map((x) => x * x) }],
    });
    const drops = [...walk(clippedGroups(parseXml(svg))[0]!.group)].filter(
      (p) => p.attributes["stroke-dasharray"] === "1.5 2.5",
    );
    expect(drops).toHaveLength(n);
    const name = texts(parseXml(svg)).find((t) => t.text === "95 %")!;
    const curve = [...walk(clippedGroups(parseXml(svg))[0]!.group)].find(
      (p) => p.attributes["stroke-width"] === "1.8",
    )!;
    const [x, y] = [Number(name.attributes.x), Number(name.attributes.y)];
    const isUnder = ([u, v]: [number, number]) => u > x && u < x + 30 && v < y && v > y - 10;
    expect(coordinates(curve).some(isUnder)).toBe(false);
  });
});

describe("ratio", () => {
  it("divides points and models by the first model", () => {
    const energy = [1, 10, 100];
    const curve = (label: string, f: number) => ({ label, energy, dnde: energy.map((e) => f * e ** -2) });
    const points = [{ label: "p", energy: [3], dnde: [1.5e-11 / 9], errn: [1e-13], errp: [1e-13] }];
    const svg = sedPlot({ curves: [curve("one", 1e-11), curve("two", 8e-12)], points, ratio: true });
    const lower = clippedGroups(parseXml(svg))[1]!;
    const at = (value: number) => {
      // the range is 0.75 to 1.5 and the bar, with 6 % at both ends
      const [lo, hi] = [0.75, 1.5 + 9e-13 / 1e-11];
      const room = 0.06 * (hi - lo);
      return lower.frame.y + lower.frame.height * (1 - (value - lo + room) / (hi - lo + 2 * room));
    };
    const circle = [...walk(lower.group)].find((n) => n.name === "circle")!.attributes;
    expect(Number(circle.cy)).toBeCloseTo(at(1.5), 0);
    expect(labelsOf(svg).join(" ")).toMatch(/Data.*model/);
    expect(() => sedPlot({ points, ratio: true })).toThrow(/ratio divides by the first model/);
  });
});

describe("styles", () => {
  it("go before the options, and are checked", () => {
    const points = [crabPoints("HESS", 1, 15, 6, 4)];
    const svg = sedPlot({
      points,
      title: "mine",
      style: {
        title: "theirs",
        energyUnit: "GeV",
        names: { HESS: "H.E.S.S." },
        colors: ["#123456"],
        markers: ["square"],
        font: "Helvetica",
      },
    });
    expect(labelsOf(svg)).toEqual(expect.arrayContaining(["theirs", "Energy [GeV]", "H.E.S.S."]));
    expect(svg).toContain('font-family="Helvetica, DejaVu Sans');
    const { group } = clippedGroups(parseXml(svg))[0]!;
    expect([...walk(group)].filter((n) => n.name === "circle")).toHaveLength(0);
    expect(svg).toContain("#123456");
  });

  it.each([
    [{ fontsize: "8pt" }, /there is no key of a style "fontsize"; did you mean "fontSize"/],
    [{ size: "88" }, /size: found "88", expected a width/],
    [{ colors: ["red"] }, /colors: found \["red"\]/],
    [{ xRange: [2, 1] }, /xRange.*increasing/],
    [{ stretch: "cube" }, /stretch.*linear, sqrt, asinh, log/],
    [{ smoothing: -1 }, /smoothing.*0 or more/],
  ])("%j is refused", (style, message) => {
    expect(() => sedPlot({ style: style as object })).toThrow(message);
  });

  it("refuse paper that is too small for the text, in px", () => {
    expect(() => sedPlot({ style: { size: "20mm" } })).toThrow(/paper of 75.6 x 56.7 px/);
  });
});

describe("colours", () => {
  /** Machado, Oliveira & Fernandes 2009, IEEE TVCG 15, 1291, table 1, severity 1; on linear RGB. */
  const SIGHTS = {
    protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
    tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
  };
  const linear = (hex: string) =>
    [1, 3, 5].map((k) => {
      const v = Number.parseInt(hex.slice(k, k + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
  /** CIE 1976 L* a* b*, white of D65. */
  const lab = ([r, g, b]: number[]) => {
    const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.9505);
    const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
    const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };

  it.each(Object.entries(SIGHTS))("of the first four series differ for %s", (_, m) => {
    const seen = COLORS.slice(0, 4).map((hex) => {
      const rgb = linear(hex);
      return lab(
        [0, 1, 2].map((i) => Math.max(0, m[3 * i]! * rgb[0]! + m[3 * i + 1]! * rgb[1]! + m[3 * i + 2]! * rgb[2]!)),
      );
    });
    // a difference of 2.3 can just be told (Mahy et al. 1994); several times as much is wanted of thin lines
    for (const [i, a] of seen.entries()) {
      for (const b of seen.slice(i + 1)) expect(Math.hypot(...a.map((v, k) => v - b[k]!))).toBeGreaterThan(12);
    }
  });
});
