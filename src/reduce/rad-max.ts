/** The ON radius of point-like responses. */
import { SpecError } from "../errors.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { findCell } from "../math/interpolate.js";
import { axisCenters, axisEdges, nBins } from "../sky/axis.js";
import { regionCenter } from "../sky/regions.js";
import type { MapAxis, Region } from "../sky/types.js";
import { distance } from "./turned.js";

/**
 * The radius [deg] within which events of an energy count, of responses that are made for it; undefined where the region itself decides.
 * @throws SpecError where point-like responses meet a region of another size or shape.
 */
export function onRadius(
  observation: Observation,
  region: Region,
  isPointLike: boolean,
): ((energy: number) => number) | undefined {
  const { aeff, radMax } = observation.irfs;
  const where = `observation ${observation.id}: ON region`;
  const fixed = aeff?.radMax;
  if (region.shape === "point") {
    if (radMax !== undefined) return tableRadius(observation, region);
    if (fixed !== undefined) return () => fixed;
    throw new SpecError({
      where,
      found: "a point, and responses without a radius (RAD_MAX)",
      expected: "a region with an area",
    });
  }
  if (!isPointLike) return undefined;
  if (radMax !== undefined) {
    throw new SpecError({
      where,
      found: `a ${region.shape}`,
      expected: "a point: the point-like responses have a radius for each energy (RAD_MAX)",
    });
  }
  if (fixed !== undefined && (region.shape !== "circle" || Math.abs(region.radius - fixed) > 1e-3 * fixed)) {
    throw new SpecError({
      where,
      found: region.shape === "circle" ? `a circle of ${region.radius} deg` : `a ${region.shape}`,
      expected: `a circle of ${fixed} deg, for which the point-like responses were made (RAD_MAX), or a point`,
    });
  }
  return undefined;
}

/** The radius of the bin whose middle is nearest to an energy, in ln E; 0 outside of the energies of the table. */
function tableRadius(observation: Observation, region: Region): (energy: number) => number {
  const { axes, data } = observation.irfs.radMax!.table;
  const [energy, offset] = axes as [MapAxis, MapAxis];
  const centers = axisCenters(energy).map(Math.log);
  const edges = axisEdges(energy);
  const nO = nBins(offset);
  const place = nearestOf(axisCenters(offset), distance(regionCenter(region), pointingOf(observation)));
  return (e) => (e < edges[0]! || e > edges.at(-1)! ? 0 : data[nearestOf(centers, Math.log(e)) * nO + place]!);
}

function nearestOf(nodes: Float64Array, x: number): number {
  if (nodes.length === 1) return 0;
  const k = findCell(nodes, x);
  return x - nodes[k]! > nodes[k + 1]! - x ? k + 1 : k;
}
