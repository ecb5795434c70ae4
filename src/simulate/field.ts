/** The field of view that the responses of an observation hold for. */
import { type Directions, fieldOfView } from "../events/field-of-view.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { turnedFieldOfView } from "../reduce/rotation.js";
import { axisEdges } from "../sky/axis.js";
import { separation } from "../sky/frames.js";
import type { MapAxis, SkyPosition } from "../sky/types.js";

const RAD = Math.PI / 180;

/** Whether a reconstructed direction (ICRS) is at an offset that the effective area has, or within the background: s after the reference of the good time intervals. */
export function isInField(observation: Observation, { lon, lat }: SkyPosition, time: number): boolean {
  const pointing = pointingOf(observation);
  const { aeff, background } = observation.irfs;
  const offset = separation(pointing.lon, pointing.lat, lon, lat);
  if (aeff !== undefined && isOn(aeff.table.axes[1]!, offset)) return true;
  if (background === undefined) return false;
  const { axes } = background.table;
  if (axes.length === 2) return isOn(axes[1]!, offset);
  const c = Math.cos(lat * RAD);
  const one = (x: number) => Float64Array.of(x);
  const direction: Directions = {
    x: one(c * Math.cos(lon * RAD)),
    y: one(c * Math.sin(lon * RAD)),
    z: one(Math.sin(lat * RAD)),
  };
  const place =
    background.alignment === "altaz"
      ? turnedFieldOfView(observation, time, direction)
      : fieldOfView(pointing, direction, background.alignment);
  return isOn(axes[1]!, place.lon[0]!) && isOn(axes[2]!, place.lat[0]!);
}

function isOn(axis: MapAxis, x: number): boolean {
  const edges = axisEdges(axis);
  return x >= edges[0]! && x <= edges.at(-1)!;
}
