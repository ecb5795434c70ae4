/** Spectra between the points of a grid of parameters, with derivatives. */
import { findCell } from "../../../math/interpolate.js";
import type { TableModel, TableParameter } from "../../types.js";

/** How far beyond its values a parameter may be, relative to it, by rounding: as in XSPEC. */
const ROUNDING = 1e-6;

/** The spectrum at the parameters that `update` was given. */
export interface GridSpectrum {
  /** [n]; NaN where a parameter is outside of its values */
  readonly value: Float64Array;
  /** [parameters] of [n]: first derivatives. */
  readonly slopes: readonly Float64Array[];
  /** [parameters, parameters] of [n]: second ones; an array stands there twice. */
  readonly bends: readonly Float64Array[];
  update(p: Float64Array, withDerivatives: boolean): void;
}

/** A parameter that is interpolated. */
interface Axis {
  readonly parameter: TableParameter;
  /** Its index among all of the table. */
  readonly index: number;
  /** Of its values in the array of points. */
  readonly stride: number;
  /** Cell, share of its upper end, and the derivatives of the share by the parameter. */
  cell: number;
  share: number;
  slope: number;
  bend: number;
}

function axesOf(parameters: readonly TableParameter[]): Axis[] {
  let stride = 1;
  const axes: Axis[] = [];
  for (let index = parameters.length - 1; index >= 0; index--) {
    const parameter = parameters[index]!;
    if (parameter.method === "additional") continue;
    if (parameter.values.length > 1) axes.unshift({ parameter, index, stride, cell: 0, share: 0, slope: 0, bend: 0 });
    stride *= parameter.values.length;
  }
  return axes;
}

/** Moves to the value x; false where it is outside. */
function enter(axis: Axis, x: number): boolean {
  const { values, method } = axis.parameter;
  const [first, last] = [values[0]!, values[values.length - 1]!];
  const slack = ROUNDING * Math.abs(x);
  if (!(x >= first - slack && x <= last + slack)) return false;
  const inside = Math.min(Math.max(x, first), last);
  const k = findCell(values, inside);
  const [low, high] = [values[k]!, values[k + 1]!];
  axis.cell = k;
  if (method === "log") {
    const width = Math.log(high / low);
    axis.share = Math.log(inside / low) / width;
    axis.slope = 1 / (inside * width);
    axis.bend = -axis.slope / inside;
  } else {
    axis.share = (inside - low) / (high - low);
    axis.slope = 1 / (high - low);
    axis.bend = 0;
  }
  return true;
}

/** out += factor * from[at ...] */
function add(out: Float64Array, factor: number, from: Float64Array, at: number): void {
  if (factor === 0) return;
  for (let i = 0; i < out.length; i++) out[i]! += factor * from[at + i]!;
}

/**
 * Straight between neighbours along each parameter, or along its logarithm, and the spectra of additional parameters times these, as in XSPEC. Spectra are
 * kept until parameters change.
 */
export function gridSpectrum({ parameters, energy, spectra, additions }: TableModel): GridSpectrum {
  const n = energy.length - 1;
  const m = parameters.length;
  const axes = axesOf(parameters);
  const added = parameters.flatMap(({ method }, index) => (method === "additional" ? [index] : []));
  const value = new Float64Array(n);
  const slopes = parameters.map(() => new Float64Array(n));
  // what two additional parameters add has nothing in common
  const none = new Float64Array(n);
  const isAdded = (i: number) => parameters[i]!.method === "additional";
  const bends: Float64Array[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      bends.push(j < i ? bends[j * m + i]! : isAdded(i) && isAdded(j) ? none : new Float64Array(n));
    }
  }
  const known = new Float64Array(m).fill(Number.NaN);
  let knownOrder = -1;

  /** Weight of a corner, with the derivative of its share in place of the share along the axes i and j (-1: none; i = j: the second). */
  function weight(corner: number, i: number, j: number): number {
    let product = 1;
    for (let a = 0; a < axes.length; a++) {
      const { share, slope, bend } = axes[a]!;
      const isUpper = ((corner >> a) & 1) === 1;
      if (a === i || a === j) product *= (isUpper ? 1 : -1) * (i === j ? bend : slope);
      else product *= isUpper ? share : 1 - share;
    }
    return product;
  }

  /** Adds `scale` times a spectrum of a corner to all that hangs on the shares. */
  function addCorner(corner: number, scale: number, from: Float64Array, at: number, withDerivatives: boolean): void {
    add(value, scale * weight(corner, -1, -1), from, at);
    if (!withDerivatives) return;
    for (let i = 0; i < axes.length; i++) {
      const own = axes[i]!.index;
      add(slopes[own]!, scale * weight(corner, i, -1), from, at);
      for (let j = 0; j <= i; j++) add(bends[own * m + axes[j]!.index]!, scale * weight(corner, i, j), from, at);
    }
  }

  function addAll(p: Float64Array, withDerivatives: boolean): void {
    for (let corner = 0; corner < 1 << axes.length; corner++) {
      let point = 0;
      for (let a = 0; a < axes.length; a++) point += (axes[a]!.cell + ((corner >> a) & 1)) * axes[a]!.stride;
      const at = point * n;
      addCorner(corner, 1, spectra, at, withDerivatives);
      for (let k = 0; k < added.length; k++) {
        const index = added[k]!;
        const from = additions[k]!;
        addCorner(corner, p[index]!, from, at, withDerivatives);
        if (!withDerivatives) continue;
        add(slopes[index]!, weight(corner, -1, -1), from, at);
        for (let i = 0; i < axes.length; i++) {
          add(bends[index * m + axes[i]!.index]!, weight(corner, i, -1), from, at);
        }
      }
    }
  }

  return {
    value,
    slopes,
    bends,
    update(p, withDerivatives) {
      const order = withDerivatives ? 1 : 0;
      let isSame = knownOrder >= order;
      for (let i = 0; i < m; i++) {
        if (p[i] !== known[i]) isSame = false;
        known[i] = p[i]!;
      }
      if (isSame) return;
      knownOrder = order;
      let isInside = true;
      for (const axis of axes) if (!enter(axis, p[axis.index]!)) isInside = false;
      value.fill(isInside ? 0 : Number.NaN);
      if (withDerivatives) {
        for (const slope of slopes) slope.fill(0);
        for (const bend of bends) bend.fill(0);
      }
      if (isInside) addAll(p, withDerivatives);
    },
  };
}
