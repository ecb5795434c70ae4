import { type AxisGroup, nearestBins, squashAxis } from "../sky/axis-groups.js";
import { axisPosition, withAxes } from "../sky/geom.js";
import { sliceMap } from "../sky/map-operations.js";
import type { MapAxis, MaskMap, SkyMap } from "../sky/types.js";
import type { BinnedDataset, EDisp, Meta } from "./types.js";

/** The whole bins nearest to an energy range [TeV]; null where it covers none. */
export function energySlice(axis: MapAxis, emin: number, emax: number): AxisGroup | null {
  return nearestBins(axis, emin, emax);
}

/** The dataset in the whole energy bins nearest to [emin, emax], TeV: counts, background, masks and edisp are cut, the rest stays; null without overlap. */
export function sliceByEnergy<D extends BinnedDataset>(dataset: D, emin: number, emax: number): D | null {
  const axis = (dataset.counts ?? (dataset as Parts).background ?? (dataset as Parts).acceptance ?? dataset.maskSafe)!
    .geom.axes[0]!;
  const bins = energySlice(axis, emin, emax);
  if (bins === null) return null;
  const { start, stop } = bins;
  const out: Record<string, unknown> = { ...(dataset as BinnedDataset) };
  for (const key of [
    "counts",
    "background",
    "countsOff",
    "acceptance",
    "acceptanceOff",
    "countsError",
    "countsOffError",
    "systematic",
    "systematicOff",
    "maskSafe",
    "maskFit",
  ] as const) {
    const map = (dataset as Parts)[key];
    if (map !== undefined) out[key] = sliceMap(map, "energy", start, stop);
  }
  if (dataset.edisp !== undefined) out.edisp = sliceEDisp(dataset.edisp, start, stop);
  if (dataset.meta !== undefined) out.meta = sliceMeta(dataset.meta, start, stop);
  return out as unknown as D;
}

type Parts = Partial<
  Record<
    | "counts"
    | "background"
    | "countsOff"
    | "acceptance"
    | "acceptanceOff"
    | "countsError"
    | "countsOffError"
    | "systematic"
    | "systematicOff",
    SkyMap
  > &
    Record<"maskSafe" | "maskFit", MaskMap>
>;

/** A kernel map loses columns; a migration map serves any energies. */
function sliceEDisp(edisp: EDisp, start: number, stop: number): EDisp {
  if (edisp.map.geom.axes[0]!.name !== "energy") return edisp;
  const map = sliceMap(edisp.map, "energy", start, stop);
  if (edisp.exposure === undefined) return { map };
  const { geom } = edisp.exposure;
  const k = axisPosition(geom, "energy");
  const axes = geom.axes.map((axis, i) => (i === k ? squashAxis(map.geom.axes[0]!) : axis));
  return { map, exposure: { ...edisp.exposure, geom: withAxes(geom, axes) } };
}

/** `grouping` has an entry for each channel. */
function sliceMeta(meta: Meta, start: number, stop: number): Meta {
  const { grouping } = meta;
  return ArrayBuffer.isView(grouping) || Array.isArray(grouping)
    ? { ...meta, grouping: (grouping as unknown as number[]).slice(start, stop) }
    : meta;
}
