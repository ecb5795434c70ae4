/** A random analysis that both programs should understand in the same way: what docs/differences.md lists is left out by rule. */
import type { Dataset } from "../../../src/datasets/types.js";
import { skyModel } from "../../../src/models/create.js";
import type { Model, SkyModel } from "../../../src/models/types.js";
import type { SkyPosition } from "../../../src/sky/types.js";
import { type Choices, choices } from "../random.js";
import { randomMap, randomPoints, randomSpectrum } from "./instrument.js";
import { finished, pointAt, randomBackground, randomSpatial, randomSpectral, randomTemporal } from "./models.js";
import { type Pixels, randomCenter, randomPixels } from "./sky.js";

export interface SweepCase {
  readonly datasets: readonly Dataset[];
  readonly models: readonly Model[];
}

const isSpectrum = ({ type }: Dataset) => type.startsWith("Spectrum");

function randomDatasets(
  c: Choices,
  center: SkyPosition,
  pixels: Pixels,
  isPoint: boolean,
  time: number,
): readonly Dataset[] {
  const one = (name: string): Dataset => {
    const what = c.stream.uniform();
    if (what < 0.65) return randomMap(c, name, center, c.chance(0.5) ? pixels : randomPixels(c, center), time);
    if (what < 0.92) return randomSpectrum(c, name, center, isPoint, time);
    return randomPoints(c, name);
  };
  return c.list(1 + c.below(2), (i) => one(`data-${i}`));
}

/**
 * Rules: spectra with a region see points in its middle alone, all else is without a region (differences, "Likelihood"); sources on maps have a place;
 * ON/OFF data have no negative source; the psf of spectra is applied.
 */
export function sweepCase(seed: number, index: number): SweepCase {
  const c = choices(seed, index);
  const center = randomCenter(c);
  const pixels = randomPixels(c, center);
  const isPoint = c.chance(0.3);
  const time = c.pick([51544.00074287037, 55000, 58000.25]);
  const datasets = randomDatasets(c, center, pixels, isPoint, time);
  const reach = (pixels.binsz * Math.min(...pixels.npix)) / 2;
  const hasOff = datasets.some(({ type }) => type.endsWith("OnOff"));
  const hasTimes = datasets.every(({ gti }) => gti !== undefined);
  const hasPoints = datasets.some(({ type }) => type === "FluxPointsDataset");
  const hasSpectrum = datasets.some(isSpectrum);
  const sources = c.list(1 + c.below(3), (i): SkyModel => {
    const spatial = isPoint
      ? pointAt(c, center)
      : randomSpatial(c, `shape-${i}`, center, { binsz: pixels.binsz, reach, hasPoints });
    const some = datasets.filter(() => c.chance(0.7)).map(({ name }) => name);
    return skyModel({
      name: `source ${i}`,
      spectral: randomSpectral(c, !hasOff),
      spatial,
      ...(hasTimes && c.chance(0.2) && { temporal: randomTemporal(c, time + 0.3) }),
      ...(some.length > 0 && some.length < datasets.length && { datasetsNames: some }),
      ...(c.chance(0.15) && { applyIrf: { exposure: true, psf: hasSpectrum || c.chance(0.5), edisp: c.chance(0.5) } }),
    });
  });
  const backgrounds = datasets
    .filter(({ type }) => (type === "MapDataset" || type === "SpectrumDataset") && c.chance(0.6))
    .map(({ name }) => randomBackground(c, name));
  return { datasets, models: finished(c, sources, backgrounds) };
}
