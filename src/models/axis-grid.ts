/** Templates whose axes beside the energy are parameters: places along axes, and the weights of the nodes around them. */
import { findCell } from "../math/interpolate.js";
import { axisScale, nBins } from "../sky/axis.js";
import type { MapAxis } from "../sky/types.js";
import type { ParameterDeclaration } from "./declaration.js";

/** Names that the axis of the energy has. */
export const ENERGY: readonly string[] = ["energy_true", "energy"];

/** An axis of more than one value, and where a coordinate is along it. */
export interface Along {
  readonly axis: MapAxis;
  /** Of the nodes, in the scale of the axis. */
  readonly scaled: Float64Array;
  /** Of its values in the array. */
  readonly stride: number;
  /** Cells between the values. */
  readonly cells: number;
  /** Index of the parameter; -1: the energy. */
  readonly index: number;
}

/** The axes, of which the first changes fastest after `stride` values, and those of them that are parameters. */
export function axesAlong(
  axes: readonly MapAxis[],
  first = 1,
): { readonly along: readonly Along[]; readonly parameters: readonly MapAxis[] } {
  const parameters = axes.filter(({ name }) => !ENERGY.includes(name));
  let stride = first;
  const along = axes.map((axis): Along => {
    const scaled = axis.nodes.map((x) => axisScale(axis.interp, x));
    const found = { axis, scaled, stride, cells: nBins(axis) - 1, index: parameters.indexOf(axis) };
    stride *= nBins(axis);
    return found;
  });
  return { along: along.filter(({ cells }) => cells > 0), parameters };
}

/** The parameters of axes: in the middle, within the ends. */
export const axisParameters = (axes: readonly MapAxis[]): Readonly<Record<string, ParameterDeclaration>> =>
  Object.fromEntries(
    axes.map(({ name, unit, nodes }) => {
      const [low, high] = [nodes[0]!, nodes.at(-1)!];
      return [name, { unit, value: (low + high) / 2, min: low, max: high, about: `${name}, an axis of the map` }];
    }),
  );

/** Place along an axis in bins, linear in its scale between the nodes: fills out with it and its first and second derivative by the coordinate. */
export function placeAlong({ axis, scaled }: Along, x: number, out: Float64Array): void {
  const k = findCell(scaled, axisScale(axis.interp, x));
  const slope = 1 / (scaled[k + 1]! - scaled[k]!);
  out[0] = k + (axisScale(axis.interp, x) - scaled[k]!) * slope - (axis.nodeType === "edges" ? 0.5 : 0);
  out[1] = axis.interp === "lin" ? slope : axis.interp === "log" ? slope / x : slope / (2 * Math.sqrt(Math.abs(x)));
  out[2] =
    axis.interp === "lin" ? 0 : axis.interp === "log" ? -slope / (x * x) : -slope / (4 * x * Math.sqrt(Math.abs(x)));
}

/** The cell that a place is in, of those there are. */
export const cellAlong = ({ cells }: Along, place: number): number =>
  Math.max(0, Math.min(cells - 1, Math.floor(place)));
