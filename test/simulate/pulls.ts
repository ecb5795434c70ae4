/**
 * Observations drawn from a source and a background, reduced and fitted like real ones: where simulation and reduction understand the responses in the same way, the pulls of the
 * fitted parameters, (value - truth) / error, have the mean 0 and the width 1.
 */
import { simulateEvents } from "../../src/api/simulate-events.js";
import { createSubmodel, fit, type Models, skyModel } from "../../src/index.js";
import { psfContainment } from "../../src/irf/tables/psf.js";
import type { PsfTable } from "../../src/irf/tables/types.js";
import { createMapReducer } from "../../src/reduce/map.js";
import { reduceSpectrum } from "../../src/reduce/spectrum.js";
import { axisFromEnergyBounds } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import type { Failure, Run } from "../fuzz/report.js";
import { SOURCE } from "../reduce/made-run.js";
import { madeObservation } from "./made.js";

const TRUTH = { amplitude: 6e-10, index: 2.2, lon_0: SOURCE.lon, lat_0: SOURCE.lat };
const point = createSubmodel("point", { lon_0: SOURCE.lon, lat_0: SOURCE.lat });
const spectral = createSubmodel("pl", { amplitude: TRUTH.amplitude, index: TRUTH.index });
const still = { ...point, parameters: point.parameters.map((p) => ({ ...p, frozen: true })) };
const models: Models = {
  components: [
    skyModel({ name: "source", spectral, spatial: point }),
    {
      type: "FoVBackgroundModel",
      name: "map-bkg",
      datasetsNames: ["map"],
      spectral: createSubmodel("pl-norm", { norm: 1 }),
    },
  ],
};

/** The source where it is, as spectra need it. */
const source: Models = { components: [skyModel({ name: "source", spectral, spatial: still })] };

const energy = axisFromEnergyBounds(0.4, 30, 6);
// narrow bins, as the middle of a bin stands for it
const energyTrue = axisFromEnergyBounds(0.12, 99, 30, { perDecade: true, name: "energy_true" });
const region = { shape: "circle", center: SOURCE, radius: 0.15 } as const;
const geom = wcsGeom({ center: SOURCE, binsz: 0.05, width: 1, proj: "TAN" });

export interface Pulls {
  /** By the name of what was fitted, a number for each observation. */
  readonly pulls: Readonly<Record<string, readonly number[]>>;
  readonly failures: readonly Failure[];
}

export function eventPulls({ seed, first, count, onCase }: Run): Pulls {
  const made = madeObservation();
  // The same effective area at all offsets: predicted counts take it where events are reconstructed, as in Gammapy, so that positions are drawn towards larger areas, by the
  // square of the width of the psf times the slope of ln area.
  const { table } = made.irfs.aeff!;
  const flat = { ...table, data: table.data.map((_, k) => table.data[3 * Math.floor(k / 3)]!) };
  const run = {
    ...made,
    irfs: { ...made.irfs, aeff: { ...made.irfs.aeff!, table: flat }, psf: normalised(made.irfs.psf!) },
  };
  const reduce = createMapReducer({ geom, energy, energyTrue, name: "map" });
  const pulls: Record<string, number[]> = {};
  const failures: Failure[] = [];
  for (let index = first; index < first + count; index++) {
    onCase?.(index);
    const own = { ...run, id: String(index) };
    const { events } = simulateEvents(own, source, { seed });
    const observed = { ...own, events };
    const spectrum = reduceSpectrum(observed, {
      region,
      energy,
      energyTrue,
      off: { method: "reflected" },
      name: "spectrum",
    });
    const map = reduce(observed)!;
    for (const [kind, dataset] of [
      ["spectrum", spectrum],
      ["map", map],
    ] as const) {
      const result = fit([dataset], kind === "map" ? models : source);
      if (!result.success) failures.push({ index, problem: `fit of the ${kind}: ${result.message}` });
      for (const { name, model, value, error } of result.parameters) {
        const truth = TRUTH[name as keyof typeof TRUTH];
        if (model !== "source" || truth === undefined || !(error > 0)) continue;
        (pulls[`${kind} ${name}`] ??= []).push((value - truth) / error);
      }
    }
  }
  return { pulls, failures };
}

/**
 * The table is 0.13 % above 1 by the rule that containments follow (as in Gammapy, they are not divided by the sum over all radii), and events are drawn from shares of it: the amplitude would come
 * out too low by that.
 */
function normalised(psf: PsfTable): PsfTable {
  if (psf.kind !== "table") return psf;
  const [all] = psfContainment(psf, { energy: [1], offset: [0.5], rad: [0.39] });
  return { ...psf, table: { ...psf.table, data: psf.table.data.map((x) => x / all!) } };
}

/** Mean and width of pulls, each with its own error. */
export function summary(x: readonly number[]) {
  const n = x.length;
  const mean = x.reduce((a, b) => a + b, 0) / n;
  const width = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  return { n, mean, width, meanError: 1 / Math.sqrt(n), widthError: 1 / Math.sqrt(2 * n) };
}

/** What is wrong with pulls: a mean more than three of its errors from 0, or a width more than three from 1. */
export function problemsOf({ pulls, failures }: Pulls): string[] {
  const wrong = Object.entries(pulls).flatMap(([name, x]) => {
    const { mean, width, meanError, widthError } = summary(x);
    const isGood = Math.abs(mean) < 3 * meanError && Math.abs(width - 1) < 3 * widthError;
    return isGood ? [] : [`${name}: mean ${mean.toFixed(3)}, width ${width.toFixed(3)} of ${x.length} pulls`];
  });
  return [...wrong, ...failures.map(({ index, problem }) => `observation ${index}: ${problem}`)];
}
