import { SpecError } from "../../errors.js";
import { conversionFactor } from "../../units/index.js";
import type { SpectralDeclaration } from "../declaration.js";
import { jumpsAt, rangeAt } from "../jumps.js";
import type { ModelPart, Submodel } from "../types.js";

const TYPE = "ScaleSpectralModel";

/** The model inside, as the YAML or a program has it, and the values of its parameters that are given. */
function insideOf(model: unknown): {
  readonly part: ModelPart;
  readonly given: readonly Partial<Submodel["parameters"][number]>[];
} {
  const {
    type,
    parameters = [],
    ...rest
  } = (typeof model === "object" && model !== null ? model : {}) as Partial<Submodel> &
    Readonly<Record<string, unknown>>;
  if (typeof type !== "string" || !Array.isArray(parameters)) {
    throw new SpecError({
      where: `${TYPE}.model`,
      found: JSON.stringify(model)?.slice(0, 60) ?? "no model",
      expected: "a spectral model: {type, parameters: [{name, value, unit}]}; Gammapy does not write it",
    });
  }
  // of a program: a submodel; of a YAML: other keys are what the model takes beside parameters
  const { extra, resources, parts, ...keys } = rest as Partial<Submodel>;
  const more = { ...extra, ...keys };
  const part = {
    type,
    names: [],
    ...(Object.keys(more).length > 0 && { extra: more }),
    ...(resources !== undefined && { resources }),
    ...(parts !== undefined && { parts }),
  };
  return { part, given: parameters };
}

export const scaleSpectrum: SpectralDeclaration = {
  type: TYPE,
  tag: "scale",
  about: "Another spectrum, which is held, times a norm",
  latex: String.raw`n\, \phi(E)`,
  parameters: { norm: { unit: "", value: 1, about: "factor on the spectrum" } },
  extra: { model: "the spectrum that is scaled: {type, parameters: [{name, value, unit}]}, all of which are held" },
  example: { model: { type: "PowerLawSpectralModel", parameters: [{ name: "index", value: 2.3 }] } },
  norm: "norm",
  evaluate: () => Number.NaN,
  bind({ extra = {}, find }) {
    const { part, given } = insideOf(extra.model);
    const inside = find(part);
    const { isNorm = false, integral, energyFlux } = inside;
    const q = Float64Array.from(Object.entries(inside.parameters), ([name, { unit, value }]) => {
      const found = given.find((parameter) => parameter.name === name);
      if (found?.value === undefined) return value;
      return found.value * conversionFactor(found.unit ?? unit, unit, `${TYPE}.model.${name}`);
    });
    return {
      ...scaleSpectrum,
      isNorm,
      ...(inside.powerLawSegments === true && { powerLawSegments: true }),
      ...(inside.jumps !== undefined && { jumps: [{ energies: jumpsAt(inside.jumps, q) }] }),
      ...(inside.tables !== undefined && {
        tables: inside.tables.map((table) => ({ energyRange: rangeAt(table, q), beyond: table.beyond })),
      }),
      evaluate: (e, p) => p[0]! * inside.evaluate(e, q),
      ...(integral && { integral: (e0, e1, p) => p[0]! * integral.call(inside, e0, e1, q) }),
      ...(energyFlux && { energyFlux: (e0, e1, p) => p[0]! * energyFlux.call(inside, e0, e1, q) }),
      derivatives(e, p, g, h) {
        g[0] = inside.evaluate(e, q);
        h[0] = 0;
        return p[0]! * g[0];
      },
    };
  },
};
