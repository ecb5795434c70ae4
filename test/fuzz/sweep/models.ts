/** Random models with parameters up to extreme ones, in units of all kinds. */
import { createSubmodel, flux, fovBackground } from "../../../src/api/models.js";
import { declarationOf } from "../../../src/models/lookup.js";
import { standardModels } from "../../../src/models/registry.js";
import { combineSpectra } from "../../../src/models/spectral/compound.js";
import type { FoVBackgroundModel, Model, Parameter, PriorSpec, SkyModel, Submodel } from "../../../src/models/types.js";
import { axisFromEdges, offsetBy, wcsGeom } from "../../../src/sky/index.js";
import type { SkyPosition } from "../../../src/sky/types.js";
import { conversionFactor } from "../../../src/units/index.js";
import type { Choices } from "../random.js";
import { placeNear } from "./sky.js";

type Values = Readonly<Record<string, number>>;

/** Between two numbers, or one of those where formulas have their corners. */
const or = (c: Choices, corners: readonly number[], low: number, high: number) =>
  c.chance(0.25) ? c.pick(corners) : c.between(low, high);

const index = (c: Choices) => or(c, [0, 1, 1 + 1e-9, 2, 2 - 1e-7, -2, 6], 1, 4);
const energy = (c: Choices) => 10 ** c.between(-1, 1.3);

const SPECTRA: Readonly<Record<string, (c: Choices) => Values>> = {
  pl: (c) => ({ index: index(c), reference: energy(c) }),
  "pl-2": (c) => ({
    index: c.chance(0.2) ? 1 + 1e-9 : c.between(1.1, 4),
    emin: c.between(0.1, 1),
    emax: c.between(2, 200),
  }),
  bpl: (c) => ({ index1: index(c), index2: index(c), ebreak: energy(c) }),
  sbpl: (c) => ({
    index1: index(c),
    index2: index(c),
    ebreak: energy(c),
    reference: energy(c),
    beta: or(c, [0.01], 0.1, 3),
  }),
  ecpl: (c) => ({
    index: index(c),
    lambda_: or(c, [0, 5, 1e-9], 0.01, 0.5),
    alpha: or(c, [0.1, 3], 0.5, 1.5),
    reference: energy(c),
  }),
  "ecpl-3fgl": (c) => ({ index: index(c), ecut: or(c, [0.1, 1e6], 0.5, 30), reference: energy(c) }),
  "secpl-3fgl": (c) => ({ index_1: index(c), index_2: or(c, [0, 3], 0.3, 1.5), ecut: energy(c), reference: energy(c) }),
  "secpl-4fgl": (c) => ({
    index_1: index(c),
    index_2: or(c, [0.2], 0.4, 0.8),
    expfactor: 10 ** c.between(-6, -3),
    reference: energy(c),
  }),
  "secpl-4fgl-dr3": (c) => ({
    index_1: index(c),
    index_2: or(c, [0, 1e-4, 2], 0.2, 1),
    expfactor: or(c, [0, -0.1], 0.01, 1),
    reference: energy(c),
  }),
  lp: (c) => ({ alpha: index(c), beta: or(c, [0, -0.3, 2], 0.01, 0.5), reference: energy(c) }),
  lp2: (c) => ({ alpha: index(c), beta: or(c, [0, -0.3, 2], 0.01, 0.5), escale: energy(c) }),
  const: () => ({}),
  gauss: (c) => ({ mean: energy(c), sigma: or(c, [0.05, 100], 0.3, 5) }),
};

const FACTORS: Readonly<Record<string, (c: Choices) => Values>> = {
  "pl-norm": (c) => ({ norm: c.between(0.5, 2), tilt: or(c, [0, 3], -0.5, 0.5), reference: energy(c) }),
  "lp-norm": (c) => ({
    norm: c.between(0.5, 2),
    alpha: c.between(-0.3, 0.3),
    beta: or(c, [0], -0.1, 0.2),
    reference: energy(c),
  }),
  "ecpl-norm": (c) => ({
    norm: c.between(0.5, 2),
    index: c.between(-0.3, 0.3),
    lambda_: or(c, [0], 0.01, 0.1),
    reference: energy(c),
  }),
};

/** The same quantity in other units. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  TeV: ["GeV", "MeV", "keV", "erg"],
  "TeV-1": ["GeV-1", "MeV-1"],
  "cm-2 s-1 TeV-1": ["m-2 s-1 TeV-1", "cm-2 s-1 GeV-1", "cm-2 s-1 MeV-1", "erg-1 cm-2 s-1"],
  "cm-2 s-1": ["m-2 s-1", "cm-2 h-1"],
  deg: ["rad", "arcmin", "arcsec"],
  d: ["h", "s"],
  "d-1": ["h-1"],
};

function inUnit(c: Choices, parameter: Parameter): Parameter {
  const units = UNITS[parameter.unit];
  if (units === undefined || c.chance(0.7)) return parameter;
  const unit = c.pick(units);
  const factor = conversionFactor(parameter.unit, unit, parameter.name);
  const { value, min, max } = parameter;
  return { ...parameter, unit, value: value * factor, min: min * factor, max: max * factor };
}

const inUnits = (c: Choices, submodel: Submodel): Submodel => ({
  ...submodel,
  parameters: submodel.parameters.map((parameter) => inUnit(c, parameter)),
});

function template(c: Choices): Submodel {
  const n = 2 + c.below(6);
  let at = 0.05;
  const energies = c.list(n, () => (at *= 1 + c.between(0.2, 4)));
  const unit = c.pick(["cm-2 s-1 TeV-1", "m-2 s-1 GeV-1"]);
  const values = energies.map((e) => 1e-12 * e ** -c.between(1.5, 3));
  const extra = { energy: { data: energies, unit: "TeV" }, values: { data: values, unit } };
  return createSubmodel("TemplateSpectralModel", {}, { extra });
}

function absorption(c: Choices): Submodel {
  const energies = c.list(6, (i) => 0.03 * 4 ** i * c.between(0.9, 1.1));
  const redshifts = [0.01, 0.1, 0.3].slice(0, 1 + c.below(3));
  const data = redshifts.map((z) => energies.map((e) => Math.exp(-z * e * 0.3)));
  const extra = {
    energy: { data: energies, unit: "TeV" },
    param: { data: redshifts, unit: "" },
    values: { data, unit: "" },
  };
  return createSubmodel(
    "EBLAbsorptionNormSpectralModel",
    { redshift: c.between(0.005, 0.4), alpha_norm: c.between(0, 1.5) },
    { extra },
  );
}

const plainSpectrum = (c: Choices): Submodel => {
  const tag = c.pick(Object.keys(SPECTRA));
  return createSubmodel(tag, SPECTRA[tag]!(c), { kind: "spectral" });
};

const factor = (c: Choices): Submodel => {
  const tag = c.pick(Object.keys(FACTORS));
  return createSubmodel(tag, FACTORS[tag]!(c));
};

function anySpectrum(c: Choices): Submodel {
  if (c.chance(0.75)) return plainSpectrum(c);
  const compound: readonly (() => Submodel)[] = [
    () => combineSpectra(scaled(plainSpectrum(c), 1e-12), "add", scaled(plainSpectrum(c), 1e-12)),
    () => combineSpectra(plainSpectrum(c), "mul", factor(c)),
    () => combineSpectra(plainSpectrum(c), "truediv", factor(c)),
    () => combineSpectra(plainSpectrum(c), "mul", absorption(c)),
    () => combineSpectra(template(c), "mul", factor(c)),
  ];
  return c.pick(compound)();
}

/** So that its flux from 0.1 to 300 TeV is `target`; as it is where it has no norm, or the flux is no number to go by. */
function scaled(submodel: Submodel, target: number): Submodel {
  const { norm } = declarationOf(submodel, "spectral", standardModels);
  const [found] = flux(submodel, [0.1], [300]) as unknown as [number];
  if (norm === undefined || !(found > 1e-40 && found < 1e40)) return submodel;
  const parameters = submodel.parameters.map((p) =>
    p.name === norm ? { ...p, value: (p.value * target) / found } : p,
  );
  return { ...submodel, parameters };
}

/** With fluxes that are numbers. */
function finiteSpectrum(c: Choices): Submodel {
  for (;;) {
    const submodel = anySpectrum(c);
    const found = flux(submodel, [0.1, 10], [10, 300]);
    if (found.every((x) => x > 0 && x < 1e40)) return submodel;
  }
}

export const randomSpectral = (c: Choices, canBeNegative: boolean): Submodel =>
  inUnits(c, scaled(finiteSpectrum(c), 10 ** c.between(-12, -9.5) * (canBeNegative && c.chance(0.1) ? -1 : 1)));

/** Sizes [deg] from far below a pixel to beyond the map. */
const extent = (c: Choices, binsz: number) => binsz * (c.chance(0.2) ? c.pick([0.01, 0.1, 20]) : c.between(0.5, 4));

const ellipse = (c: Choices): Values =>
  c.chance(0.5) ? { e: 0 } : { e: or(c, [0.99, 1e-6], 0.1, 0.95), phi: or(c, [0, 90, 180], -180, 180) };

const SHAPES: Readonly<Record<string, (c: Choices, binsz: number) => Values>> = {
  point: () => ({}),
  gauss: (c, binsz) => ({ sigma: extent(c, binsz), ...ellipse(c) }),
  disk: (c, binsz) => ({ r_0: extent(c, binsz), edge_width: or(c, [0.001, 0.5], 0.01, 0.3), ...ellipse(c) }),
  "gauss-general": (c, binsz) => ({ r_0: extent(c, binsz), eta: or(c, [0.1, 1], 0.2, 1), ...ellipse(c) }),
  shell: (c, binsz) => ({ radius: binsz * c.between(0.5, 4), width: binsz * c.between(0.1, 2) }),
  shell2: (c, binsz) => ({ r_0: binsz * c.between(1, 6), eta: c.between(0.05, 1) }),
};

function templateMap(c: Choices, name: string, center: SkyPosition, binsz: number): Submodel {
  const isCube = c.chance(0.4);
  const edges = Float64Array.of(0.1, 0.5, 2, 20, 300);
  const axes = isCube ? [axisFromEdges(edges, { name: "energy_true", unit: "TeV", interp: "log" })] : [];
  const geom = wcsGeom({
    // no pixel of the data has its middle on the edge
    center: offsetBy(center, c.between(0, 360), binsz * c.between(0.01, 0.3)),
    binsz: binsz * c.between(0.5, 1.5),
    npix: [4 + c.below(8), 4 + c.below(8)],
    proj: c.pick(["TAN", "CAR"]),
    rotation: c.chance(0.3) ? c.between(-90, 90) : 0,
    axes,
  });
  const n = geom.npix[0] * geom.npix[1] * (isCube ? 4 : 1);
  const map = { geom, unit: "sr-1", data: Float64Array.from({ length: n }, () => 10 ** c.between(1, 3)) };
  const extra = { normalize: c.chance(0.5), filename: `${name}.fits` };
  return createSubmodel("TemplateSpatialModel", {}, { extra, resources: { map } });
}

/** What sources stand in: pixels of `binsz` deg, `reach` deg to each side, and whether there are flux points, which templates are other for. */
export interface Surroundings {
  readonly binsz: number;
  readonly reach: number;
  readonly hasPoints: boolean;
}

/** A shape on a map around `center`. */
export function randomSpatial(
  c: Choices,
  name: string,
  center: SkyPosition,
  { binsz, reach, hasPoints }: Surroundings,
): Submodel {
  if (c.chance(0.05)) return createSubmodel("ConstantSpatialModel", { value: c.between(1, 100) });
  if (c.chance(0.08) && !hasPoints) return templateMap(c, name, center, binsz);
  const tag = c.chance(0.3) ? "point" : c.pick(Object.keys(SHAPES));
  // extended shapes are cut to whole pixels around their centre, which is a matter of rounding between two
  const middle = tag === "point" ? 0 : 0.01 * binsz;
  const distance = c.chance(0.15) ? middle : c.chance(0.1) ? reach * c.between(1, 2) : reach * c.between(0, 0.8);
  const { lon, lat, frame } = placeNear(c, center, distance);
  const turns = c.chance(0.1) ? c.pick([-360, 360]) : 0;
  return inUnits(
    c,
    createSubmodel(tag, { lon_0: lon + turns, lat_0: lat, ...SHAPES[tag]!(c, binsz) }, { kind: "spatial", frame }),
  );
}

/** A point exactly there, in any frame. */
export function pointAt(c: Choices, center: SkyPosition): Submodel {
  const { lon, lat, frame } = placeNear(c, center, 0);
  return inUnits(c, createSubmodel("point", { lon_0: lon, lat_0: lat }, { kind: "spatial", frame }));
}

const TIMES: Readonly<Record<string, (c: Choices, at: number) => Values>> = {
  "exp-decay": (c, at) => ({ t0: 10 ** c.between(-1, 1), t_ref: at - c.between(0, 1) }),
  gauss: (c, at) => ({ t_ref: at + c.between(-0.5, 0.5), sigma: 10 ** c.between(-1, 1) }),
  linear: (c, at) => ({ alpha: c.between(0.5, 2), beta: c.between(-0.2, 0.2), t_ref: at }),
  powerlaw: (c, at) => ({ alpha: or(c, [0, -1], -2, 2), t_ref: at - c.between(0.5, 5), t0: c.between(0.5, 2) }),
  gengauss: (c, at) => ({
    t_ref: at + c.between(-0.3, 0.3),
    t_rise: c.between(0.1, 2),
    t_decay: c.between(0.1, 2),
    eta: c.between(0.3, 2),
  }),
  sinus: (c, at) => ({ amp: c.between(0, 1), omega: c.between(0.5, 20), t_ref: at }),
};

/** `at`: MJD of the data. */
export function randomTemporal(c: Choices, at: number): Submodel {
  const tag = c.pick(Object.keys(TIMES));
  return inUnits(c, createSubmodel(tag, TIMES[tag]!(c, at), { kind: "temporal" }));
}

export const randomBackground = (c: Choices, dataset: string): FoVBackgroundModel =>
  fovBackground(dataset, inUnits(c, factor(c)));

function randomPrior(c: Choices, x: number): PriorSpec {
  const size = Math.abs(x) || 1;
  const priors: readonly (readonly [string, Values])[] = [
    ["GaussianPrior", { mu: x + size * c.between(-1, 1), sigma: size * c.between(0.05, 2) }],
    ["UniformPrior", { min: x - size * c.between(0.1, 3), max: x + size * c.between(0.1, 3) }],
    [
      "GeneralizedGaussianPrior",
      { mu: x + size * c.between(-1, 1), sigma: size * c.between(0.05, 2), eta: c.between(0.2, 1.5) },
    ],
    ["LogUniformPrior", { min: size * c.between(0.01, 0.9), max: size * c.between(1.1, 100) }],
  ];
  const [type, values] = c.pick(x > 0 ? priors : priors.slice(0, 3));
  const parameters = Object.entries(values).map(([name, value]) => ({ name, value, unit: "" }));
  return { type, weight: c.chance(0.5) ? 1 : c.between(0.2, 3), parameters };
}

/** Some free parameters with priors, some frozen. */
function withPriors(c: Choices, submodel: Submodel): Submodel {
  const parameters = submodel.parameters.map((p) => {
    // linked parameters are alike
    const frozen = p.link === undefined ? p.frozen || c.chance(0.3) : p.frozen;
    // a prior of a linked parameter counts once here and twice there
    const prior = !frozen && p.link === undefined && c.chance(0.15) && { prior: randomPrior(c, p.value) };
    return { ...p, frozen, ...prior };
  });
  return { ...submodel, parameters };
}

/** Two sources with the same spectral type have one parameter in common. */
function linked(c: Choices, sources: readonly SkyModel[]): readonly SkyModel[] {
  const [a, b] = sources;
  if (a === undefined || b === undefined || c.chance(0.6)) return sources;
  const at = c.below(a.spectral.parameters.length);
  const shared = a.spectral.parameters[at];
  if (shared === undefined) return sources;
  const spectral = {
    ...a.spectral,
    parameters: a.spectral.parameters.map((p, i) => (i === at ? { ...p, link: "shared" } : p)),
  };
  return [{ ...a, spectral }, { ...b, spectral }, ...sources.slice(2)];
}

const isShell = (submodel: Submodel | undefined) => submodel?.type.startsWith("Shell");

export function finished(
  c: Choices,
  sources: readonly SkyModel[],
  backgrounds: readonly FoVBackgroundModel[],
): Model[] {
  const free = linked(c, sources).map((model): SkyModel => {
    const { spatial, temporal } = model;
    return {
      ...model,
      spectral: withPriors(c, model.spectral),
      // what may not be free is frozen, and most shapes, which take their time
      ...(spatial && { spatial: isShell(spatial) || c.chance(0.7) ? frozen(spatial) : withPriors(c, spatial) }),
      ...(temporal && { temporal: frozen(temporal) }),
    };
  });
  return [...free, ...backgrounds.map((model) => ({ ...model, spectral: withPriors(c, model.spectral) }))];
}

const frozen = (submodel: Submodel): Submodel => ({
  ...submodel,
  parameters: submodel.parameters.map((p) => ({ ...p, frozen: true })),
});
