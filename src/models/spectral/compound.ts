import { SpecError } from "../../errors.js";
import type { ParameterDeclaration, SpectralDeclaration } from "../declaration.js";
import { inLongerList } from "../jumps.js";
import { joinParts, uniqueNames } from "../parts.js";
import type { ModelData, ModelPart, Submodel } from "../types.js";

/** Gammapy's names: those of Python's module `operator`. */
const OPERATORS = ["add", "sub", "mul", "truediv"] as const;
/** What is done with two spectra: sum, difference, product or quotient. */
export type Operator = (typeof OPERATORS)[number];

/** The two models, and what is done with them. */
function dataOf({ extra = {}, parts = {} }: ModelData): [ModelPart, Operator, ModelPart] {
  const { model1, model2 } = parts;
  if (model1 === undefined || model2 === undefined) {
    throw new SpecError("CompoundSpectralModel: it needs two models, model1 and model2");
  }
  const found = OPERATORS.find((known) => known === extra.operator);
  if (found !== undefined) return [model1, found, model2];
  const what =
    extra.operator === undefined ? "the key operator is missing" : `found the operator "${String(extra.operator)}"`;
  throw new SpecError(`CompoundSpectralModel: ${what}, expected one of ${OPERATORS.join(", ")}`);
}

/** Value of a (op) b and its derivatives by a and b: [value, a, b, aa, ab, bb]. */
function combine(operator: Operator, a: number, b: number, out: Float64Array): void {
  out.fill(0);
  switch (operator) {
    case "add":
    case "sub":
      out[2] = operator === "add" ? 1 : -1;
      out[0] = a + out[2] * b;
      out[1] = 1;
      return;
    case "mul":
      out[0] = a * b;
      out[1] = b;
      out[2] = a;
      out[4] = 1;
      return;
    case "truediv":
      out[0] = a / b;
      out[1] = 1 / b;
      out[2] = -a / (b * b);
      out[4] = -1 / (b * b);
      out[5] = (2 * a) / b ** 3;
  }
}

/** Whether the result is a pure number, not a flux; and that it is one of both. */
function isNumber(operator: Operator, one: SpectralDeclaration, two: SpectralDeclaration): boolean {
  const [a, b] = [one, two].map(({ isNorm }) => (isNorm === true ? 0 : 1)) as [number, number];
  const dimension = operator === "mul" ? a + b : operator === "truediv" ? a - b : a === b ? a : -1;
  if (dimension === 0 || dimension === 1) return dimension === 0;
  const names = [one, two].map(({ type }, i) => `${type} (${[a, b][i] === 1 ? "a flux" : "a pure number"})`);
  throw new SpecError(
    `CompoundSpectralModel: ${operator} of ${names.join(" and ")} is neither a flux nor a pure number; take a norm model for one of them, or another operator`,
  );
}

/** Integrals of a difference in closed form: next to a zero no power law goes through neighbouring values. */
function differenceIntegrals(
  one: SpectralDeclaration,
  two: SpectralDeclaration,
  [p1, p2]: readonly [Float64Array, Float64Array],
  split: (p: Float64Array) => void,
): Pick<SpectralDeclaration, "integral" | "energyFlux"> {
  const { integral: flux1, energyFlux: eflux1 } = one;
  const { integral: flux2, energyFlux: eflux2 } = two;
  return {
    ...(flux1 &&
      flux2 && {
        integral(e0, e1, p) {
          split(p);
          return flux1.call(one, e0, e1, p1) - flux2.call(two, e0, e1, p2);
        },
      }),
    ...(eflux1 &&
      eflux2 && {
        energyFlux(e0, e1, p) {
          split(p);
          return eflux1.call(one, e0, e1, p1) - eflux2.call(two, e0, e1, p2);
        },
      }),
  };
}

type Range = SpectralDeclaration["energyRange"];

/** Where both have data. */
function rangeOf(one: Range, two: Range): { readonly energyRange?: readonly [number, number] } {
  if (one === undefined || two === undefined) return one || two ? { energyRange: (one ?? two)! } : {};
  return { energyRange: [Math.max(one[0], two[0]), Math.min(one[1], two[1])] };
}

const bindCompound: SpectralDeclaration["bind"] = ({ find, ...data }) => {
  const [model1, operator, model2] = dataOf(data);
  const [one, two] = [find(model1), find(model2)];
  const [names1, names2] = [Object.keys(one.parameters), Object.keys(two.parameters)];
  const names = uniqueNames([...names1, ...names2]);
  const declared = [...Object.values(one.parameters), ...Object.values(two.parameters)];
  const parameters = Object.fromEntries(names.map((name, i): [string, ParameterDeclaration] => [name, declared[i]!]));
  const [n1, n2] = [names1.length, names2.length];
  const n = n1 + n2;
  const [p1, p2] = [new Float64Array(n1), new Float64Array(n2)];
  const [g1, g2] = [new Float64Array(n1), new Float64Array(n2)];
  const [h1, h2] = [new Float64Array(n1 * n1), new Float64Array(n2 * n2)];
  const d = new Float64Array(6);
  const split = (p: Float64Array) => {
    for (let i = 0; i < n1; i++) p1[i] = p[i]!;
    for (let i = 0; i < n2; i++) p2[i] = p[n1 + i]!;
  };
  const isFactor = operator === "mul" || operator === "truediv";
  const norm = isFactor
    ? (one.norm ?? (operator === "mul" && two.norm ? names[n1 + names2.indexOf(two.norm)] : undefined))
    : undefined;
  return {
    ...compoundSpectrum,
    parameters,
    ...(norm !== undefined && { norm }),
    isNorm: isNumber(operator, one, two),
    ...((one.jumps ?? two.jumps) && { jumps: [...(one.jumps ?? []), ...inLongerList(two.jumps ?? [], n1)] }),
    ...((one.tables ?? two.tables) && { tables: [...(one.tables ?? []), ...inLongerList(two.tables ?? [], n1)] }),
    ...rangeOf(one.energyRange, two.energyRange),
    evaluate(e, p) {
      split(p);
      combine(operator, one.evaluate(e, p1), two.evaluate(e, p2), d);
      return d[0]!;
    },
    ...(operator === "sub" && differenceIntegrals(one, two, [p1, p2], split)),
    ...(one.derivatives !== undefined &&
      two.derivatives !== undefined && {
        derivatives(e, p, g, h) {
          split(p);
          combine(operator, one.derivatives!(e, p1, g1, h1), two.derivatives!(e, p2, g2, h2), d);
          for (let i = 0; i < n1; i++) {
            g[i] = d[1]! * g1[i]!;
            for (let j = 0; j < n1; j++) h[i * n + j] = d[1]! * h1[i * n1 + j]! + d[3]! * g1[i]! * g1[j]!;
            for (let j = 0; j < n2; j++) h[i * n + n1 + j] = h[(n1 + j) * n + i] = d[4]! * g1[i]! * g2[j]!;
          }
          for (let i = 0; i < n2; i++) {
            g[n1 + i] = d[2]! * g2[i]!;
            for (let j = 0; j < n2; j++) {
              h[(n1 + i) * n + n1 + j] = d[2]! * h2[i * n2 + j]! + d[5]! * g2[i]! * g2[j]!;
            }
          }
          return d[0]!;
        },
      }),
  };
};

export const compoundSpectrum: SpectralDeclaration = {
  type: "CompoundSpectralModel",
  tag: "compound",
  about: "Sum, difference, product or quotient of two spectra",
  latex: String.raw`\phi_1 \circ \phi_2`,
  parameters: {},
  extra: { operator: OPERATORS.join(", ") },
  parts: ["model1", "model2"],
  example: { operator: "add", model1: { type: "PowerLawSpectralModel" }, model2: { type: "LogParabolaSpectralModel" } },
  evaluate: () => Number.NaN,
  bind: bindCompound,
};

/**
 * Two spectra as one: `combineSpectra(powerLaw, "mul", absorption)`. Parameters of the second that have a name of the first get a number: `index_2`. A product
 * or quotient of a flux takes a norm model as one of the two.
 * @throws SpecError when the result is used, where it is neither a flux nor a pure number.
 * @example
 * ```ts
 * import { combineSpectra, createSubmodel, dnde } from "gammats";
 * const hard = createSubmodel("pl", { index: 2, amplitude: 1e-12 });
 * const soft = createSubmodel("pl", { index: 3, amplitude: 4e-12 });
 * const both = combineSpectra(hard, "add", soft);
 * console.assert(both.parameters.map((p) => p.name).includes("index_2"));
 * console.assert(Math.abs(dnde(both, [2])[0] / 0.75e-12 - 1) < 1e-12); // 0.25 + 0.5
 * ```
 */
export function combineSpectra(model1: Submodel, operator: Operator, model2: Submodel): Submodel {
  return joinParts(compoundSpectrum.type, { model1, model2 }, { extra: { operator } });
}
