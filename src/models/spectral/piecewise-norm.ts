import { SpecError } from "../../errors.js";
import { findCell } from "../../math/interpolate.js";
import type { ParameterDeclaration, SpectralDeclaration } from "../declaration.js";
import { increasing, numbers } from "./columns.js";

const TYPE = "PiecewiseNormSpectralModel";
/** Norms at and below 0 have this logarithm's value, as in Gammapy. */
const TINY = 2.2250738585072014e-308;

/** A factor between nodes of energy, constant outside of them. */
export const piecewiseNorm: SpectralDeclaration = {
  type: TYPE,
  tag: "piecewise-norm",
  about: "Factor with a value at each of several energies, straight between them in logarithms, constant outside",
  latex: String.raw`\exp\left[(1 - t) \ln n_k + t \ln n_{k+1}\right],\ t = \frac{\ln(E / E_k)}{\ln(E_{k+1} / E_k)}`,
  parameters: {},
  extra: {
    energy: "{data: [numbers], unit}; the energies, at least two, each of which has a norm",
    interp: "log (default): straight in ln E and ln norm; lin: in E and norm",
  },
  example: { energy: { data: [0.1, 1, 10], unit: "TeV" }, interp: "log" },
  isNorm: true,
  evaluate: () => Number.NaN,
  bind({ extra }) {
    const energy = increasing(numbers(extra, "energy", "TeV", TYPE), "energy", TYPE);
    const n = energy.length;
    if (n < 2) throw new SpecError({ where: `${TYPE}.energy`, found: "one energy", expected: "at least two" });
    const { interp = "log" } = extra ?? {};
    if (interp !== "log" && interp !== "lin") {
      throw new SpecError({ where: `${TYPE}.interp`, found: JSON.stringify(interp), expected: "log or lin" });
    }
    const isLog = interp === "log";
    const nodes = isLog ? energy.map(Math.log) : energy;
    let k = 0;
    let t = 0;
    const enter = (e: number) => {
      const x = isLog ? Math.log(e) : e;
      k = findCell(nodes, x);
      t = Math.min(1, Math.max(0, (x - nodes[k]!) / (nodes[k + 1]! - nodes[k]!)));
    };
    const value = (p: Float64Array) => {
      const [low, high] = [p[k]!, p[k + 1]!];
      if (!isLog) return (1 - t) * low + t * high;
      // the nodes themselves to the last bit
      if (t === 0 || t === 1) return Math.max(t === 0 ? low : high, TINY);
      return Math.exp((1 - t) * Math.log(Math.max(low, TINY)) + t * Math.log(Math.max(high, TINY)));
    };
    const declared = Array.from(energy, (e, i): [string, ParameterDeclaration] => [
      `norm_${i}`,
      { unit: "", value: 1, about: `factor at ${Number(e.toPrecision(6))} TeV` },
    ]);
    return {
      ...piecewiseNorm,
      parameters: Object.fromEntries(declared),
      evaluate(e, p) {
        enter(e);
        return value(p);
      },
      derivatives(e, p, g, h) {
        enter(e);
        const y = value(p);
        g.fill(0);
        h.fill(0);
        if (!isLog) {
          g[k] = 1 - t;
          g[k + 1] = t;
          return y;
        }
        // of (1 - t) ln n_k + t ln n_k+1
        const low = p[k]! > TINY ? (1 - t) / p[k]! : 0;
        const high = p[k + 1]! > TINY ? t / p[k + 1]! : 0;
        g[k] = y * low;
        g[k + 1] = y * high;
        h[k * n + k] = -y * low * (p[k]! > TINY ? t / p[k]! : 0);
        h[(k + 1) * n + k + 1] = -y * high * (p[k + 1]! > TINY ? (1 - t) / p[k + 1]! : 0);
        h[k * n + k + 1] = h[(k + 1) * n + k] = y * low * high;
        return y;
      },
    };
  },
};
