import { isBinned } from "../datasets/facets.js";
import type { Dataset } from "../datasets/types.js";
import { declarationOf } from "../models/lookup.js";
import { submodelsOf } from "../models/parameters.js";
import { pixelScales } from "../sky/geom.js";
import { conversionFactor } from "../units/index.js";
import type { ReasonableSize } from "./error-flaw.js";
import type { Joint } from "./joint.js";

/** The largest error that means something for free parameter i of a shape on the sky, in its unit: the size of the map, or a turn of an angle; undefined for all others. */
export function reasonableSize(joint: Joint, i: number, x: Float64Array): ReasonableSize | undefined {
  const { entries, parameters, views } = joint;
  const entry = entries[parameters[i]!.entries[0]!]!;
  const { unit, period } = parameters[i]!;
  if (entry.kind !== "spatial" || unit === "") return undefined;
  const spatial = submodelsOf(joint.models.components[entry.component]!).find((s) => s.kind === "spatial")!;
  const [lonName, latName] = declarationOf(spatial.submodel, "spatial", joint.registry).position ?? [];
  // longitudes have a period too, and cover more of a map the nearer to a pole
  const isLongitude = entry.name === lonName;
  if (period !== undefined && !isLongitude) return { size: period, of: "turn" };
  const size = Math.max(0, ...joint.datasets.map(mapSize));
  if (size === 0) return undefined;
  const degrees = conversionFactor("deg", unit, entry.id);
  if (!isLongitude) return { size: size * degrees, of: "map" };
  const lat = entries.findIndex((e) => e.component === entry.component && e.kind === "spatial" && e.name === latName);
  views.update(x, 0);
  const cosine =
    lat < 0
      ? 1
      : Math.cos(
          (views.of(lat).value * conversionFactor(entries[lat]!.parameter.unit, "deg", entry.id) * Math.PI) / 180,
        );
  return { size: Math.min(360, size / Math.max(cosine, 1e-9)) * degrees, of: "map" };
}

/** The longer side of a map in deg; 0 for what is none. */
function mapSize(dataset: Dataset): number {
  const geom = isBinned(dataset) ? dataset.counts?.geom : undefined;
  if (geom?.kind !== "wcs") return 0;
  const [sx, sy] = pixelScales(geom);
  return Math.max(sx * geom.npix[0], sy * geom.npix[1]);
}
