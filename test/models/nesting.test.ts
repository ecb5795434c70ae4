/** Which models are special cases of others, as their declarations say: each is evaluated where it is to be the other one. */
import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/api/model-texts.js";
import { nestingOf } from "../../src/api/models.js";
import type { SpectralDeclaration } from "../../src/models/declaration.js";
import { standardModels } from "../../src/models/registry.js";

const { spectral, spatial } = standardModels;
const reductions = spectral.flatMap((d) =>
  (d.reductions ?? []).map(
    (r) => [d.type, r.type, { d, r, to: spectral.find(({ type }) => type === r.type)! }] as const,
  ),
);

const vector = (d: SpectralDeclaration, value: (name: string) => number) =>
  Float64Array.from(Object.keys(d.parameters), value);

/** No two of them are in a simple ratio. */
const ODD = [1.7, 2.3, 0.6, 1.3, 0.9, 0.45];

describe("a declared special case", () => {
  it.each(reductions)("%s is a %s", (_, __, { d, r, to }) => {
    const names = Object.keys(d.parameters);
    const own = (name: string): number => {
      const { [name]: value } = r.when;
      if (typeof value === "number") return value;
      return ODD[names.indexOf(value ?? name)]!;
    };
    const p = vector(d, own);
    // names that this model does not have are those of a pivot, which changes the norm alone
    const q = vector(to, (name) => (names.includes(r.as?.[name] ?? name) ? own(r.as?.[name] ?? name) : 1.1));
    const ratios = [0.02, 0.3, 1.9, 40].map((e) => d.evaluate(e, p) / to.evaluate(e, q));
    for (const ratio of ratios) expect(ratio / ratios[0]!).toBeCloseTo(1, 12);
    for (const name of [...Object.keys(r.when), ...Object.values(r.as ?? {}), ...(r.without ?? [])]) {
      expect(names).toContain(name);
    }
  });

  it.each(spectral.flatMap((d) => (d.pivot ? [[d.type, d, d.pivot] as const] : [])))(
    "%s is the same at another pivot",
    (_, d, { name, free }) => {
      const names = Object.keys(d.parameters);
      const at = vector(d, (key) => ODD[names.indexOf(key)]!);
      const other = Float64Array.from(at);
      const k = names.indexOf(name);
      other[k] = 2 * at[k]!;
      // the slope at the other pivot, from neighbours, goes into the index; a norm takes up the rest
      const slope = (p: Float64Array) => Math.log(d.evaluate(2.2, p) / d.evaluate(2.1, p));
      const index = free.find((key) => key !== d.norm);
      if (index !== undefined) {
        const i = names.indexOf(index);
        const step = (slope(at) - slope(other)) / -Math.log(2.2 / 2.1);
        other[i] = other[i]! + step;
      }
      const ratios = [0.02, 0.3, 1.9, 40].map((e) => d.evaluate(e, at) / d.evaluate(e, other));
      for (const ratio of ratios) expect(ratio / ratios[0]!).toBeCloseTo(1, 9);
    },
  );

  it.each(spatial.flatMap((d) => (d.reductions ?? []).map((r) => [d.type, r.type, d, r] as const)))(
    "%s shrinks to a %s",
    (_, type, d, { when, without = [] }) => {
      expect(type).toBe("PointSpatialModel");
      const names = Object.keys(d.parameters);
      const p = Float64Array.from(names, (name) => (when[name] === 0 ? 1e-6 : d.parameters[name]!.value));
      // deg^2
      expect(d.covariance!(p)[0]).toBeLessThan(1e-11);
      expect(names.sort()).toEqual(["lat_0", "lon_0", ...Object.keys(when), ...without].sort());
    },
  );
});

describe("nestingOf", () => {
  const models = (...texts: string[]) => parseModel(texts);
  const of = (a: string, b: string) => nestingOf(models(a), models(b));

  it("holds what the alternative has more, at a limit or not", () => {
    expect(of("pl", "lp")).toEqual({
      reason: "",
      held: [{ id: "source.beta", value: 0, atLimit: false }],
      meaningless: [],
    });
    expect(of("pl", "ecpl(lambda_=0.1 TeV-1 [0..1])").held).toEqual([
      { id: "source.lambda_", value: 0, atLimit: true },
    ]);
    expect(of("pl", "bpl")).toEqual({
      reason: "",
      held: [{ id: "source.index2", value: "source.index1", atLimit: false }],
      meaningless: ["source.ebreak"],
    });
    expect(of("pl(index=2 frozen)", "pl").held).toEqual([{ id: "source.index", value: 2, atLimit: false }]);
  });

  it("goes into models that are made of others", () => {
    expect(of("pl * pl-norm(norm=2 frozen)", "lp * pl-norm(norm=2 frozen)").reason).toBe("");
    expect(of("pl * pl-norm(norm=2 frozen)", "lp * pl-norm(norm=3 frozen)").reason).toContain("is held at 3, not at 2");
  });

  it("of a source that one has more holds its norm, which the rest of it means nothing without", () => {
    const found = nestingOf(models("A = pl"), models("A = pl", "B = pl(amplitude=1e-12 cm-2 s-1 TeV-1 [0..1])"));
    expect(found).toEqual({
      reason: "",
      held: [{ id: "B.amplitude", value: 0, atLimit: true }],
      meaningless: ["B.index"],
    });
  });

  it.each([
    ["lp", "ecpl", /LogParabolaSpectralModel is not known as a case of ExpCutoff/],
    ["lp", "pl", /LogParabolaSpectralModel is not known as a case of PowerLaw/],
    ["pl", "pl(index=2 frozen)", /source\.index is free in the models with fewer/],
    ["pl", "lp(beta=0.1 frozen)", /source\.beta is held at 0\.1, not at 0/],
    ["pl", "lp(beta=0.2 [0.1..1])", /source\.beta cannot be 0, which is outside of its limits/],
    ["pl(index=2.6)", "lp(alpha=3.2[3..])", /source\.alpha cannot be 2\.6, which is outside of its limits/],
    ["pl(amplitude=1e-12 frozen)", "pl(reference=3 TeV)", /reference is held at 3, not at 1/],
  ])("%s is not nested in %s", (a, b, reason) => {
    expect(of(a, b).reason).toMatch(reason);
  });
});
