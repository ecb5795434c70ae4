/**
 * Points with errors in energy and in flux, as other wavelengths bring them.
 *
 * An error of the energy is taken as normal in ln E. What a model predicts for a point is then the mean of dnde over that distribution, and its spread adds to
 * the error of the flux: -2 ln L = (y - mean)^2 / V + ln(V / err^2), V = err^2 + spread^2 (effective variance: Orear 1982, Am. J. Phys. 50, 912). Mean and spread
 * by Gauss-Hermite quadrature.
 */
import { sameEnergy } from "../datasets/energy-edges.js";
import type { Dataset } from "../datasets/types.js";
import { SpecError } from "../errors.js";
import { mirror, type Stack, stackComponents, updateStack } from "../fold/component.js";
import { packedLength } from "../fold/flux/types.js";
import type { BoundComponent } from "../fold/types.js";
import type { CompileContext, KindContext, Predicted } from "../likelihood/kind.js";
import type { CompiledTerm, Term, TermData } from "../likelihood/types.js";
import { axisFromNodes } from "../sky/axis.js";
import type { SkyMap } from "../sky/types.js";
import { predictedValues, valuesKind, valuesMap } from "./values-kind.js";
import { bindSpectra, termOfValues } from "./values-term.js";

/** Values of dnde at energies with errors of both, and no responses. */
export interface XYPointsDataset extends Dataset {
  readonly type: "XYPointsDataset";
  /** TeV [n], and one standard deviation of it; 0: known exactly. */
  readonly energy: Float64Array;
  readonly energyErr: Float64Array;
  /** cm-2 s-1 TeV-1 [n], and one standard deviation. */
  readonly dnde: Float64Array;
  readonly dndeErr: Float64Array;
  /** [n] 0 or 1 */
  readonly maskFit?: Uint8Array;
}

/** Nodes and weights of the mean over a normal distribution, exact for polynomials of degree 9. */
const NODES = [0, 1.355626179974266, -1.355626179974266, 2.856970013872806, -2.856970013872806];
const WEIGHTS = [8 / 15, 0.2220759220056126, 0.2220759220056126, 0.0112574113277207, 0.0112574113277207];
const K = NODES.length;

function usedPoints(dataset: XYPointsDataset): number[] {
  const { energy, energyErr, dnde, dndeErr, maskFit, name } = dataset;
  const n = energy.length;
  if ([energyErr, dnde, dndeErr].some((column) => column.length !== n)) {
    throw new SpecError(`dataset "${name}": the columns have different lengths, expected ${n} numbers in each`);
  }
  const used = Array.from(energy.keys()).filter((i) => maskFit?.[i] !== 0 && Number.isFinite(dnde[i]!));
  const bad = used.find(
    (i) => !(energy[i]! > 0 && energyErr[i]! >= 0 && energyErr[i]! < energy[i]! && dndeErr[i]! > 0),
  );
  if (bad !== undefined) {
    throw new SpecError(
      `dataset "${name}": point ${bad} is at ${energy[bad]} +- ${energyErr[bad]} TeV with the error ${dndeErr[bad]} of its flux; expected an energy above 0, an error below it, and an error of the flux above 0`,
    );
  }
  if (used.length === 0) throw new SpecError(`dataset "${name}": no point is left for the fit; check the mask`);
  return used;
}

/** The models' dnde at the nodes of the used points [used, K]. */
function bindModels(dataset: XYPointsDataset, used: readonly number[], context: CompileContext): BoundComponent[] {
  const { energy, energyErr } = dataset;
  const energies = Float64Array.from({ length: used.length * K }, (_, j) => {
    const i = used[Math.floor(j / K)]!;
    return energy[i]! * Math.exp((NODES[j % K]! * energyErr[i]!) / energy[i]!);
  });
  return bindSpectra(dataset, energies, context);
}

/** Mean of a point's prediction, and the variance that the error of its energy adds. */
interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The sum of all components at the nodes of point i, into `f` [K]. */
function momentsOf({ components, column, z }: Stack, i: number, f: Float64Array): Moments {
  f.fill(0);
  components.forEach((_, c) => {
    for (let k = 0; k < K; k++) f[k]! += z[column[c]! + i * K + k]!;
  });
  const mean = f.reduce((sum, v, k) => sum + WEIGHTS[k]! * v, 0);
  return { mean, variance: f.reduce((sum, v, k) => sum + WEIGHTS[k]! * (v - mean) ** 2, 0) };
}

function xyTerm(name: string, stack: Stack, y: Float64Array, err: Float64Array): Term {
  const { n, components, parameter } = stack;
  const f = new Float64Array(K);
  /** Gradients of mean and variance [n], and of f at one node; second derivatives of mean and variance [n, n]. */
  const [dm, dv, df] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const [d2m, d2v] = [new Float64Array(n * n), new Float64Array(n * n)];
  const at = (i: number): Moments & { total: number } => {
    const { mean, variance } = momentsOf(stack, i, f);
    return { mean, variance, total: err[i]! ** 2 + variance };
  };
  const value = (i: number, mean: number, total: number) =>
    (y[i]! - mean) ** 2 / total + Math.log(total / err[i]! ** 2);

  /** Derivatives of mean and variance of point i, of which `f` holds the nodes. */
  function derive(i: number, mean: number, order: 1 | 2): void {
    for (const array of [dm, dv, d2m, d2v]) array.fill(0);
    for (let k = 0; k < K; k++) {
      const w = WEIGHTS[k]!;
      const off = 2 * w * (f[k]! - mean);
      df.fill(0);
      components.forEach(({ vector }, c) => {
        const [from, row] = [parameter[c]!, i * K + k];
        for (let a = 0; a < vector.n; a++) df[from + a] = vector.ds[row * vector.n + a]!;
        if (order === 1) return;
        for (let a = 0, q = row * packedLength(vector.n); a < vector.n; a++) {
          for (let b = 0; b <= a; b++, q++) {
            const second = vector.d2s[q]!;
            const place = (from + a) * n + from + b;
            d2m[place]! += w * second;
            d2v[place]! += off * second;
          }
        }
      });
      for (let a = 0; a < n; a++) {
        dm[a]! += w * df[a]!;
        dv[a]! += off * df[a]!;
        for (let b = 0; b <= a; b++) d2v[a * n + b]! += 2 * w * df[a]! * df[b]!;
      }
    }
    for (let a = 0; a < n; a++) for (let b = 0; b <= a; b++) d2v[a * n + b]! -= 2 * dm[a]! * dm[b]!;
  }

  function evaluate(p: Float64Array, order: 1 | 2, g: Float64Array, h?: Float64Array, fisher?: Float64Array): number {
    updateStack(stack, p, order);
    for (const array of [g, h, fisher]) array?.fill(0);
    let sum = 0;
    for (let i = 0; i < y.length; i++) {
      const { mean, total } = at(i);
      sum += value(i, mean, total);
      derive(i, mean, order);
      const r = y[i]! - mean;
      const [byMean, byTotal] = [(-2 * r) / total, 1 / total - (r / total) ** 2];
      for (let a = 0; a < n; a++) g[a]! += byMean * dm[a]! + byTotal * dv[a]!;
      if (h === undefined) continue;
      const [mm, mt, tt] = [2 / total, (2 * r) / total ** 2, (2 * r * r) / total ** 3 - 1 / total ** 2];
      for (let a = 0; a < n; a++) {
        for (let b = 0; b <= a; b++) {
          const q = a * n + b;
          const cross = dm[a]! * dv[b]! + dv[a]! * dm[b]!;
          h[q]! += mm * dm[a]! * dm[b]! + mt * cross + tt * dv[a]! * dv[b]! + byMean * d2m[q]! + byTotal * d2v[q]!;
          if (fisher !== undefined) fisher[q]! += mm * dm[a]! * dm[b]! + (dv[a]! * dv[b]!) / total ** 2;
        }
      }
    }
    for (const matrix of [h, fisher]) if (matrix !== undefined) mirror(matrix, n);
    return sum;
  }

  return {
    name,
    n,
    value(p) {
      updateStack(stack, p, 0);
      return y.reduce((sum, _, i) => {
        const { mean, total } = at(i);
        return sum + value(i, mean, total);
      }, 0);
    },
    gradient: (p, g) => evaluate(p, 1, g),
    hessian: (p, g, h, fisher) => evaluate(p, 2, g, h, fisher),
    npred(p) {
      updateStack(stack, p, 0);
      return y.map((_, i) => at(i).mean);
    },
  };
}

function compile(dataset: XYPointsDataset, context: CompileContext): CompiledTerm {
  const used = usedPoints(dataset);
  const bound = bindModels(dataset, used, context);
  const [y, err] = [dataset.dnde, dataset.dndeErr].map((column) => Float64Array.from(used, (i) => column[i]!));
  const stack = stackComponents(bound.map((b) => b.component));
  const measured = y!.slice();
  const term = xyTerm(dataset.name, stack, y!, err!);
  const f = new Float64Array(K);
  /** Of all points at p. */
  const moments = (p: Float64Array): Moments[] => {
    updateStack(stack, p, 0);
    return used.map((_, i) => momentsOf(stack, i, f));
  };
  const data: TermData = {
    measured,
    isCounting: false,
    set: (data) => y!.set(data),
    expected: term.npred,
    simulator(p) {
      const all = moments(p);
      return (random, out) =>
        all.forEach(({ mean, variance }, i) => {
          out[i] = mean + random.normal() * Math.sqrt(err![i]! ** 2 + variance);
        });
    },
    saturated: (p) => moments(p).reduce((sum, { variance }, i) => sum + Math.log(1 + variance / err![i]! ** 2), 0),
    dataset(data) {
      const dnde = dataset.dnde.slice();
      used.forEach((i, k) => {
        dnde[i] = data[k]!;
      });
      return { ...dataset, dnde };
    },
  };
  return termOfValues(term, bound, data, (i) => `at ${dataset.energy[used[i]!]} TeV (point ${used[i]})`);
}

/** Mean dnde of the chosen models at all points, masked ones too. */
function npred(dataset: XYPointsDataset, predicted: Predicted, context: KindContext): SkyMap {
  const { maskFit: _, ...rest } = dataset;
  const n = dataset.energy.length;
  const whole = { ...rest, dnde: new Float64Array(n) };
  const axis = axisFromNodes(dataset.energy, { name: "energy", unit: "TeV", interp: "log" });
  return valuesMap(axis, "cm-2 s-1 TeV-1", predictedValues(whole, predicted, context, n));
}

const within = (e: number, emin: number, emax: number) =>
  (e >= emin || sameEnergy(e, emin)) && (e <= emax || sameEnergy(e, emax));

export const xyPointsKind = valuesKind<XYPointsDataset>({
  types: ["XYPointsDataset"],
  about: "points with errors in energy and in flux, as other wavelengths bring them",
  values: "points",
  statistic: () => "effective variance",
  compile,
  npred,
  count: (dataset) => ({ nBins: dataset.energy.length, nFitBins: usedPoints(dataset).length }),
  restrict: (dataset, emin, emax) => ({
    ...dataset,
    maskFit: Uint8Array.from(dataset.energy, (e, i) => (within(e, emin, emax) && dataset.maskFit?.[i] !== 0 ? 1 : 0)),
  }),
});
