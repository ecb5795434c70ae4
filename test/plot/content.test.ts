import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import PDFDocument from "pdfkit";
import { describe, expect, it } from "vitest";
import { SpecError } from "../../src/errors.js";
import { randomStream } from "../../src/math/random.js";
import { DIVERGING, SEQUENTIAL } from "../../src/plot/colormap.js";
import { contourPlot, gridContour } from "../../src/plot/contour.js";
import { countsPlot, poissonInterval } from "../../src/plot/counts.js";
import { linePlot } from "../../src/plot/line.js";
import { mapPlot } from "../../src/plot/map.js";
import { encodePng } from "../../src/plot/png.js";
import { skyImageOf } from "../../src/plot/results.js";
import { scanPlot } from "../../src/plot/scan.js";
import { sedPlot } from "../../src/plot/sed.js";
import { onCircle } from "../../src/plot/skyoverlay.js";
import { num } from "../../src/plot/svg.js";
import { fitText, textWidth } from "../../src/plot/text.js";
import { wcsGeom } from "../../src/sky/geom.js";
import oracle from "../oracle/plot.json" with { type: "json" };
import { carImage, crabPoints, linGrid } from "./examples.js";
import { clippedGroups, decodePng, numbers, parseXml, texts, walk } from "./helpers.js";

const labelsOf = (svg: string) => texts(parseXml(svg)).map((t) => t.text);

describe("sedPlot", () => {
  const one = { label: "one", energy: [2], dnde: [3e-12] };

  it("puts a point where its E^2 dN/dE in erg cm-2 s-1 lies (astropy)", () => {
    const yRange = [1e-13, 1e-10] as const;
    const root = parseXml(sedPlot({ points: [one], xRange: [0.1, 100], yRange, legend: false }));
    const [{ frame, group }] = clippedGroups(root) as [ReturnType<typeof clippedGroups>[0]];
    const circle = [...walk(group)].find((n) => n.name === "circle")!.attributes;
    const x = frame.x + (frame.width * Math.log10(oracle.sed.energy / 0.1)) / 3;
    const y = frame.y + frame.height - (frame.height * Math.log10(oracle.sed.erg / 1e-13)) / 3;
    // coordinates are rounded to 0.01 px, and so is the frame
    expect(Number(circle.cx)).toBeCloseTo(x, 1);
    expect(Number(circle.cy)).toBeCloseTo(y, 1);
  });

  it.each([
    ["TeV", "0.1 1 10 100"],
    ["GeV", "102 103 104 105"],
    ["keV", "108 109 1010 1011"],
  ] as const)("names the decades of an axis in %s", (energyUnit, decades) => {
    const f = { TeV: 1, GeV: 1e3, keV: 1e9 }[energyUnit];
    const svg = sedPlot({ points: [one], energyUnit, xRange: [0.1 * f, 100 * f], yRange: [1e-13, 1e-10] });
    const labels = labelsOf(svg);
    expect(labels).toEqual(expect.arrayContaining(decades.split(" ")));
    expect(labels).toEqual(expect.arrayContaining(["10−13", "10−12", "10−11", "10−10", `Energy [${energyUnit}]`]));
    expect(labels).toContain("E2 dN/dE [erg cm−2 s−1]");
    expect(svg).toMatch(/>10<tspan dy="-[\d.]+" font-size="8.4">−11<\/tspan>/);
  });

  it.each([
    [0, undefined, "dN/dE [erg−1 cm−2 s−1]"],
    [1, "TeV cm-2 s-1", "E dN/dE [cm−2 s−1]"],
    [2.5, "GeV", "E2.5 dN/dE [GeV1.5 cm−2 s−1]"],
  ] as const)("names E^%s dN/dE", (energyPower, sedUnit, label) => {
    expect(labelsOf(sedPlot({ points: [one], energyPower, sedUnit }))).toContain(label);
  });

  it("draws a limit as an arrow, without a marker", () => {
    const svg = sedPlot({ points: [{ ...one, isUl: [true], ul: [4e-12] }], legend: false });
    const { group } = clippedGroups(parseXml(svg))[0]!;
    const names = [...walk(group)].map((n) => n.name);
    expect(names).not.toContain("circle");
    expect(names.filter((n) => n === "path" || n === "line")).toEqual(["line", "path"]);
  });

  it("cuts an error bar that reaches zero at the frame", () => {
    const svg = sedPlot({ points: [{ ...one, errn: [1e-11], errp: [1e-12] }], legend: false });
    const { frame, group } = clippedGroups(parseXml(svg))[0]!;
    const bar = [...walk(group)].find((n) => n.name === "line")!.attributes;
    expect(Math.max(Number(bar.y1), Number(bar.y2))).toBeCloseTo(frame.y + frame.height, 1);
  });

  it("puts the legend where nothing is hidden", () => {
    const svg = sedPlot({ points: [crabPoints("falling", 1, 100, 12, 2)] });
    const root = parseXml(svg);
    const box = [...walk(root)].find((n) => n.attributes.class === "legend")!.children[0]!.attributes;
    const circles = [...walk(clippedGroups(root)[0]!.group)].filter((n) => n.name === "circle");
    expect(circles).toHaveLength(12);
    for (const { attributes: c } of circles) {
      const inX = Number(c.cx) > Number(box.x) && Number(c.cx) < Number(box.x) + Number(box.width);
      expect(inX && Number(c.cy) > Number(box.y) && Number(c.cy) < Number(box.y) + Number(box.height)).toBe(false);
    }
  });
});

describe("mistakes are named", () => {
  const image = carImage(4, 3, 0.1, 0, 0);
  it.each([
    [
      () => sedPlot({ points: [{ label: "HAWC", energy: [1, 2], dnde: [1] }] }),
      /points "HAWC": dnde has 1 values and energy has 2/,
    ],
    [() => sedPlot({ curves: [{ label: "m", energy: [1], dnde: [1], lo: [] }] }), /curve "m": lo has 0 values/],
    [() => sedPlot({ energyUnit: "PeV" as "TeV" }), /energyUnit "PeV"; expected one of keV, MeV/],
    [() => sedPlot({ xRange: [0, 1] }), /xRange.*\[0, 1\].*above zero/],
    [() => sedPlot({ width: 3 }), /paper of 3 x 480/],
    [
      () => countsPlot({ energyEdges: [1, 2], counts: [1, 2] }),
      /counts has 2 values and energyEdges has 2; n values need n \+ 1 edges/,
    ],
    [
      () => mapPlot({ image, panels: [{ title: "counts", values: [1] }] }),
      /panel "counts" has 1 values; expected 3 rows x 4 columns/,
    ],
    [() => mapPlot({ image, panels: [] }), /no panels/],
    [() => scanPlot({ xLabel: "x", curves: [{ label: "c", values: [1], stat: [] }] }), /stat has 0 values/],
    [
      () => contourPlot({ xLabel: "x", yLabel: "y", surfaces: [{ label: "s", x: [1, 2], y: [1], stat: [1] }] }),
      /surface "s"/,
    ],
    [() => linePlot({ xLabel: "x", yLabel: "y", series: [{ label: "s", x: [1], y: [1, 2] }] }), /series "s": y has 2/],
  ])("%#", (draw, message) => {
    expect(draw).toThrow(SpecError);
    expect(draw).toThrow(message);
  });
});

describe("countsPlot", () => {
  it("has intervals as the exact ones of Garwood", () => {
    for (const [n, lo, hi] of oracle.poisson as [number, number, number][]) {
      const found = poissonInterval(n);
      // Gehrels 1986, table 3 and section 3: his equations hold to 1.5 % above and, from n = 2, to 2 % below (n = 1: 2.3 %)
      expect(Math.abs(found[1] / hi - 1)).toBeLessThan(0.015);
      expect(Math.abs(found[0] - lo)).toBeLessThanOrEqual(0.023 * lo);
    }
  });

  it("greys the bins that are not in the fit, one area for neighbours", () => {
    const svg = countsPlot({
      energyEdges: [1, 2, 3, 4, 5],
      counts: [1, 2, 3, 4],
      mask: [false, false, true, false],
      legend: false,
    });
    const grey = [...walk(clippedGroups(parseXml(svg))[0]!.group)].filter((n) => n.attributes.fill === "#e4e4e4");
    expect(grey).toHaveLength(2);
  });
});

describe("mapPlot", () => {
  const values = linGrid(0, 11, 12);
  const image = carImage(4, 3, 0.1, 359.9, 22);

  it("names the grid across the meridian of 0 degrees", () => {
    const labels = labelsOf(
      mapPlot({ image: carImage(60, 60, 0.1, 359.9, 0), panels: [{ title: "t", values: new Float64Array(3600) }] }),
    );
    expect(labels).toEqual(expect.arrayContaining(["0°", "358°", "2°", "+2°", "−2°"]));
    const hours = labelsOf(
      mapPlot({
        image: carImage(40, 40, 0.1, 83.63, 22),
        format: "hms",
        panels: [{ title: "t", values: new Float64Array(1600) }],
      }),
    );
    expect(hours).toEqual(expect.arrayContaining(["5h35m", "+22°"]));
  });

  it("names each line of the grid of a turned map, at the edge or on the line", () => {
    const center = { lon: 83.63, lat: 22.01, frame: "icrs" } as const;
    const { wcs } = wcsGeom({ center, binsz: 0.1, npix: [21, 17], proj: "TAN", rotation: -37 });
    const labels = labelsOf(
      mapPlot({ image: skyImageOf(wcs, 21, 17), panels: [{ title: "t", values: new Float64Array(357) }] }),
    );
    const expected = ["82.5°", "83.0°", "83.5°", "84.0°", "84.5°", "+21.0°", "+21.5°", "+22.0°", "+22.5°", "+23.0°"];
    expect(labels).toEqual(expect.arrayContaining(expected));
  });

  it("embeds the image with the first row at the bottom", () => {
    const svg = mapPlot({ image, panels: [{ title: "t", values }] });
    const [node] = [...walk(parseXml(svg))].filter((n) => n.name === "image");
    const png = decodePng(Buffer.from(node!.attributes.href!.split(",")[1]!, "base64"));
    expect(png.width % 4).toBe(0);
    expect(png.at(0, png.height - 1)).toEqual([...SEQUENTIAL.subarray(0, 3)]);
    expect(png.at(png.width - 1, 0)).toEqual([...SEQUENTIAL.subarray(765)]);
  });

  it("has circles as astropy has", () => {
    for (const [lon, lat, radius, angle, x, y] of oracle.circle as [number, number, number, number, number, number][]) {
      const p = onCircle(lon, lat, radius, angle);
      expect(p[0]).toBeCloseTo(x, 8);
      expect(p[1]).toBeCloseTo(y, 8);
    }
  });
});

describe("gridContour", () => {
  const axis = linGrid(-3, 3, 61);
  const paraboloid = Array.from(
    { length: 61 * 61 },
    (_, k) => 2.3 - axis[k % 61]! ** 2 - axis[Math.floor(k / 61)]! ** 2,
  );

  it("finds the circle where a paraboloid passes a level", () => {
    const [ring] = gridContour(axis, axis, paraboloid, 0);
    // straight lines between grid points: off by at most h^2 f'' / 8 / f' = 0.01 * 2 / 8 / 3
    ring!.x.forEach((x, i) => void expect(Math.abs(Math.hypot(x, ring!.y[i]!) - Math.sqrt(2.3))).toBeLessThan(0.001));
  });

  it("cuts lines where the grid ends, and areas at its edge", () => {
    const half = axis.slice(30);
    const values = paraboloid.filter((_, k) => k % 61 >= 30);
    const [line] = gridContour(half, axis, values, 0);
    expect(line!.x.some(Number.isNaN)).toBe(true);
    expect(Math.min(...line!.x.filter(Number.isFinite))).toBeGreaterThanOrEqual(0);
    const [ring] = gridContour(half, axis, values, 0, "edge");
    expect(Math.min(...ring!.x)).toBe(0);
  });
});

describe("pieces", () => {
  it("numbers are those of the language, rounded to hundredths", () => {
    const random = randomStream(5);
    const edges = [0, -0, -0.001, 0.005, -0.005, -1.5, 9.999, 1e7, -12345678.905, 99999.995];
    const values = Array.from({ length: 20000 }, () => random.normal() * 10 ** (6 * random.uniform() - 2));
    for (const x of [...edges, ...values]) expect(num(x)).toBe(String(Math.round(x * 100) / 100 || 0));
  });

  it("text widths are those of the font", () => {
    const file = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
    expect(existsSync(file)).toBe(true);
    const pdf = new PDFDocument().font(file).fontSize(20);
    for (const c of "Energy [TeV] 0123456789 −+±×·√≤≥≈∞αβγδσΓΔΣμ°′″–—…⊙→éöÅ@#%&<>") {
      expect(textWidth(c, 20), c).toBeCloseTo(pdf.widthOfString(c), 6);
    }
    expect(textWidth("10^{−11}", 20)).toBeCloseTo(textWidth("10", 20) + 0.7 * textWidth("−11", 20), 9);
  });

  it("long texts are made smaller, then cut", () => {
    expect(fitText("short", 12, 100)).toEqual({ markup: "short", size: 12 });
    const cut = fitText("a very long name of a model^{2}", 12, 60);
    expect(textWidth(cut.markup, cut.size)).toBeLessThanOrEqual(60.001);
    expect(cut.markup).toMatch(/…$/);
  });

  it("PNGs hold their pixels, with runs, repeated rows and noise", () => {
    const random = numbers(3);
    for (const [width, height, colors] of [
      [1, 1, 1],
      [700, 9, 2],
      [40, 300, 256],
      [3, 5, 7],
    ] as const) {
      const indices = Uint8Array.from({ length: width * height }, () => Math.floor(random() * colors));
      const palette = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
      const png = decodePng(encodePng(width, height, indices, palette));
      for (let k = 0; k < indices.length; k++) {
        if (png.at(k % width, Math.floor(k / width))[0] !== indices[k])
          throw new Error(`pixel ${k} of ${width} x ${height}`);
      }
      const flat = decodePng(encodePng(width, height, new Uint8Array(width * height).fill(9), palette));
      expect(flat.at(width - 1, height - 1)).toEqual([9, 9, 9]);
    }
  });

  it("colours rise evenly in lightness (CIE L*)", () => {
    const lightness = (table: Uint8Array, i: number) => {
      const [r, g, b] = [0, 1, 2].map((k) => {
        const v = table[3 * i + k]! / 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      });
      const y = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
    };
    const steps = Array.from(
      { length: 16 },
      (_, i) => lightness(SEQUENTIAL, 15 * (i + 1)) - lightness(SEQUENTIAL, 15 * i),
    );
    // 5.3 on average; colours are rounded to bytes and Oklab differs somewhat from L*
    for (const step of steps) expect(step).toBeGreaterThan(3.5);
    for (const step of steps) expect(step).toBeLessThan(7.5);
    expect(lightness(DIVERGING, 127)).toBeGreaterThan(95);
    for (let i = 8; i < 120; i += 8) {
      expect(lightness(DIVERGING, i)).toBeGreaterThan(lightness(DIVERGING, i - 8));
      expect(lightness(DIVERGING, 255 - i)).toBeGreaterThan(lightness(DIVERGING, 255 - i + 8));
    }
  });
});
