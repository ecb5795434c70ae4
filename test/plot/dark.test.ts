/** `dark` of a style: every letter, line and marker can be seen on the dark paper. */
import { describe, expect, it } from "vitest";
import { histogramPlot } from "../../src/plot/histogram.js";
import { mapPlot } from "../../src/plot/map.js";
import { sedPlot } from "../../src/plot/sed.js";
import { carImage, crab, crabPoints, logGrid } from "./examples.js";
import { parseXml, walk } from "./helpers.js";

/** Relative luminance and contrast as WCAG 2.2 has them. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a: string, b: string) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

function attributes(svg: string, names: readonly string[], tag?: string) {
  const found: string[] = [];
  for (const node of walk(parseXml(svg))) {
    if (tag !== undefined && node.name !== tag) continue;
    for (const name of names) if (/^#\w{6}$/.test(node.attributes[name] ?? "")) found.push(node.attributes[name]!);
  }
  return found;
}

describe("dark pictures", () => {
  const energy = logGrid(0.01, 120, 30);
  const dnde = energy.map(crab);
  const curve = { label: "log parabola", energy, dnde, lo: dnde.map((f) => 0.9 * f), hi: dnde.map((f) => 1.1 * f) };
  const sed = { curves: [curve], points: [crabPoints("HESS", 1, 15, 6, 4)] };
  const dark = sedPlot({ ...sed, style: { dark: true } });
  const paper = "#16191c";

  it("have dark paper and letters that stand out, 4.5 to 1", () => {
    expect(attributes(dark, ["fill"], "rect")[0]).toBe(paper);
    for (const color of attributes(dark, ["fill"], "text")) expect(contrast(color, paper)).toBeGreaterThan(4.5);
  });

  it("have lines and markers that can be seen, 3 to 1", () => {
    for (const tag of ["path", "circle", "line", "g"]) {
      for (const color of attributes(dark, ["stroke"], tag)) {
        if (color !== paper) expect(contrast(color, paper), color).toBeGreaterThan(3);
      }
    }
  });

  it("differ from light ones in colours alone", () => {
    const shape = (svg: string) => svg.replaceAll(/#[0-9a-f]{6}/g, "#").replaceAll(/clip-\w+-/g, "clip-");
    expect(shape(dark)).toBe(shape(sedPlot(sed)));
    expect(sedPlot({ ...sed, style: { dark: false } })).toBe(sedPlot(sed));
  });

  it("leave maps and what is written on them as they are", () => {
    const panels = [{ title: "counts", values: Float64Array.from({ length: 400 }, (_, i) => i) }];
    const spec = { image: carImage(20, 20, 0.1, 83, 22), panels };
    const of = (svg: string) => [.../(?<=href=")[^"]+/.exec(svg)!, ...svg.match(/="#\w{3}"/g)!];
    expect(of(mapPlot({ ...spec, style: { dark: true } }))).toEqual(of(mapPlot(spec)));
  });

  it("are there for histograms too", () => {
    const samples = [{ label: "toys", values: Float64Array.from({ length: 50 }, (_, i) => i % 7) }];
    expect(histogramPlot({ samples, xLabel: "x", style: { dark: true } })).toContain(paper);
  });
});
