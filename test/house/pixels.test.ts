import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Columns times rows, in whatever words. */
const PRODUCT =
  /(?<![\w.])(?:[\w!?.]*\.)?(nx|width|npix\[0\])!? \* (?:[\w!?.]*\.)?(ny|height|npix\[1\])(?!\w)|(?<![\w.])(?:[\w!?.]*\.)?(ny|height|npix\[1\])!? \* (?:[\w!?.]*\.)?(nx|width|npix\[0\])(?!\w)/;

/** Where pixels are rows and columns. */
const ALLOWED: Readonly<Record<string, string>> = {
  "irf/psf-kernel.ts": "images of a psf on pixels",
  "math/convolution.ts": "transforms of images",
  "fold/template.ts": "windows of images",
  "fold/placed.ts": "windows of images",
  "fold/energy-shape.ts": "windows of images",
  "fold/extended/mixed.ts": "windows of images",
  "fold/extended/second-derivatives.ts": "windows of images",
  "fold/extended/totals.ts": "windows of images",
  "fold/healpix/blurred.ts": "windows of images",
  "fold/fixed.ts": "windows of images",
  "fold/masked-exposure.ts": "windows of images",
  "fold/shape-images.ts": "windows of images",
  "models/spatial/template-grid.ts": "interpolation between pixels of an image",
  "reduce/pixel-kernel.ts": "sums along the rows of an image",
  "plot/map.ts": "pictures",
  "plot/legend.ts": "area of a box in a picture",
  "node/picture.ts": "size of a picture",
};

const products = (text: string) =>
  text.split("\n").filter((line) => !/^\s*(\/\*|\*|\/\/)/.test(line) && PRODUCT.test(line));

describe("pixels", () => {
  it("finds products of columns and rows", () => {
    for (const line of [
      "const n = nx * ny;",
      "const n = geom.npix[0] * geom.npix[1];",
      "a[k * width * height + i]",
      "new Float64Array(window.ny * window.nx)",
      "counts!.npix[1]! * npix[0]!",
    ]) {
      expect(products(line)).toEqual([line]);
    }
    expect(products("/** [nx * ny] */\nconst area = nPix(geom) * box.x; linewidth * heights")).toEqual([]);
  });

  it("are counted by nPix, but where they form an image", () => {
    const found = readdirSync("src", { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter((name) => name.endsWith(".ts") && !name.startsWith("sky/"))
      .filter((name) => products(readFileSync(`src/${name}`, "utf8")).length > 0);
    expect(found.sort()).toEqual(Object.keys(ALLOWED).sort());
  });
});
