/** Images by parameters, and the same flux in each pixel, against Gammapy 2.1 (test/oracle/spatial_templates.py). */
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { npredSignal } from "../../src/api/datasets.js";
import { compileJoint } from "../../src/api/fit.js";
import { readModelsWithFiles } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import { memoryFiles } from "../../src/io/files.js";
import { standardRegistry } from "../../src/io/registry.js";
import { encodeAnalysis } from "../../src/io/yaml/analysis.js";
import { gradientByDifferences, hessianByDifferences } from "../../src/math/differences.js";
import { skyModel } from "../../src/models/create.js";
import { declarationOf } from "../../src/models/lookup.js";
import type { SkyModel } from "../../src/models/types.js";
import { byGammapysRule } from "../datasets/gammapys-rule.js";
import { storedDataset } from "../datasets/stored.js";
import oracle from "../oracle/spatial_templates.json" with { type: "json" };

const files = memoryFiles(
  Object.fromEntries(
    Object.entries(oracle.files).map(([name, data]) => [
      `d/${name}`,
      new Uint8Array(gunzipSync(Buffer.from(data, "base64"))),
    ]),
  ),
);
const cube = storedDataset("cube");
type Case = (typeof oracle.cases)[number];
const modelsOf = async ({ yaml }: Case) => (await readModelsWithFiles(yaml, "d/models.yaml", files)).models;
const shapeOf = async (c: Case) => ((await modelsOf(c)).components as SkyModel[])[0]!.spatial!;
const templates = oracle.cases.filter(({ points }) => points !== undefined);
const named = (cases: readonly Case[]) => cases.map((c) => [c.name, c] as const);

describe.each(named(templates))("%s", (_, c) => {
  it("has the parameters and the brightness that it has in Gammapy", async () => {
    const f = declarationOf(await shapeOf(c), "spatial", standardRegistry);
    const declared = Object.entries(f.parameters).map(([name, { unit, min, max }]) => [name, unit, min, max]);
    declared.forEach((found, i) => {
      const [name, unit, min, max] = c.limits![i] as [string, string, number, number];
      expect(found.slice(0, 2)).toEqual([name, unit]);
      expect([found[2], found[3]].map((x) => Number((x as number).toPrecision(12)))).toEqual(
        [min, max].map((x) => Number(x.toPrecision(12))),
      );
    });
    for (const { values, brightness } of c.points!) {
      const p = Float64Array.from(Object.keys(f.parameters), (name) => (values as Record<string, number>)[name]!);
      brightness.forEach((row, k) => {
        oracle.coords.forEach(([lon, lat], i) => {
          const found = f.evaluate(lon!, lat!, p, oracle.energies[k]);
          expect(Math.abs(found - row[i]!), `${lon}, ${lat}, ${p}`).toBeLessThanOrEqual(1e-10 * row[i]!);
        });
      });
    }
  });

  it("has exact derivatives", async () => {
    const f = declarationOf(await shapeOf(c), "spatial", standardRegistry);
    const n = Object.keys(f.parameters).length;
    const p = Float64Array.of(0.27, 0.6).slice(0, n);
    const steps = Float64Array.of(0.03, 0.2).slice(0, n);
    const [lon, lat, e] = [oracle.coords[1]![0]!, oracle.coords[1]![1]!, 2.7];
    const [g, h, gd, hd] = [n, n * n, n, n * n].map((size) => new Float64Array(size)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const value = f.derivatives!(lon, lat, p, g, h, e);
    expect(value).toBe(f.evaluate(lon, lat, p, e));
    const along = (q: Float64Array) => f.evaluate(lon, lat, q, e);
    gradientByDifferences(along, p, steps, gd);
    hessianByDifferences(along, p, steps, hd);
    for (let i = 0; i < n; i++) expect(Math.abs(g[i]! / gd[i]! - 1)).toBeLessThan(1e-7);
    for (let i = 0; i < n * n; i++) expect(Math.abs(h[i]! - hd[i]!)).toBeLessThan(1e-5 * Math.max(...hd.map(Math.abs)));
  });

  it("is written beside the models", async () => {
    const models = await modelsOf(c);
    const written = encodeAnalysis({ datasets: [], models }, { prefix: "x", registry: standardRegistry });
    const text = new TextDecoder().decode(written.get("x_models.yaml"));
    const again = (await readModelsWithFiles(text, "x_models.yaml", memoryFiles(Object.fromEntries(written)))).models;
    const [before, after] = [models, again].map((m) => (m.components as SkyModel[])[0]!.spatial!);
    expect(after!.parameters).toEqual(before!.parameters);
    const [f, q] = [before!, after!].map((s) => declarationOf(s, "spatial", standardRegistry));
    const p = Float64Array.from(before!.parameters, ({ value }) => value);
    for (const [lon, lat] of oracle.coords) {
      const expected = f!.evaluate(lon!, lat!, p, 1);
      expect(Math.abs(q!.evaluate(lon!, lat!, p, 1) - expected)).toBeLessThanOrEqual(1e-11 * expected);
    }
  });

  it("has a likelihood with exact slopes where its parameters are free", async () => {
    const models = await modelsOf(c);
    const { objective, start } = compileJoint([cube], models);
    const g = new Float64Array(start.length);
    const gd = new Float64Array(start.length);
    objective.gradient(start, g);
    const steps = start.map((x) => 0.05 * Math.abs(x));
    gradientByDifferences((x) => objective.value(x), start, steps, gd);
    g.forEach((x, i) => {
      expect(Math.abs(x / gd[i]! - 1), `${i}: ${x} ${gd[i]}`).toBeLessThan(1e-5);
    });
  });
});

describe.each(named(oracle.cases))("%s", (_, c) => {
  it("predicts the counts that it does in Gammapy", async () => {
    const { data } = npredSignal(cube, await modelsOf(c), byGammapysRule());
    const n = data.length / c.sums.length;
    // the kernels and the convolution of the reference are float32, as in test/datasets/oracle.ts
    const noise = 2e-7 * c.peak;
    c.sums.forEach((expected, r) => {
      const sum = data.subarray(r * n, (r + 1) * n).reduce((s, x) => s + x, 0);
      expect(Math.abs(sum - expected), `energy bin ${r}: ${sum}`).toBeLessThan(5e-7 * expected + noise);
    });
    for (const [k, expected] of c.probes as [number, number][]) {
      expect(Math.abs(data[k]! - expected), `bin ${k}: ${data[k]}`).toBeLessThan(5e-7 * expected + noise);
    }
  });
});

it("the same flux in each pixel is all that a spectrum of a region sees", () => {
  const spectrum = storedDataset("spectrum");
  const spectral = createSubmodel("pl");
  const spatial = createSubmodel("const-flux", {}, { kind: "spatial" });
  const [all, flux] = [{ spectral }, { spectral, spatial }].map(
    (parts) => npredSignal(spectrum, { components: [skyModel({ name: "a", ...parts })] }).data,
  );
  expect([...flux!]).toEqual([...all!]);
});
