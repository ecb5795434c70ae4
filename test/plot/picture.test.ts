import { describe, expect, it } from "vitest";
import { SpecError } from "../../src/errors.js";
import { svgToPdf, svgToPng } from "../../src/node/picture.js";
import { SEQUENTIAL } from "../../src/plot/colormap.js";
import { mapPlot } from "../../src/plot/map.js";
import { sedPlot } from "../../src/plot/sed.js";
import { carImage, examples } from "./examples.js";
import { clippedGroups, decodePng, parseXml, walk } from "./helpers.js";

describe.each(Object.entries(examples))("%s", (_, draw) => {
  it("becomes a PNG of its size with something on it", async () => {
    const svg = draw();
    const root = parseXml(svg);
    const png = decodePng(await svgToPng(svg, { scale: 1 }));
    expect(png.width).toBe(Number(root.attributes.width));
    expect(png.height).toBe(Number(root.attributes.height));
    expect(png.at(1, 1)).toEqual([255, 255, 255]);
    let dark = 0;
    for (let y = 0; y < png.height; y++) for (let x = 0; x < png.width; x++) if (png.at(x, y)[1] < 100) dark++;
    expect(dark).toBeGreaterThan(500);
  });

  it("becomes a PDF of one page, the same every time", async () => {
    const [a, b] = await Promise.all([svgToPdf(draw()), svgToPdf(draw())]);
    const text = Buffer.from(a).toString("latin1");
    expect(text.startsWith("%PDF-1.")).toBe(true);
    expect(text.trimEnd().endsWith("%%EOF")).toBe(true);
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(Buffer.compare(a, b)).toBe(0);
  });
});

describe("pixels", () => {
  it("show the marker, the band and the paper where they belong", async () => {
    const energy = [0.1, 100];
    const flat = (f: number) => energy.map((e) => f / (e * e));
    const svg = sedPlot({
      points: [{ label: "p", energy: [1], dnde: [3e-11] }],
      curves: [{ label: "c", energy, dnde: flat(1e-12), lo: flat(3e-13), hi: flat(3e-12) }],
      sedUnit: "TeV",
      xRange: [0.1, 100],
      yRange: [1e-14, 1e-10],
      legend: false,
    });
    const { frame, group } = clippedGroups(parseXml(svg))[0]!;
    const png = decodePng(await svgToPng(svg, { scale: 2 }));
    const at = (x: number, y: number) => png.at(Math.round(2 * x), Math.round(2 * y));
    const circle = [...walk(group)].find((n) => n.name === "circle")!.attributes;
    expect(at(Number(circle.cx), Number(circle.cy))).toEqual([0x00, 0x72, 0xb2]);
    const middle = frame.x + frame.width / 2;
    const decade = frame.height / 4;
    const bottom = frame.y + frame.height;
    expect(at(middle, bottom - 2 * decade).every((v) => v < 40)).toBe(true);
    // #444444 with opacity 0.25 on white, a rounding step aside
    for (const v of at(middle, bottom - 1.7 * decade)) expect(Math.abs(v - 208)).toBeLessThanOrEqual(1);
    expect(at(middle, bottom - 0.7 * decade)).toEqual([255, 255, 255]);
  });

  it("show the pixels of a map", async () => {
    const image = carImage(2, 2, 1, 10, 0);
    const svg = mapPlot({ image, grid: false, panels: [{ title: "t", values: [0, 1, Number.NaN, 0] }] });
    const { frame } = clippedGroups(parseXml(svg))[0]!;
    const png = decodePng(await svgToPng(svg, { scale: 1 }));
    const at = (u: number, v: number) =>
      png.at(Math.round(frame.x + u * frame.width), Math.round(frame.y + v * frame.height));
    expect(at(0.25, 0.75)).toEqual([...SEQUENTIAL.subarray(0, 3)]);
    expect(at(0.75, 0.75)).toEqual([...SEQUENTIAL.subarray(765)]);
    expect(at(0.25, 0.25)).toEqual([0xd4, 0xd4, 0xd4]);
  });

  it("need an SVG and a sensible scale", async () => {
    await expect(svgToPng("<p>no picture</p>")).rejects.toThrow(SpecError);
    await expect(svgToPdf("")).rejects.toThrow(/no <svg> element/);
    await expect(svgToPng(sedPlot({}), { scale: 0 })).rejects.toThrow(/scale 0/);
  });
});
