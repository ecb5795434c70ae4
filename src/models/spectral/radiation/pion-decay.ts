/** Gamma rays of neutral pions from protons on matter at rest [Kafexhiu, Aharonian, Taylor & Vila 2014, PRD 90, 123014]. */
import { LIGHT, PROTON } from "./constants.js";
import type { Kernel } from "./kernel.js";

/** Energies of this file are in GeV, of protons kinetic ones: the paper's. */
const PION = 0.1349766;
/** Threshold of pion production. */
const THRESHOLD = 0.27966184;
const MBARN = 1e-27; // cm2
/** The lowest total energy of protons, TeV. */
export const PION_THRESHOLD = (PROTON + THRESHOLD + 1e-4) * 1e-3;

/** Simulations that describe high energies: from where on, and their fits of Tables IV, V and VII. */
interface Hadronic {
  readonly from: number;
  readonly multiplicity: readonly [number, number, number, number, number];
  /** lambda, alpha, beta, gamma */
  readonly shape: readonly [number, number, number, number];
  readonly peak: readonly [number, number, number];
}

export const hadronicModels = {
  Pythia8: {
    from: 50,
    multiplicity: [0.652, 0.0016, 0.488, 0.1928, 0.483],
    shape: [3.5, 0.5, 4, 1],
    peak: [9.06, 0.3795, 0.01105],
  },
  Geant4: {
    from: 100,
    multiplicity: [0.728, 0.596, 0.491, 0.2503, 0.117],
    shape: [3, 0.5, 4.9, 1],
    peak: [9.13, 0.35, 9.7e-3],
  },
  SIBYLL: {
    from: 100,
    multiplicity: [5.436, 0.254, 0.072, 0.075, 0.166],
    shape: [3.55, 0.5, 3.6, 1],
    peak: [10.77, 0.412, 0.01264],
  },
  QGSJET: {
    from: 100,
    multiplicity: [0.908, 0.0009, 6.089, 0.176, 0.448],
    shape: [3.55, 0.5, 4.5, 1],
    peak: [13.16, 0.4419, 0.01439],
  },
} as const satisfies Readonly<Record<string, Hadronic>>;
export type HadronicName = keyof typeof hadronicModels;

/** Inelastic cross section of two protons, mbarn (Eq. 1). */
function inelastic(t: number): number {
  const l = Math.log(t / THRESHOLD);
  return (30.7 - 0.96 * l + 0.18 * l * l) * (1 - (THRESHOLD / t) ** 1.9) ** 3;
}

/** Of neutral pions below 2 GeV, from experiments: one and two pions (Eqs. 2 to 5). */
function pionsLow(t: number): number {
  const [mass, width] = [1.1883, 0.2264];
  const s = 2 * PROTON * (t + 2 * PROTON);
  const g = Math.sqrt(mass ** 2 * (mass ** 2 + width ** 2));
  const k = (Math.sqrt(8) * mass * width * g) / (Math.PI * Math.sqrt(mass ** 2 + g));
  const resonance = (PROTON * k) / (((Math.sqrt(s) - PROTON) ** 2 - mass ** 2) ** 2 + mass ** 2 * width ** 2);
  const inside = (s - PION ** 2 - 4 * PROTON ** 2) ** 2 - 16 * PION ** 2 * PROTON ** 2;
  const eta = Math.sqrt(Math.max(0, inside)) / (2 * PION * Math.sqrt(s));
  const one = 7.66e-3 * eta ** 1.95 * (1 + eta + eta ** 5) * resonance ** 1.86;
  return one + (t < 0.56 ? 0 : 5.7 / (1 + Math.exp(-9.3 * (t - 1.4))));
}

/** Of neutral pions, mbarn. */
function pions(t: number, high: Hadronic): number {
  if (t < 2) return pionsLow(t);
  if (t < 5) {
    const q = (t - THRESHOLD) / PROTON;
    return inelastic(t) * (-6e-3 + 0.237 * q - 0.023 * q * q);
  }
  const [a1, a2, a3, a4, a5] = (t < high.from ? hadronicModels.Geant4 : high).multiplicity;
  const x = (t - 3) / PROTON;
  return inelastic(t) * a1 * x ** a4 * (1 + Math.exp(-a2 * x ** a5)) * (1 - Math.exp(-a3 * x ** 0.25));
}

/** Largest energy of a pion. */
function largestPion(t: number): number {
  const s = 2 * PROTON * (t + 2 * PROTON);
  const energy = (s - 4 * PROTON ** 2 + PION ** 2) / (2 * Math.sqrt(s));
  const momentum = Math.sqrt(Math.max(0, energy ** 2 - PION ** 2));
  const gamma = (t + 2 * PROTON) / Math.sqrt(s);
  return gamma * (energy + momentum * Math.sqrt(1 - gamma ** -2));
}

/** The largest differential cross section, mbarn GeV-1 (Eq. 12). */
function largest(t: number, high: Hadronic): number {
  if (t < 1) return (5.9 * pions(t, high)) / largestPion(t);
  const [b1, b2, b3] = t >= high.from ? high.peak : t < 5 ? [9.53, 0.52, 0.054] : hadronicModels.Geant4.peak;
  const theta = t / PROTON;
  return ((b1 * theta ** -b2 * Math.exp(b3 * Math.log(theta) ** 2)) / PROTON) * pions(t, high);
}

/** lambda, alpha, beta, gamma of the spectrum (Table V). */
function shape(t: number, high: Hadronic): readonly [number, number, number, number] {
  if (t <= 1) return [1, 1, 3.29 - (t / PROTON) ** -1.5 / 5, 0];
  if (t > high.from) return high.shape;
  if (t > 20) return [3, 0.5, 4.2, 1];
  const q = (t - 1) / PROTON;
  const mu = 1.25 * q ** 1.25 * Math.exp(-1.25 * q);
  return t <= 4 ? [3, 1, mu + 2.45, mu + 1.45] : [3, 1, 1.5 * mu + 4.95, mu + 1.5];
}

/** What nuclei of the interstellar medium, in the beam and in the target, add (Section IV); constant below 1 GeV, where it diverges. */
function nuclei(t: number): number {
  if (t < 1) return 1.9141;
  const sigma = inelastic(t);
  return 1.37 + ((0.29 + 0.1) * 10 * Math.PI * (1 + Math.log(Math.max(1, sigma / inelastic(1000))))) / sigma;
}

/** Photons for 1 nucleus cm-3. */
export function pionDecayKernel(model: HadronicName, isEnhanced: boolean): Kernel {
  const high: Hadronic = hadronicModels[model];
  const quarter = PION ** 2 / 4;
  return {
    size: 6,
    tail: 0,
    threshold: () => 0,
    describe(particle, _none, out, at) {
      const t = particle * 1e3 - PROTON;
      out.fill(0, at, at + 6);
      if (!(t > THRESHOLD)) return;
      const [lambda, alpha, beta, gamma] = shape(t, high);
      const lorentz = largestPion(t) / PION;
      const top = (PION / 2) * lorentz * (1 + Math.sqrt(1 - lorentz ** -2));
      const y = top + quarter / top;
      // per GeV, to per TeV
      out[at] = 1e3 * LIGHT * MBARN * largest(t, high) * (isEnhanced ? nuclei(t) : 1);
      out[at + 1] = y - PION;
      out[at + 2] = y / (lambda * PION);
      out[at + 3] = alpha;
      out[at + 4] = beta;
      out[at + 5] = gamma;
    },
    evaluate(e, d, at, out) {
      const photon = e * 1e3;
      const x = (photon + quarter / photon - PION) / d[at + 1]!;
      out[0] = 0;
      if (!(x < 1)) return;
      const bare = d[at + 3] === 0.5 ? 1 - Math.sqrt(Math.max(0, x)) : 1 - x;
      const gamma = d[at + 5]!;
      const fall = 1 + x * d[at + 2]!;
      out[0] = (d[at]! * bare ** d[at + 4]!) / (gamma === 1 ? fall : gamma === 0 ? 1 : fall ** gamma);
    },
  };
}
