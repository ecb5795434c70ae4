import { alongLogarithm, LOG_POINTS, LOG_STEP } from "../../math/differences.js";
import type { SpectralFunction } from "../../models/declaration.js";
import { type FluxVector, packedIndex, packedLength } from "./types.js";

const CENTRE = 3;

/**
 * The spectrum f(E / s) / s with s = 1 + z as one more parameter, the last. Derivatives by the parameters of f are exact; those by s follow from
 * differences in ln E of ln f and of its exact gradient.
 */
export function shiftedFunction(f: SpectralFunction, n: number): SpectralFunction {
  const { derivatives, integral } = f;
  const all = n + 1;
  const own = new Float64Array(n);
  const g = Array.from({ length: LOG_POINTS }, () => new Float64Array(n));
  const h = Array.from({ length: LOG_POINTS }, () => new Float64Array(n * n));
  const values = new Float64Array(LOG_POINTS);
  const take = (p: Float64Array) => {
    own.set(p.subarray(0, n));
    return p[n]!;
  };
  return {
    evaluate(e, p) {
      const s = take(p);
      return f.evaluate(e / s, own) / s;
    },
    ...(f.powerLawSegments === true && { powerLawSegments: true }),
    ...(f.jumps !== undefined && { jumps: f.jumps.map((part) => ({ ...part, stretch: n })) }),
    // dnde(E / s) dE / s is dnde(E') dE' with E' = E / s
    ...(integral !== undefined && {
      integral: (e0, e1, p) => {
        const s = take(p);
        return integral.call(f, e0 / s, e1 / s, own);
      },
    }),
    ...(derivatives !== undefined && {
      derivatives(e, p, gOut, hOut) {
        const s = take(p);
        for (let k = 0; k < LOG_POINTS; k++) {
          values[k] = derivatives.call(f, (e / s) * Math.exp((k - CENTRE) * LOG_STEP), own, g[k]!, h[k]!);
        }
        const f0 = values[CENTRE]!;
        // the logarithm of a spectrum is smoother than the spectrum
        const log = values.every((v) => v > 0);
        const [m1, m2] = alongLogarithm(log ? (k) => Math.log(values[k]! / f0) : (k) => values[k]!);
        const f1 = log ? f0 * m1 : m1;
        const f2 = log ? f0 * (m2 + m1 * m1) : m2;
        // y = f(l - ln s) / s
        gOut[n] = -(f0 + f1) / (s * s);
        hOut[n * all + n] = (2 * f0 + 3 * f1 + f2) / (s * s * s);
        for (let a = 0; a < n; a++) {
          const ga = g[CENTRE]![a]!;
          const [slope] = alongLogarithm(log ? (k) => g[k]![a]! / values[k]! : (k) => g[k]![a]!);
          const ga1 = log ? f0 * slope + ga * m1 : slope;
          gOut[a] = ga / s;
          hOut[a * all + n] = hOut[n * all + a] = -(ga + ga1) / (s * s);
          for (let b = 0; b < n; b++) hOut[a * all + b] = h[CENTRE]![a * n + b]! / s;
        }
        return f0 / s;
      },
    }),
  };
}

/**
 * `factor` times a vector, times a free norm if `norm`, its last parameter 1 + z if `shift`. Parameters: those of the vector (but 1 + z),
 * then the norm, then z.
 */
export function calibratedVector(inner: FluxVector, factor: number, norm: boolean, shift: boolean): FluxVector {
  const m = inner.n;
  const own = shift ? m - 1 : m;
  const n = m + (norm ? 1 : 0);
  const nn = packedLength(n);
  const mm = packedLength(m);
  const { size } = inner;
  const s = new Float64Array(size);
  const ds = new Float64Array(size * n);
  const d2s = new Float64Array(size * nn);
  const p = new Float64Array(m);
  /** Place of an inner parameter. */
  const to = Int32Array.from({ length: m }, (_, a) => (a < own ? a : n - 1));
  const limit = inner.limit?.bind(inner);
  const take = (x: Float64Array, offset: number) => {
    for (let a = 0; a < m; a++) p[a] = x[offset + to[a]!]!;
    if (shift) p[own]! += 1;
  };
  return {
    size,
    n,
    s,
    ds,
    d2s,
    ...(limit !== undefined && { limit }),
    ...(inner.refine !== undefined && {
      refine(x: Float64Array, offset: number) {
        take(x, offset);
        return inner.refine!(p, 0);
      },
    }),
    update(x, offset, order) {
      take(x, offset);
      inner.update(p, 0, order);
      const scale = norm ? factor * x[offset + own]! : factor;
      for (let t = 0; t < size; t++) {
        s[t] = scale * inner.s[t]!;
        if (order === 0) continue;
        for (let a = 0; a < m; a++) ds[t * n + to[a]!] = scale * inner.ds[t * m + a]!;
        if (norm) ds[t * n + own] = factor * inner.s[t]!;
        if (order === 1) continue;
        for (let a = 0; a < m; a++) {
          for (let b = 0; b <= a; b++) {
            d2s[t * nn + packedIndex(to[a]!, to[b]!)] = scale * inner.d2s[t * mm + packedLength(a) + b]!;
          }
          if (norm) d2s[t * nn + packedIndex(own, to[a]!)] = factor * inner.ds[t * m + a]!;
        }
      }
    },
  };
}
