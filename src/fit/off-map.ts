/** Sources that stand where there are no data. */
import { fitMask, isBinned } from "../datasets/facets.js";
import type { BinnedDataset } from "../datasets/types.js";
import { declarationOf } from "../models/lookup.js";
import { submodelsOf } from "../models/parameters.js";
import { separation, toFrame } from "../sky/frames.js";
import { pixelsOf } from "../sky/pixels.js";
import type { Geom, SkyPosition } from "../sky/types.js";
import { conversionFactor } from "../units/index.js";
import type { ErrorFlaw } from "./error-flaw.js";
import type { Joint } from "./joint.js";

/**
 * For each free coordinate of a source that at x lies beside all pixels in the fit of the datasets that see it: what psf and wings of it bring in measures no place.
 * An extended source may lie as far outside as its rms reaches back in. Datasets that have no places (flux points) do not count.
 */
export function offMapFlaws(joint: Joint, x: Float64Array): ErrorFlaw[] {
  joint.views.update(x, 0);
  return joint.models.components.flatMap((model, component) => {
    const slots = freePlace(joint, component);
    const position = slots.length === 0 ? undefined : placeOffMap(joint, component);
    if (position === undefined) return [];
    return slots.map((slot): ErrorFlaw => ({ slot, flaw: "off the map", source: model.name, position }));
  });
}

/**
 * Sources that are fitted at a place that is held, and lies beside all pixels in the fit: psf and wings alone bring them in, or nothing. Regions alone say so
 * themselves (fold/region.ts).
 */
export function heldOffMap(
  joint: Joint,
  x: Float64Array,
): { readonly source: string; readonly position: SkyPosition }[] {
  const isMap = ({ counts }: BinnedDataset) => counts !== undefined && counts.geom.kind !== "region";
  if (!joint.datasets.filter(isBinned).some(isMap)) return [];
  joint.views.update(x, 0);
  return joint.models.components.flatMap((model, component) => {
    const isFitted = joint.entries.some((entry, i) => entry.component === component && isFree(joint, entry, i));
    if (!isFitted || positionOf(joint, component) === undefined || freePlace(joint, component).length > 0) return [];
    const position = placeOffMap(joint, component);
    return position === undefined ? [] : [{ source: model.name, position }];
  });
}

const isFree = ({ views }: Joint, { kind }: Joint["entries"][number], i: number): boolean =>
  kind !== "calibration" && views.of(i).slots.length > 0;

/** Where a source is, if that is beside all pixels in the fit of the datasets that see it. */
function placeOffMap(joint: Joint, component: number): SkyPosition | undefined {
  const model = joint.models.components[component]!;
  const geoms = joint.datasets.filter(isBinned).flatMap((dataset) => {
    const geom = (dataset.counts ?? dataset.maskSafe)?.geom;
    const isSeen = model.datasetsNames?.includes(dataset.name) ?? true;
    return isSeen && geom !== undefined && hasPlaces(geom) ? [{ dataset, geom }] : [];
  });
  const { position, rms } = placeOf(joint, component);
  const isOff = geoms.length > 0 && !geoms.some(({ dataset, geom }) => holds(dataset, geom, position, rms));
  return isOff ? position : undefined;
}

const hasPlaces = (geom: Geom): boolean => geom.kind !== "region" || geom.regions.length > 0;

/** The names of the parameters that say where a source is; undefined: it has no place. */
function positionOf({ models, registry }: Joint, component: number) {
  const spatial = submodelsOf(models.components[component]!).find((s) => s.kind === "spatial");
  return spatial && declarationOf(spatial.submodel, "spatial", registry).position;
}

/** The slots that move the place of a source. */
function freePlace(joint: Joint, component: number): number[] {
  const { entries, views } = joint;
  const names = positionOf(joint, component);
  if (names === undefined) return [];
  const slots = entries.flatMap((entry, i) =>
    entry.component === component && entry.kind === "spatial" && names.includes(entry.name)
      ? [...views.of(i).slots]
      : [],
  );
  return [...new Set(slots)];
}

/** Where the source is at the values of the views, and how wide, deg. */
function placeOf({ entries, views, models, registry }: Joint, component: number) {
  const { submodel } = submodelsOf(models.components[component]!).find((s) => s.kind === "spatial")!;
  const declaration = declarationOf(submodel, "spatial", registry);
  const names = Object.keys(declaration.parameters);
  const p = new Float64Array(names.length);
  entries.forEach((entry, i) => {
    if (entry.component !== component || entry.kind !== "spatial") return;
    const k = names.indexOf(entry.name);
    const { unit } = declaration.parameters[entry.name]!;
    p[k] = views.of(i).value * conversionFactor(entry.parameter.unit, unit, entry.id);
  });
  const [lon, lat] = declaration.position!.map((name) => p[names.indexOf(name)]!) as [number, number];
  const [ee, , nn] = declaration.covariance?.(p) ?? [0, 0, 0];
  const frame = declaration.frame ?? submodel.frame ?? "icrs";
  return { position: { lon, lat, frame } satisfies SkyPosition, rms: Math.sqrt(Math.max(ee, nn)) };
}

/** Whether a pixel in the fit holds the position, or lies within `rms` [deg] of it. */
function holds(dataset: BinnedDataset, geom: Geom, position: SkyPosition, rms: number): boolean {
  const pixels = pixelsOf(geom);
  const mask = fitMask(dataset);
  const isUsed = (pixel: number) => {
    for (let i = pixel; i < mask.length; i += pixels.nPix) if (mask[i] === 1) return true;
    return false;
  };
  const { lon, lat } = toFrame(position, pixels.frame);
  const own = pixels.indexOf(lon, lat);
  if (own >= 0 && isUsed(own)) return true;
  const center = new Float64Array(2);
  for (let i = 0; rms > 0 && i < pixels.nPix; i++) {
    pixels.center(i, center);
    if (separation(lon, lat, center[0]!, center[1]!) <= rms && isUsed(i)) return true;
  }
  return false;
}
