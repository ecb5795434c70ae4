/** Which datasets and models a map is made of, and how its peaks are told. */
import type { Dataset, MapDataset, OnOffDataset } from "../datasets/types.js";
import { SpecError, unknownName } from "../errors.js";
import type { Peak } from "../estimators/peaks.js";
import type { columnsOf } from "../io/table/rows.js";
import type { NumberColumn } from "../io/table/types.js";
import type { Model, Models } from "../models/types.js";
import type { Context } from "./context.js";
import { findDataset } from "./settings.js";

/** The datasets of these names; without any all of a type that are counts on an image, and the others are said. */
export function mapsOf(
  { onNote }: Pick<Context, "onNote">,
  datasets: readonly Dataset[],
  names: readonly string[] | undefined,
  { command, isOfType }: { readonly command: string; isOfType(dataset: Dataset): dataset is MapDataset | OnOffDataset },
): readonly Dataset[] {
  if (names !== undefined) return names.map((name) => findDataset(datasets, name, "--dataset"));
  const geomOf = (d: Dataset) => (isOfType(d) ? d.counts?.geom.kind : undefined);
  const used = datasets.filter((d) => geomOf(d) === "wcs");
  const healpix = datasets.find((d) => geomOf(d) === "healpix");
  // refused there, with the reason
  if (used.length === 0 && healpix !== undefined) return [healpix];
  if (used.length === 0) throw new SpecError(`${command}: none of the datasets is a map; it needs counts on a map`);
  for (const d of datasets) {
    if (!used.includes(d)) onNote(`${command}: dataset "${d.name}" is left out: it has no counts on a map`);
  }
  return used;
}

/** The models without some of their sources, whose significance is wanted. */
export function withoutModels(models: Models, names: readonly string[]): Models {
  const known = models.components.map((model) => model.name);
  for (const name of names) {
    if (!known.includes(name)) throw unknownName("--remove", "model", name, known);
  }
  const { covariance: _, ...rest } = models;
  return { ...rest, components: models.components.filter((model: Model) => !names.includes(model.name)) };
}

/** Columns of peaks: the energies of their bin between `edges` [TeV], significance, place. */
export function peakColumns<P extends Pick<Peak, "value" | "ra" | "dec"> & { readonly energy_bin: number }>(
  { number }: Pick<ReturnType<typeof columnsOf<P>>, "number">,
  edges: Float64Array,
): NumberColumn[] {
  return [
    number("e_min", (p) => edges[p.energy_bin], { unit: "TeV" }),
    number("e_max", (p) => edges[p.energy_bin + 1], { unit: "TeV" }),
    number("sqrt_ts", (p) => p.value, { decimals: 2, tex: "$\\sqrt{\\mathrm{TS}}$" }),
    number("ra", (p) => p.ra, { unit: "deg", decimals: 4, tex: "RA" }),
    number("dec", (p) => p.dec, { unit: "deg", decimals: 4, tex: "Dec" }),
  ];
}
