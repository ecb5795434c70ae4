import { expect } from "vitest";
import { compileDataset, infoTable, npred, npredSignal } from "../../src/api/datasets.js";
import { readModels } from "../../src/api/io.js";
import { sliceByEnergy } from "../../src/datasets/slice.js";
import { stackReduce } from "../../src/datasets/stack.js";
import type { BinnedDataset, MapDataset, OnOffDataset } from "../../src/datasets/types.js";
import { readMapDataset } from "../../src/io/map-dataset.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { gammapySampling } from "../../src/models/spatial/gammapy-sampling.js";
import type { Models } from "../../src/models/types.js";
import { byGammapysRule } from "./gammapys-rule.js";

/** The output of test/oracle/datasets.py. */
export interface Expected {
  readonly cases: readonly ExpectedCase[];
  readonly stacks: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly slices: readonly { dataset: string; edges: number[]; npred: number[]; stat: number }[];
  readonly info: Readonly<
    Record<string, { readonly models: string } & Readonly<Record<string, number | null | string>>>
  >;
}

export interface ExpectedCase {
  readonly name: string;
  readonly dataset: string;
  readonly models: string;
  /** By energy bin: all counts, those of the sources. */
  readonly sums: readonly number[];
  readonly signal: readonly number[];
  readonly peak: number;
  readonly stat: number;
  readonly probes?: readonly (readonly [number, number])[];
  readonly npred?: readonly number[];
}

/** Bytes of the file of that name. */
export type Files = (stem: string) => Promise<Uint8Array>;

export async function open(files: Files, stem: string, name = stem): Promise<BinnedDataset> {
  return readMapDataset(await files(stem), { where: `${stem}.fits`, name });
}

export function modelsOf(text: string): Models {
  return readModels(text).models;
}

/** Relative difference allowed to sums and statistics: the float32 kernels and convolution of Gammapy (section 0 of the numerics: 5e-7 in sums). */
const SUM = 5e-7;

export function near(actual: number, expected: number, relative: number, absolute: number, what: string): void {
  const difference = Math.abs(actual - expected);
  if (difference <= relative * Math.abs(expected) + absolute) return;
  expect.fail(
    `${what}: ${actual}, expected ${expected} (difference ${difference}, relative ${difference / Math.abs(expected)})`,
  );
}

export function sumsByEnergy(data: Float64Array, n: number): number[] {
  const size = data.length / n;
  return Array.from({ length: n }, (_, r) => data.subarray(r * size, (r + 1) * size).reduce((s, x) => s + x, 0));
}

/** Extended sources on pixels as the oracles have them; test/datasets/pixel-integrals.test.ts holds ours against others. */
export const asGammapy = { registry: extendRegistry(standardRegistry, gammapySampling) };

export function statOf(dataset: BinnedDataset, models: Models): number {
  return compileDataset(dataset, models, { ...asGammapy, free: () => false, ...byGammapysRule() }).term.value(
    new Float64Array(0),
  );
}

export function checkCase(dataset: BinnedDataset, c: ExpectedCase): void {
  const models = modelsOf(c.models);
  const total = npred(dataset, models, { ...asGammapy, ...byGammapysRule() }).data;
  const signal = npredSignal(dataset, models, { ...asGammapy, ...byGammapysRule() }).data;
  // 2e-7 of the brightest bin is the noise of a float32 FFT
  const noise = 2e-7 * c.peak;
  const n = c.sums.length;
  sumsByEnergy(total, n).forEach((x, r) => {
    near(x, c.sums[r]!, SUM, noise, `npred in energy bin ${r}`);
  });
  sumsByEnergy(signal, n).forEach((x, r) => {
    near(x, c.signal[r]!, SUM, noise, `signal in energy bin ${r}`);
  });
  for (const [k, value] of c.probes ?? []) near(total[k]!, value, SUM, noise, `npred in bin ${k}`);
  c.npred?.forEach((value, k) => {
    near(total[k]!, value, SUM, noise, `npred in bin ${k}`);
  });
  near(statOf(dataset, models), c.stat, SUM, 2e-5, "statistic");
}

export function checkSlice(dataset: BinnedDataset, models: Models, expected: Expected["slices"][number]): void {
  const part = sliceByEnergy(dataset, 1.7, 6)!;
  part.counts!.geom.axes[0]!.nodes.forEach((x, i) => {
    near(x, expected.edges[i]!, 1e-11, 0, `edge ${i}`);
  });
  sumsByEnergy(npred(part, models, byGammapysRule()).data, expected.npred.length).forEach((x, r) => {
    near(x, expected.npred[r]!, SUM, 1e-6, `npred in energy bin ${r}`);
  });
  near(statOf(part, models), expected.stat, SUM, 2e-5, "statistic");
}

export function checkInfo(dataset: BinnedDataset, expected: Expected["info"][string]): void {
  const info = infoTable([dataset], modelsOf(expected.models), byGammapysRule())[0] as unknown as Record<
    string,
    number
  >;
  for (const [key, value] of Object.entries(expected)) {
    if (key === "models") continue;
    if (value === null) expect(info[key], key).toBeNaN();
    else near(info[key]!, value as number, SUM, 2e-5, key);
  }
}

/** Sum, and sum with weights 2, 3, ... 7, 1, 2, ... of each map. */
export function checkStack(
  datasets: readonly BinnedDataset[],
  expected: Readonly<Record<string, readonly number[]>>,
): void {
  const stacked = stackReduce(datasets as readonly (MapDataset | OnOffDataset)[], { name: "stacked" });
  const parts: Record<string, ArrayLike<number> | undefined> = {
    ...Object.fromEntries(
      Object.entries(stacked).map(([key, value]) => [key, (value as { data?: Float64Array } | undefined)?.data]),
    ),
    psf: stacked.psf?.map.data,
    psfExposure: stacked.psf?.exposure?.data,
    edisp: stacked.edisp?.map.data,
    edispExposure: stacked.edisp?.exposure?.data,
  };
  for (const [key, values] of Object.entries(expected)) {
    if (key === "gti") continue;
    const data = Array.from(parts[key]!);
    // float32 maps
    near(
      data.reduce((s, x) => s + x, 0),
      values[0]!,
      1e-6,
      0,
      `sum of ${key}`,
    );
    near(
      data.reduce((s, x, i) => s + x * (((i + 1) % 7) + 1), 0),
      values[1]!,
      1e-6,
      0,
      `weighted sum of ${key}`,
    );
  }
  const { start, stop } = stacked.gti!;
  expect(start).toHaveLength(expected.gti!.length);
  // times of the files are days in float64: 1e-6 s
  stop.forEach((x, i) => {
    near(x - start[i]!, expected.gti![i]!, 0, 1e-5, `interval ${i}`);
  });
}
