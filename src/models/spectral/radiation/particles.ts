/** Spectra of particles: how many there are per energy, as naima has them. */
import { SpecError } from "../../../errors.js";
import type { ParameterDeclaration } from "../../declaration.js";

/** Places among the parameters after the amplitude; -1: the distribution has none. */
interface Roles {
  readonly e0: number;
  readonly alpha: number;
  readonly above: number;
  readonly ebreak: number;
  readonly cutoff: number;
  readonly beta: number;
  readonly curvature: number;
}

/** A distribution N(E) = amplitude s(E), in TeV-1. */
export interface Particles {
  /** The name of naima's class. */
  readonly name: string;
  readonly about: string;
  readonly latex: string;
  /** The amplitude first. */
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly roles: Roles;
}

const amplitude = { unit: "TeV-1", value: 1e46, about: "particles per energy at e_0" };
const e_0 = { unit: "TeV", value: 10, frozen: true, min: 0, about: "reference energy of the particles" };
const alpha = { unit: "", value: 2.5, about: "index of the particles" };
const e_cutoff = { unit: "TeV", value: 100, min: 0, about: "cutoff energy of the particles" };
const sharpness = { unit: "", value: 1, frozen: true, min: 0, about: "sharpness of the cutoff" };
const e_break = { unit: "TeV", value: 1, min: 0, about: "energy of the break" };
const alpha_1 = { unit: "", value: 2, about: "index of the particles below the break" };
const alpha_2 = { unit: "", value: 3, about: "index of the particles above the break" };

const none: Roles = { e0: 0, alpha: 1, above: -1, ebreak: -1, cutoff: -1, beta: -1, curvature: -1 };
const broken = { ...none, ebreak: 1, alpha: 2, above: 3 };
const power = String.raw`A \left(\frac{E}{E_0}\right)^{-\alpha}`;
const brokenPower = String.raw`A \left(\frac{E}{E_0}\right)^{-\alpha_1} \max\left(1, \frac{E}{E_b}\right)^{\alpha_1 - \alpha_2}`;
const cutoff = String.raw`\exp\left[-\left(\frac{E}{E_c}\right)^\beta\right]`;

export const particleDistributions: readonly Particles[] = [
  {
    name: "PowerLaw",
    about: "power law",
    latex: power,
    parameters: { amplitude, e_0, alpha },
    roles: none,
  },
  {
    name: "ExponentialCutoffPowerLaw",
    about: "power law with an exponential cutoff",
    latex: `${power} ${cutoff}`,
    parameters: { amplitude, e_0, alpha, e_cutoff, beta: sharpness },
    roles: { ...none, cutoff: 2, beta: 3 },
  },
  {
    name: "BrokenPowerLaw",
    about: "two power laws that meet at an energy",
    latex: brokenPower,
    parameters: { amplitude, e_0, e_break, alpha_1, alpha_2 },
    roles: broken,
  },
  {
    name: "ExponentialCutoffBrokenPowerLaw",
    about: "two power laws that meet at an energy, with an exponential cutoff",
    latex: `${brokenPower} ${cutoff}`,
    parameters: { amplitude, e_0, e_break, alpha_1, alpha_2, e_cutoff, beta: sharpness },
    roles: { ...broken, cutoff: 4, beta: 5 },
  },
  {
    name: "LogParabola",
    about: "power law whose index changes with ln E",
    latex: String.raw`A \left(\frac{E}{E_0}\right)^{-\alpha - \beta \ln(E/E_0)}`,
    parameters: { amplitude, e_0, alpha, beta: { unit: "", value: 0.1, about: "curvature" } },
    roles: { ...none, curvature: 2 },
  },
];

/** The distribution of that name. @throws SpecError where there is none. */
export function particlesOf(name: unknown, where: string): Particles {
  const names = particleDistributions.map((d) => d.name);
  const found = particleDistributions[name === undefined ? 0 : names.indexOf(String(name))];
  if (found !== undefined) return found;
  throw new SpecError({ where: `${where}.particle_distribution`, found: String(name), expected: names.join(", ") });
}

/**
 * ln s at an energy in TeV, where `q` are the parameters after the amplitude; with `g` [m] and `h` [m, m] its exact derivatives by them. Below a break for
 * E < e_break.
 */
export function logShape(
  { e0, alpha, above, ebreak, cutoff, beta, curvature }: Roles,
  energy: number,
  q: Float64Array,
  g?: Float64Array,
  h?: Float64Array,
): number {
  const m = q.length;
  const l = Math.log(energy / q[e0]!);
  const isAbove = ebreak >= 0 && energy >= q[ebreak]!;
  const step = isAbove ? Math.log(q[ebreak]! / q[e0]!) : 0;
  const index = isAbove ? q[above]! : q[alpha]!;
  const jump = isAbove ? q[above]! - q[alpha]! : 0;
  const bend = curvature >= 0 ? q[curvature]! : 0;
  // at 0, where there are no particles, NaN as below: a fit does not step onto a spectrum that vanishes with all its slopes
  const lc = cutoff >= 0 ? Math.log(q[cutoff]! > 0 ? energy / q[cutoff]! : Number.NaN) : 0;
  const v = cutoff >= 0 ? Math.exp(q[beta]! * lc) : 0;
  const value = jump * step - index * l - bend * l * l - v;
  if (g === undefined || h === undefined) return value;
  const both = (i: number, j: number, x: number) => {
    h[i * m + j] = h[j * m + i] = x;
  };
  g.fill(0);
  h.fill(0);
  const slope = (isAbove ? q[alpha]! : index) + 2 * bend * l;
  g[e0] = slope / q[e0]!;
  both(e0, e0, -(slope + 2 * bend) / q[e0]! ** 2);
  both(e0, alpha, 1 / q[e0]!);
  g[alpha] = isAbove ? -step : -l;
  if (isAbove) {
    g[above] = step - l;
    g[ebreak] = jump / q[ebreak]!;
    both(ebreak, ebreak, -jump / q[ebreak]! ** 2);
    both(ebreak, above, 1 / q[ebreak]!);
    both(ebreak, alpha, -1 / q[ebreak]!);
  }
  if (curvature >= 0) {
    g[curvature] = -l * l;
    both(e0, curvature, (2 * l) / q[e0]!);
  }
  if (cutoff >= 0) {
    const [c, b] = [q[cutoff]!, q[beta]!];
    g[cutoff] = (b * v) / c;
    g[beta] = -v * lc;
    both(cutoff, cutoff, (-b * (b + 1) * v) / (c * c));
    both(cutoff, beta, (v * (1 + b * lc)) / c);
    both(beta, beta, -v * lc * lc);
  }
  return value;
}
