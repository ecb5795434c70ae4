import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contourPlot } from "../../src/plot/contour.js";
import { histogramPlot } from "../../src/plot/histogram.js";
import { scanPlot } from "../../src/plot/scan.js";
import { sedPlot } from "../../src/plot/sed.js";
import { textWidth } from "../../src/plot/text.js";
import { examples } from "./examples.js";
import { clippedGroups, coordinates, type Node, parseXml, texts } from "./helpers.js";

/** Markers may reach over the frame by their own size, and are cut there. */
const MARKER = 8;

function check(svg: string): Node {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|[\s",]-?[\d.]+e[+-]\d/);
  const root = parseXml(svg);
  const [width, height] = [Number(root.attributes.width), Number(root.attributes.height)];
  for (const { frame, group } of clippedGroups(root)) {
    for (const [x, y] of coordinates(group)) {
      expect(x).toBeGreaterThanOrEqual(frame.x - MARKER);
      expect(x).toBeLessThanOrEqual(frame.x + frame.width + MARKER);
      expect(y).toBeGreaterThanOrEqual(frame.y - MARKER);
      expect(y).toBeLessThanOrEqual(frame.y + frame.height + MARKER);
    }
  }
  for (const [x, y] of coordinates(root)) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(-0.01);
    expect(x).toBeLessThanOrEqual(width + 0.01);
    expect(y).toBeLessThanOrEqual(height + 0.01);
  }
  return root;
}

interface TextBox {
  left: number;
  right: number;
  top: number;
  bottom: number;
  text: string;
}

/** Boxes of texts; superscripts are taken at full size, which is larger than they are. */
function boxes(root: Node): TextBox[] {
  return texts(root)
    .filter((t) => t.text !== "" && t.attributes.stroke === undefined)
    .map(({ attributes: a, text, children }) => {
      const size = Number(a["font-size"]);
      const scripts = children.filter((c) => c.attributes["font-size"] !== undefined).map((c) => c.text);
      const width = textWidth(text, size) - 0.3 * scripts.reduce((sum, s) => sum + textWidth(s, size), 0);
      const start = a["text-anchor"] === "middle" ? -width / 2 : a["text-anchor"] === "end" ? -width : 0;
      const [x, y] = [Number(a.x), Number(a.y)];
      return a.transform === undefined
        ? { left: x + start, right: x + start + width, top: y - 0.8 * size, bottom: y + 0.1 * size, text }
        : { left: x - 0.8 * size, right: x + 0.1 * size, top: y + start, bottom: y + start + width, text };
    });
}

describe.each(Object.entries(examples))("%s", (_, draw) => {
  it("is well-formed and stays within its frames and the paper", () => {
    check(draw());
  });

  it("keeps its texts on the paper and apart", () => {
    const root = parseXml(draw());
    const all = boxes(root);
    for (const b of all) {
      expect(b.left, b.text).toBeGreaterThan(-1);
      expect(b.top, b.text).toBeGreaterThan(-1);
      expect(b.right, b.text).toBeLessThan(Number(root.attributes.width) + 1);
      expect(b.bottom, b.text).toBeLessThan(Number(root.attributes.height) + 1);
    }
    for (const [i, a] of all.entries()) {
      for (const b of all.slice(i + 1)) {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart, `"${a.text}" lies on "${b.text}"`).toBe(true);
      }
    }
  });

  it("is the same every time", () => {
    expect(draw()).toBe(draw());
  });
});

describe("any flux points", () => {
  const value = fc.oneof(
    fc.double({ min: 1e-16, max: 1e-8 }),
    fc.constantFrom(0, -1e-12, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-300),
  );
  const point = fc.record({
    energy: fc.oneof(fc.double({ min: 1e-3, max: 1e3 }), fc.constantFrom(Number.NaN, 0)),
    dnde: value,
    err: value,
    isUl: fc.boolean(),
    ul: value,
  });
  it("give a picture that stays within its frame", () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 8 }), (rows) => {
        const dnde = rows.map((r) => r.dnde);
        const err = rows.map((r) => r.err);
        const energy = rows.map((r) => r.energy);
        const set = {
          label: "any",
          energy,
          dnde,
          errn: err,
          errp: err,
          isUl: rows.map((r) => r.isUl),
          ul: rows.map((r) => r.ul),
        };
        check(sedPlot({ points: [set], curves: [{ label: "line", energy, dnde, lo: err, hi: dnde }] }));
      }),
      { numRuns: 100, seed: 5 },
    );
  });
});

describe("the power of ten that is taken out of the numbers of an axis", () => {
  const values = Float64Array.of(1e-14, 2e-14, 4e-14);
  const rise = Float64Array.of(1, 0, 1);
  const xLabel = "amplitude [cm^{-2} s^{-1} TeV^{-1}]";
  const contour = { label: "39 %", x: values, y: rise };
  it.each([
    ["a histogram", () => histogramPlot({ samples: [{ label: "toys", values }], xLabel })],
    [
      "a histogram of a long name",
      () =>
        histogramPlot({ samples: [{ label: "toys", values }], xLabel: `${"a long name of the ".repeat(4)}${xLabel}` }),
    ],
    ["a profile", () => scanPlot({ curves: [{ label: "stat", values, stat: rise }], xLabel })],
    ["a contour", () => contourPlot({ contours: [contour], xLabel, yLabel: "index" })],
  ])("stands in the label below %s", (_, draw) => {
    const shown = texts(parseXml(draw())).map(({ text }) => text);
    expect(shown.some((text) => text.includes("[10−14 cm-2 s-1 TeV-1]"))).toBe(true);
  });
});
