import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readModels, writeModels } from "../../src/api/io.js";
import { createSubmodel, dnde, energyFlux, flux } from "../../src/api/models.js";
import { gradientByDifferences, hessianByDifferences } from "../../src/math/differences.js";
import { skyModel } from "../../src/models/create.js";
import { declarationOf } from "../../src/models/lookup.js";
import { allParameters, parameterVector, updateParameters } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import { combineSpectra } from "../../src/models/spectral/compound.js";

interface Case {
  readonly name: string;
  readonly yaml: string;
  readonly dnde: number[];
  readonly flux: number[];
  readonly eflux: number[];
}

const oracle = JSON.parse(readFileSync(new URL("../oracle/models.json", import.meta.url), "utf8"));
const cases = (oracle.compounds as Case[]).map((c) => [c.name, c] as const);
const [low, high] = [oracle.edges.slice(0, -1), oracle.edges.slice(1)];

/** Largest relative difference, zeros being equal to zeros. */
const distance = (ours: ArrayLike<number>, theirs: readonly number[]) =>
  Math.max(...theirs.map((x, i) => (ours[i] === x ? 0 : Math.abs(ours[i]! / x - 1))));

describe.each(cases)("%s", (_, c) => {
  const { models } = readModels(c.yaml);
  const { spectral } = models.components[0]!;

  it("is worth what it is in Gammapy", () => {
    // logarithms of shares down to 1e-8 are multiplied by up to 1.2
    expect(distance(dnde(spectral, oracle.energy), c.dnde)).toBeLessThan(1e-12);
    expect(distance(flux(spectral, low, high), c.flux)).toBeLessThan(1e-9);
    expect(distance(energyFlux(spectral, low, high), c.eflux)).toBeLessThan(1e-9);
  });

  it("has exact derivatives", () => {
    const declaration = declarationOf(spectral, "spectral", standardModels);
    const p = parameterVector(spectral, declaration);
    const n = p.length;
    const [g, h, gd, ge] = [n, n * n, n, n].map((m) => new Float64Array(m));
    const [hd, he] = [new Float64Array(n * n), new Float64Array(n * n)];
    // away from the nodes of tables, where slopes jump
    for (const e of [0.3, 1.1, 4.2, 20]) {
      const f = (q: Float64Array) => declaration.evaluate(e, q);
      const value = declaration.derivatives!(e, p, g!, h!);
      if (f(p) === 0) {
        expect([value, ...g!, ...h!].every((x) => x === 0)).toBe(true);
        continue;
      }
      expect(Math.abs(value / f(p) - 1)).toBeLessThan(1e-14);
      const step = p.map((x) => 0.01 * (Math.abs(x) || 0.1));
      gradientByDifferences(f, p, step, gd!, ge!);
      hessianByDifferences(f, p, step, hd, he);
      for (let i = 0; i < n; i++) {
        const scale = Math.abs(value) / step[i]!;
        expect(Math.abs(g![i]! - gd![i]!)).toBeLessThanOrEqual(10 * ge![i]! + 1e-10 * scale);
        for (let j = 0; j < n; j++) {
          const bound = 10 * he[i * n + j]! + (1e-8 * scale) / step[j]!;
          expect(Math.abs(h![i * n + j]! - hd[i * n + j]!)).toBeLessThanOrEqual(bound);
        }
      }
    }
  });

  it("is written as it was read, anew and in place", () => {
    expect(readModels(writeModels(models)).models).toEqual(models);
    const entries = allParameters(models);
    const { id } = entries[entries.length - 1]!;
    const changed = updateParameters(models, { [id]: { value: 0.123, frozen: true } });
    const text = writeModels(changed, { original: c.yaml });
    expect(readModels(text).models).toEqual(changed);
    // one value, perhaps a new line for the flag, and the checksum
    const lines = c.yaml.split("\n");
    expect(text.split("\n").filter((line) => !lines.includes(line)).length).toBeLessThanOrEqual(3);
  });
});

describe("two spectra as one", () => {
  const powerLaw = createSubmodel("PowerLawSpectralModel", { index: 2.3 });
  const both = combineSpectra(powerLaw, "add", createSubmodel("PowerLawSpectralModel", { index: 3.3 }));

  it("have the parameters of both, those of the second with a number where names are the same", () => {
    const models = { components: [skyModel({ name: "a", spectral: both })] };
    expect(allParameters(models).map(({ id }) => id)).toEqual(
      ["index", "amplitude", "reference", "index_2", "amplitude_2", "reference_2"].map((name) => `a.${name}`),
    );
    const three = combineSpectra(both, "sub", powerLaw);
    expect(three.parameters.map(({ name }) => name).slice(6)).toEqual(["index_3", "amplitude_3", "reference_3"]);
    expect(
      distance(
        dnde(three, [0.5, 3]),
        Array.from(dnde(both, [0.5, 3]), (x, i) => x - dnde(powerLaw, [0.5, 3])[i]!),
      ),
    ).toBeLessThan(1e-14);
  });

  it("know whether they are linear in a norm", () => {
    const factor = createSubmodel("PowerLawNormSpectralModel", { norm: 2 });
    const normOf = (spectral: typeof both) => declarationOf(spectral, "spectral", standardModels).norm;
    expect(normOf(both)).toBeUndefined();
    expect(normOf(combineSpectra(powerLaw, "mul", factor))).toBe("amplitude");
    const template = {
      energy: { data: [1, 10], unit: "TeV" },
      values: { data: [1e-12, 1e-14], unit: "cm-2 s-1 TeV-1" },
    };
    const fixed = createSubmodel("TemplateSpectralModel", {}, { extra: template });
    expect(normOf(combineSpectra(fixed, "mul", factor))).toBe("norm");
    expect(declarationOf(combineSpectra(factor, "mul", factor), "spectral", standardModels).isNorm).toBe(true);
  });
});

it("absorption that lets nothing through is zero, and one where it is switched off", () => {
  const extra = {
    energy: { data: [1, 10], unit: "TeV" },
    param: { data: [0.1], unit: "" },
    values: { data: [[0.5, 0]], unit: "" },
  };
  const at = (alpha_norm: number) =>
    dnde(createSubmodel("EBLAbsorptionNormSpectralModel", { alpha_norm }, { extra }), [1, 10, 100]);
  expect([...at(2)]).toEqual([0.25, 0, 0]);
  expect([...at(0)]).toEqual([1, 1, 1]);
});

describe("errors", () => {
  it("say where units do not fit", () => {
    const [spectrum, factor] = ["PowerLawSpectralModel", "PowerLawNormSpectralModel"].map((type) =>
      createSubmodel(type),
    );
    const bind = (a: typeof spectrum, operator: "add" | "mul" | "truediv", b: typeof spectrum) =>
      declarationOf(combineSpectra(a!, operator, b!), "spectral", standardModels);
    expect(() => bind(spectrum, "mul", spectrum)).toThrow(
      /mul of PowerLawSpectralModel \(a flux\) and .* neither a flux/,
    );
    expect(() => bind(spectrum, "add", factor)).toThrow(/PowerLawNormSpectralModel \(a pure number\)/);
    expect(() => bind(factor, "truediv", spectrum)).toThrow(/neither/);
    expect(bind(spectrum, "truediv", spectrum).isNorm).toBe(true);
    expect(bind(spectrum, "truediv", factor).isNorm).toBe(false);
  });

  const text = cases.find(([name]) => name === "absorbed power law")![1].yaml;
  const fails = (from: string | RegExp, to: string, message: RegExp) => {
    expect(text).toMatch(from);
    expect(() => readModels(text.replace(from, to))).toThrow(message);
  };

  it("name what is wrong with a compound or a table", () => {
    fails(
      "operator: mul",
      "operator: pow",
      /components\[0\].*found the operator "pow", expected one of add, sub, mul, truediv/,
    );
    fails(/ +operator: mul\n/, "", /the key operator is missing/);
    fails("type: EBLAbsorption", "type: EBLAbsorbtion", /model2.*EBLAbsorbtionNormSpectralModel/);
    fails("value: 2.2", "value: two", /model1.parameters\[0\]/);
    fails("- 0.1\n", "- 0.01\n", /param 2 is 0.01, after 0.05; they must increase/);
    fails(/unit: TeV\n( +)param:/, "unit: kg\n$1param:", /kg/);
    fails(/ +- +- 1\.0\n/, "                -   - .nan\n", /values/);
  });
});
