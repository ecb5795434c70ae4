/** The light that electrons scatter: black bodies, diluted to an energy density. */
import { SpecError } from "../../../errors.js";
import { toUnit } from "../../../units/index.js";
import type { ParameterDeclaration } from "../../declaration.js";
import type { ModelData } from "../../types.js";
import { RADIATION } from "./constants.js";

interface SeedPhotons {
  readonly name: string;
  /** K */
  readonly temperature: number;
  /** eV cm-3 */
  readonly density: number;
}

const CMB: SeedPhotons = { name: "CMB", temperature: 2.72548, density: RADIATION * 2.72548 ** 4 };
/** naima's, of the Galaxy 6.5 kpc from its centre. */
const known: readonly SeedPhotons[] = [
  CMB,
  { name: "FIR", temperature: 30, density: 0.5 },
  { name: "NIR", temperature: 3000, density: 1 },
];

/** Parameters of a field that is not the CMB. */
export const temperatureOf = ({ name }: SeedPhotons): string => `${name}_temperature`;
export const densityOf = ({ name }: SeedPhotons): string => `${name}_energy_density`;
export const isFixed = (field: SeedPhotons): boolean => field === CMB;

const KEY = "seed_photon_fields";
const EXPECTED = `${known.map(({ name }) => name).join(", ")} or {name, temperature: 30 K, energy_density: 0.5 eV cm-3}`;

function readField(entry: unknown, where: string): SeedPhotons {
  if (typeof entry === "string") {
    const found = known.find(({ name }) => name === entry);
    if (found === undefined) throw new SpecError({ where, found: `"${entry}"`, expected: EXPECTED });
    return found;
  }
  const fields = (typeof entry === "object" && entry !== null ? entry : {}) as Readonly<Record<string, unknown>>;
  const { name, temperature, energy_density: density } = fields;
  if (typeof name !== "string" || !/^\w+$/.test(name) || name === CMB.name || temperature === undefined) {
    throw new SpecError({ where, found: JSON.stringify(entry), expected: EXPECTED });
  }
  const kelvin = toUnit(String(temperature), "K", `${where}.${name}.temperature`);
  // as in naima: of a black body where none is said
  const standard = RADIATION * kelvin ** 4;
  const value =
    density === undefined ? standard : toUnit(String(density), "eV cm-3", `${where}.${name}.energy_density`);
  return { name, temperature: kelvin, density: value };
}

/** The fields of a model; a text as naima has it, "CMB-FIR", for those of known names. */
export function seedPhotons({ extra = {} }: ModelData, type: string): SeedPhotons[] {
  const where = `${type}.${KEY}`;
  const given = extra[KEY] ?? [CMB.name];
  const list: readonly unknown[] =
    typeof given === "string" ? given.split("-") : Array.isArray(given) ? given : [given];
  const fields = list.map((entry) => readField(entry, where));
  const twice = fields.find(({ name }, i) => fields.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new SpecError(`${where}: two fields are called "${twice.name}"; rename one of them`);
  if (fields.length === 0) throw new SpecError({ where, found: "no field", expected: EXPECTED });
  return fields;
}

/** Their parameters. */
export function seedParameters(fields: readonly SeedPhotons[]): Readonly<Record<string, ParameterDeclaration>> {
  const declared = fields.flatMap((field): [string, ParameterDeclaration][] =>
    isFixed(field)
      ? []
      : [
          [
            temperatureOf(field),
            { unit: "K", value: field.temperature, frozen: true, min: 0, about: `temperature of ${field.name}` },
          ],
          [
            densityOf(field),
            { unit: "eV cm-3", value: field.density, frozen: true, min: 0, about: `energy density of ${field.name}` },
          ],
        ],
  );
  return Object.fromEntries(declared);
}
