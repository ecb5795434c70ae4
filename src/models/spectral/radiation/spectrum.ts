/** The radiation of a population of particles as a spectrum: dnde = A / (4 pi d^2) sum_f c_f S_f, S_f = sum_i weights_f(i) shape(i). */
import { SpecError } from "../../../errors.js";
import { toUnit } from "../../../units/index.js";
import type { ParameterDeclaration, SpectralDeclaration } from "../../declaration.js";
import type { ModelData } from "../../types.js";
import { KPC } from "./constants.js";
import { createKernelRows, type Kernel } from "./kernel.js";
import { type Particles, particleDistributions, particlesOf } from "./particles.js";
import { createPopulation, type EnergyGrid, type Population } from "./population.js";

/** A part of the radiation: a kernel, and where a number is no constant the name of its parameter. */
export interface Emission {
  readonly kernel: Kernel;
  /** Factor c_f. */
  readonly scale: number | string;
  /** What the shape of the kernel depends on. */
  readonly shape: number | string;
}

/** A process of radiation. */
export interface Process {
  readonly type: string;
  readonly tag: string;
  readonly about: string;
  readonly latex: string;
  /** Keys of naima for the lowest and highest energy of particles and their number per decade. */
  readonly gridKeys: readonly [string, string, string];
  readonly grid: EnergyGrid;
  /** Other keys of the YAML. */
  readonly extra: Readonly<Record<string, string>>;
  /** Those of these keys on which parameters depend. */
  readonly parameterKeys?: readonly string[];
  /** Of these keys, beside the particles. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** Parameters beside those of the particles and the distance. */
  parameters(data: ModelData): Readonly<Record<string, ParameterDeclaration>>;
  emissions(data: ModelData): readonly Emission[];
}

const distance: ParameterDeclaration = {
  unit: "kpc",
  value: 1,
  frozen: true,
  min: 0,
  about: "distance of the source",
};

/** The particles and where they are. */
function populationOf({ gridKeys, grid, type }: Process, { extra = {} }: ModelData): [Particles, EnergyGrid] {
  const energy = (key: string, standard: number) => {
    const value = extra[key];
    return value === undefined ? standard : toUnit(String(value), "TeV", `${type}.${key}`);
  };
  const [low, high, number] = gridKeys;
  const min = energy(low, grid.min);
  const max = energy(high, grid.max);
  const perDecade = extra[number] === undefined ? grid.perDecade : Number(extra[number]);
  if (!(min > 0 && max > min && Number.isFinite(max))) {
    throw new SpecError(`${type}: particles from ${min} to ${max} TeV; expected ${low} above 0 and ${high} above it`);
  }
  if (!(perDecade >= 1 && perDecade <= 10000)) {
    throw new SpecError({
      where: `${type}.${number}`,
      found: String(extra[number]),
      expected: "a number of particle energies per decade between 1 and 10000",
    });
  }
  return [particlesOf(extra.particle_distribution, type), { min, max, perDecade }];
}

/** All parameters: those of the particles (the amplitude first), of the process, and the distance. */
const parametersOf = (particles: Particles, process: Process, data: ModelData) => ({
  ...particles.parameters,
  ...process.parameters(data),
  distance,
});

type RadiationFunction = Required<Pick<SpectralDeclaration, "evaluate" | "derivatives" | "particleEnergy">>;

function radiationFunction(
  population: Population,
  emissions: readonly Emission[],
  names: readonly string[],
  m: number,
  { min, max }: EnergyGrid,
): RadiationFunction {
  const n = names.length;
  const q = new Float64Array(m);
  const place = (x: number | string) => (typeof x === "string" ? names.indexOf(x) : -1);
  const parts = emissions.map(({ kernel, scale, shape }) => ({
    rows: createKernelRows(kernel, population),
    scale,
    shape,
    scaleAt: place(scale),
    shapeAt: place(shape),
  }));
  const value = (x: number | string, at: number, p: Float64Array) => (at < 0 ? (x as number) : p[at]!);

  const update = (p: Float64Array, order: 0 | 2) => {
    for (let j = 0; j < m; j++) q[j] = p[j + 1]!;
    population.update(q, order);
  };

  function sum(weights: Float64Array, shape: Float64Array, first: number): number {
    let total = 0;
    for (let i = first; i < weights.length; i++) total += weights[i]! * shape[i]!;
    return total;
  }

  /** Adds one part and its derivatives by all parameters but amplitude and distance. */
  function addPart(part: (typeof parts)[number], e: number, p: Float64Array, g: Float64Array, h: Float64Array): number {
    const { rows, scale, shape, scaleAt, shapeAt } = part;
    const c = value(scale, scaleAt, p);
    const { weights, first } = rows.at(e, value(shape, shapeAt, p), shapeAt < 0 ? 0 : 2);
    const [w0, w1, w2] = weights as [Float64Array, Float64Array, Float64Array];
    const add = (i: number, j: number, x: number) => {
      h[i * n + j]! += x;
      if (i !== j) h[j * n + i]! += x;
    };
    const s = sum(w0, population.shape, first);
    if (scaleAt >= 0) g[scaleAt]! += s;
    for (let j = 0, k = 0; j < m; j++) {
      const sj = sum(w0, population.first[j]!, first);
      g[j + 1]! += c * sj;
      if (scaleAt >= 0) add(j + 1, scaleAt, sj);
      if (shapeAt >= 0) add(j + 1, shapeAt, c * sum(w1, population.first[j]!, first));
      for (let l = j; l < m; l++, k++) add(j + 1, l + 1, c * sum(w0, population.second[k]!, first));
    }
    if (shapeAt >= 0) {
      const s1 = sum(w1, population.shape, first);
      g[shapeAt]! += c * s1;
      add(shapeAt, shapeAt, c * sum(w2, population.shape, first));
      if (scaleAt >= 0) add(shapeAt, scaleAt, s1);
    }
    return c * s;
  }

  return {
    evaluate(e, p) {
      update(p, 0);
      let total = 0;
      for (const { rows, scale, shape, scaleAt, shapeAt } of parts) {
        const { weights, first } = rows.at(e, value(shape, shapeAt, p), 0);
        total += value(scale, scaleAt, p) * sum(weights[0]!, population.shape, first);
      }
      const d = KPC * p[n - 1]!;
      return (p[0]! * total) / (4 * Math.PI * d * d);
    },
    derivatives(e, p, g, h) {
      update(p, 2);
      g.fill(0);
      h.fill(0);
      let total = 0;
      for (const part of parts) total += addPart(part, e, p, g, h);
      const d = p[n - 1]!;
      const share = 1 / (4 * Math.PI * (KPC * d) ** 2);
      const a = p[0]!;
      for (let i = 1; i < n - 1; i++) {
        h[i * n] = h[i] = share * g[i]!;
        h[i * n + n - 1] = h[(n - 1) * n + i] = ((-2 * a * share) / d) * g[i]!;
        for (let j = 1; j < n - 1; j++) h[i * n + j]! *= a * share;
        g[i]! *= a * share;
      }
      g[0] = share * total;
      g[n - 1] = (-2 * a * share * total) / d;
      h[n - 1] = h[(n - 1) * n] = (-2 * share * total) / d;
      h[n * n - 1] = (6 * a * share * total) / (d * d);
      return a * share * total;
    },
    particleEnergy(p, low = min, high = max) {
      for (let j = 0; j < m; j++) q[j] = p[j + 1]!;
      return p[0]! * population.total(q, low, high);
    },
  };
}

/** The declaration of a process: of a power law of particles, until it is bound to one model. */
export function radiation(process: Process): SpectralDeclaration {
  const { type, tag, about, latex, gridKeys, grid, extra } = process;
  const [low, high, number] = gridKeys;
  const declaration: SpectralDeclaration = {
    type,
    tag,
    about,
    latex,
    parameters: parametersOf(particleDistributions[0]!, process, {}),
    extra: {
      particle_distribution: `${particleDistributions.map(({ name }) => name).join(", ")}; default: the first`,
      ...extra,
      [low]: `lowest energy of the particles; default: ${Number((grid.min * 1e3).toPrecision(6))} GeV`,
      [high]: `highest energy of the particles; default: ${Number(grid.max.toPrecision(6))} TeV`,
      [number]: `energies of particles per decade of the sums; default: ${grid.perDecade}`,
    },
    parameterKeys: ["particle_distribution", ...(process.parameterKeys ?? [])],
    example: { particle_distribution: "ExponentialCutoffPowerLaw", ...process.example },
    norm: "amplitude",
    evaluate: () => Number.NaN,
    bind(data) {
      const [particles, where] = populationOf(process, data);
      const parameters = parametersOf(particles, process, data);
      const names = Object.keys(parameters);
      const m = Object.keys(particles.parameters).length - 1;
      const population = createPopulation(particles, where);
      return {
        ...declaration,
        parameters,
        ...radiationFunction(population, process.emissions(data), names, m, where),
      };
    },
  };
  return declaration;
}
