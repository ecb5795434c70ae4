import { SpecError } from "../../errors.js";
import type { AnalysisOptions } from "../analysis.js";
import { type ConfidenceOptions, confidenceOf } from "../confidence.js";
import type { Context } from "../context.js";
import { type EdgeOptions, edgesOf } from "../energies.js";
import { curveTable, fluxTable, measuredCurve, measuredFluxes, type Propagation } from "../fluxes.js";
import { modelsWithErrors } from "../models-with-errors.js";
import { wholeNumber } from "../numbers.js";
import { giveTable, refuseEarly } from "../results.js";
import { energyRange } from "../settings.js";
import { showTable } from "../tables.js";

interface Options extends EdgeOptions, AnalysisOptions, ConfidenceOptions {
  readonly source?: readonly string[];
  readonly curve?: boolean;
  readonly points: string;
  readonly quantity: "dnde" | "e2dnde";
  readonly errors: Propagation["method"];
  readonly samples: string;
  readonly seed: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { curve = false, quantity, overwrite } = options;
  const errors: Propagation = {
    method: options.errors,
    sigma: confidenceOf(options, 2)?.sigma ?? 1,
    samples: wholeNumber(options.samples, "--samples", 100),
    seed: wholeNumber(options.seed, "--seed", 0),
  };
  const points = wholeNumber(options.points, "--points", 2);
  const energies = curve ? curveRange(options) : bandsOf(options);
  await refuseEarly(context, options);
  const { models, sources } = await modelsWithErrors(context, paths, options, options.source);
  const settings = { models, sources, errors, using: context.using };
  const how =
    errors.method === "linear" ? "linear propagation of the covariance" : `${errors.samples} draws from the covariance`;
  const head = `Errors: ${how}, ${errors.sigma} sigma`;
  if (curve) {
    const [from, to] = energies as [number, number];
    const rows = measuredCurve({ ...settings, quantity, from, to, points });
    const table = curveTable(rows, quantity, errors);
    context.print(head);
    showTable(context, table);
    return giveTable(context, {
      document: { errors, quantity, curve: rows },
      tables: { curve: () => table },
      overwrite,
    });
  }
  const rows = measuredFluxes({ ...settings, edges: Float64Array.from(energies) });
  const table = fluxTable(rows, errors);
  context.print(head);
  showTable(context, table);
  return giveTable(context, { document: { errors, fluxes: rows }, tables: { flux: () => table }, overwrite });
}

/** One band of --range, or those between --edges. */
function bandsOf({ edges, range, bins }: Options): Float64Array {
  if (edges === undefined && range === undefined) {
    throw new SpecError('flux: give the band as --range "1 TeV,10 TeV", or several as --edges "1 TeV,3 TeV,10 TeV"');
  }
  return edgesOf({ edges, range, bins: bins ?? (range === undefined ? undefined : "1") }, "flux");
}

function curveRange({ edges, range }: Options): [number, number] {
  if (edges !== undefined || range === undefined) {
    throw new SpecError('flux: a curve goes over a range; give it as --range "10 GeV,100 TeV"');
  }
  return energyRange(range, `--range "${range}"`);
}
