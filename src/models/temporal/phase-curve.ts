import { SpecError } from "../../errors.js";
import { findCell } from "../../math/interpolate.js";
import type { ResourceNeed, TemporalDeclaration } from "../declaration.js";
import { resourceOf } from "../resources.js";
import type { PhaseCurve } from "../types.js";
import { referenceTime } from "./reference.js";

const TYPE = "TemplatePhaseCurveTemporalModel";
const DAY = 86400;
/** t_ref, phi_ref, f0, f1, f2 */
const N = 5;

const curveNeed = {
  kind: "phase-curve",
  from: "filename",
  about: "FITS table of PHASE (0 to 1) and NORM",
} as const satisfies ResourceNeed<"phase-curve">;

/** The curve over one period, linear between its phases and beyond the outermost ones; `factor` on its values. */
function periodOf({ phase, values }: PhaseCurve, isNormalised: boolean) {
  const last = phase.length - 1;
  // nodes from 0 to 1
  const x = Float64Array.from(phase, (p, i) => (i === 0 ? 0 : i === last ? 1 : p));
  const slopes = Float64Array.from(
    { length: last },
    (_, i) => (values[i + 1]! - values[i]!) / (phase[i + 1]! - phase[i]!),
  );
  const line = (cell: number, p: number) => values[cell]! + slopes[cell]! * (p - phase[cell]!);
  const area = (cell: number, to: number) => (to - x[cell]!) * line(cell, (x[cell]! + to) / 2);
  const sums = new Float64Array(last + 1);
  for (let cell = 0; cell < last; cell++) sums[cell + 1] = sums[cell]! + area(cell, x[cell + 1]!);
  const whole = sums[last]!;
  if (isNormalised && !(Math.abs(whole) > 0)) {
    throw new SpecError(
      `${TYPE}: the integral of NORM over the period is ${whole}, which cannot be made 1; set normalize: false`,
    );
  }
  const factor = isNormalised ? 1 / whole : 1;
  const cellAt = (p: number) => findCell(x, p);
  return {
    value: (p: number) => factor * line(cellAt(p), p),
    slope: (p: number) => factor * slopes[cellAt(p)]!,
    /** From phase 0 to the phase `p`, which may be beyond a period. */
    integral(p: number) {
      const turns = Math.floor(p);
      const cell = cellAt(p - turns);
      return factor * (turns * whole + sums[cell]! + area(cell, p - turns));
    },
  };
}

/** Phase at an MJD; with `by` also its derivatives by the parameters [N], t_ref in d. */
function phaseAt(t: number, p: Float64Array, by?: Float64Array): number {
  const [reference, phase, f0, f1, f2] = p as unknown as [number, number, number, number, number];
  const s = (t - reference) * DAY;
  if (by !== undefined) {
    by[0] = -DAY * (f0 + s * (f1 + (s * f2) / 2));
    by[1] = 1;
    by[2] = s;
    by[3] = (s * s) / 2;
    by[4] = s ** 3 / 6;
  }
  return phase + s * (f0 + (s / 2) * (f1 + (s / 3) * f2));
}

/** d2(phase) / d(k) d(l): by t_ref and another alone. */
function curvatureAt(t: number, p: Float64Array, k: number, l: number): number {
  if (Math.min(k, l) !== 0) return 0;
  const s = (t - p[0]!) * DAY;
  return [DAY * DAY * (p[3]! + s * p[4]!), 0, -DAY, -DAY * s, (-DAY * s * s) / 2][Math.max(k, l)]!;
}

const frequency = (order: number, value: number, about: string) => ({ unit: `s-${order}`, value, frozen: true, about });

export const phaseCurveTemporal: TemporalDeclaration = {
  type: TYPE,
  tag: "template-phase",
  about: "Phase curve of a pulsar from a table, linear between its phases",
  latex: String.raw`f(\phi_{ref} + f_0 \Delta t + f_1 \Delta t^2 / 2 + f_2 \Delta t^3 / 6)`,
  reference: "t_ref",
  parameters: {
    t_ref: { ...referenceTime, value: 48442.5 },
    phi_ref: { unit: "", value: 0, frozen: true, about: "phase at t_ref" },
    f0: frequency(1, 29.946923, "frequency at t_ref"),
    f1: frequency(2, 0, "its first derivative"),
    f2: frequency(3, 0, "its second derivative"),
  },
  extra: { normalize: "true (default): the mean of the curve over a period is 1; false: values are those of the file" },
  example: { filename: "phase-curve.fits" },
  resources: { curve: curveNeed },
  mean: () => Number.NaN,
  bind(data) {
    const normalize = data.extra?.normalize ?? true;
    if (typeof normalize !== "boolean") {
      throw new SpecError(`${TYPE}: normalize is ${JSON.stringify(normalize)}, expected true or false`);
    }
    const { value, slope, integral } = periodOf(resourceOf(data, "curve", curveNeed, TYPE), normalize);
    const inPeriod = (phase: number) => phase - Math.floor(phase);
    // The mean over phases: that over times where the frequency changes little within an interval.
    const meanOver = (a: number, b: number) => (a === b ? value(inPeriod(a)) : (integral(b) - integral(a)) / (b - a));
    const [from, to] = [new Float64Array(N), new Float64Array(N)];
    return {
      ...phaseCurveTemporal,
      mean: (t0, t1, p) => meanOver(phaseAt(t0, p), phaseAt(t1, p)),
      derivatives(t0, t1, p, g, h) {
        const [a, b] = [phaseAt(t0, p, from), phaseAt(t1, p, to)];
        const mean = meanOver(a, b);
        const [va, vb, sa, sb] = [value(inPeriod(a)), value(inPeriod(b)), slope(inPeriod(a)), slope(inPeriod(b))];
        const width = b - a;
        for (let k = 0; k < N; k++) g[k] = (vb * to[k]! - va * from[k]! - mean * (to[k]! - from[k]!)) / width;
        for (let k = 0; k < N; k++) {
          for (let l = 0; l <= k; l++) {
            const [ca, cb] = [curvatureAt(t0, p, k, l), curvatureAt(t1, p, k, l)];
            const ends = sb * to[k]! * to[l]! + vb * cb - sa * from[k]! * from[l]! - va * ca;
            const widths = g[k]! * (to[l]! - from[l]!) + g[l]! * (to[k]! - from[k]!) + mean * (cb - ca);
            h[N * k + l] = h[N * l + k] = (ends - widths) / width;
          }
        }
        return mean;
      },
    };
  },
};
