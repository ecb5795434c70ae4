import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readModels, writeModels } from "../../src/api/io.js";
import { parseModel } from "../../src/api/model-texts.js";
import { createSubmodel, dnde, energyFlux, flux } from "../../src/api/models.js";
import { readMap } from "../../src/io/map-fits.js";
import { integrate } from "../../src/math/quadrature.js";
import { declarationOf } from "../../src/models/lookup.js";
import { parameterVector } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import { presets } from "../../src/models/text/presets.js";
import type { SkyModel, Submodel } from "../../src/models/types.js";
import { expectExactDerivatives } from "./derivatives.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/spectra.json", import.meta.url), "utf8"));
const energy: readonly number[] = oracle.energy;

/** Equal to eight digits. */
function expectEqual(ours: ArrayLike<number>, theirs: readonly number[]): void {
  expect(ours.length).toBe(theirs.length);
  theirs.forEach((y, i) => {
    expect(Math.abs(ours[i]! - y), `at ${energy[i]} TeV: ${ours[i]} ${y}`).toBeLessThanOrEqual(1e-8 * Math.abs(y));
  });
}

const bound = (model: Submodel) => {
  const f = declarationOf(model, "spectral", standardModels);
  return { f, p: parameterVector(model, f) };
};
const spectralOf = (text: string, options = {}) =>
  (readModels(text, options).models.components[0] as SkyModel).spectral;
const ofText = (text: string) => (parseModel(text).components[0] as SkyModel).spectral;

it("has every spectral model that Gammapy 2.1 has in its registry, by type and tag", () => {
  const ours = new Map(standardModels.spectral.map(({ type, tag }) => [type, tag]));
  const missing = oracle.registry.filter(([type, tag]: [string, string]) => ours.get(type) !== tag);
  expect(missing).toEqual([]);
  expect(oracle.registry).toHaveLength(23);
});

describe.each(
  oracle.piecewise.map((c: { norms: number[]; extra: { interp: string } }) => [c.extra.interp, c.norms.length, c]),
)("a piecewise norm, %s, of %i energies", (...[, , c]) => {
  const values = Object.fromEntries(c.norms.map((x: number, i: number) => [`norm_${i}`, x]));
  const model = createSubmodel("piecewise-norm", values, { extra: c.extra });

  it("is Gammapy's, also from its YAML", () => {
    expectEqual(dnde(model, energy), c.factor);
    expectEqual(dnde(spectralOf(c.yaml), energy), c.dnde);
    const again = writeModels(readModels(c.yaml).models);
    expectEqual(dnde(spectralOf(again), energy), c.dnde);
  });

  it("has exact derivatives", () => {
    const { f, p } = bound(model);
    for (const e of [0.01, 0.3, 2.2, 11, 100])
      expectExactDerivatives(
        f,
        e,
        p,
        p.map((x) => 0.05 * x),
      );
  });

  it("is that of a text", () => {
    const nodes = `${c.extra.energy.data.join(" ")} GeV`;
    const norms = Object.entries(values).map(([name, x]) => `${name}=${x}`);
    const text = `piecewise-norm(energy=${nodes}, interp=${c.extra.interp}, ${norms.join(", ")})`;
    expectEqual(dnde(ofText(text), energy), c.factor);
  });
});

describe("a template of several dimensions", () => {
  const map = readMap(new Uint8Array(Buffer.from(oracle.template.fits, "base64")), { where: "template.fits" });
  const options = { resources: { map: { "template.fits": map } } };
  const extra = { filename: "template.fits" };

  it("has the axes of its map as parameters, within their ends", () => {
    const { f } = bound(createSubmodel("templateND", {}, { kind: "spectral", extra, resources: { map } }));
    const ours = Object.entries(f.parameters).map(([name, { min, max }]) => [name, min, max]);
    expect(ours).toEqual(oracle.template.parameters);
  });

  const anywhere = (values: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { value, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
      ]),
    );

  it("is Gammapy's, also beyond the ends of its axes", () => {
    for (const { values, dnde: theirs } of oracle.template.points) {
      const model = createSubmodel("templateND", anywhere(values), { kind: "spectral", extra, resources: { map } });
      expectEqual(dnde(model, energy), theirs);
    }
    expectEqual(dnde(spectralOf(oracle.template.yaml, options), energy), oracle.template.points.at(-1).dnde);
  });

  it("has exact derivatives inside of its cells", () => {
    for (const { values } of oracle.template.points.slice(0, 4)) {
      const { f, p } = bound(
        createSubmodel("templateND", anywhere(values), { kind: "spectral", extra, resources: { map } }),
      );
      for (const e of [0.03, 2.2])
        expectExactDerivatives(
          f,
          e,
          p,
          p.map((x) => 1e-3 * Math.abs(x)),
        );
    }
  });

  it("refuses maps that are none", () => {
    const refused = (other: typeof map) => () =>
      createSubmodel("templateND", {}, { kind: "spectral", extra, resources: { map: other } });
    const [, ...axes] = map.geom.axes;
    expect(refused({ ...map, geom: { ...map.geom, axes } as typeof map.geom })).toThrow("an axis energy_true");
    expect(refused({ ...map, data: new Float64Array(2 * map.data.length) })).toThrow("one region");
  });
});

describe("a scaled spectrum", () => {
  const inside = createSubmodel("ecpl", {
    index: 1.7,
    amplitude: "3e-9 m-2 s-1 TeV-1",
    lambda_: "2e-4 GeV-1",
    reference: "500 GeV",
  });
  const model = createSubmodel("scale", { norm: 1.7 }, { extra: { model: inside } });

  it("is Gammapy's", () => {
    expectEqual(dnde(model, energy), oracle.scale.dnde);
    expectEqual(flux(model, energy.slice(0, -1), energy.slice(1)), oracle.scale.flux);
  });

  it("stands in a YAML with the spectrum inside", () => {
    const yaml = `components:
- name: source
  type: SkyModel
  spectral:
    type: ScaleSpectralModel
    parameters: [{name: norm, value: 1.7}]
    model:
      type: ecpl
      parameters:
      - {name: index, value: 1.7}
      - {name: amplitude, value: 3.0e-9, unit: m-2 s-1 TeV-1}
      - {name: lambda_, value: 2.0e-4, unit: GeV-1}
      - {name: reference, value: 500, unit: GeV}
`;
    expectEqual(dnde(spectralOf(yaml), energy), oracle.scale.dnde);
    expectEqual(dnde(spectralOf(writeModels(readModels(yaml).models)), energy), oracle.scale.dnde);
    expect(() => readModels(yaml.slice(0, yaml.indexOf("    model:")))).toThrow("Gammapy does not write it");
  });

  it("has exact derivatives, and the integrals of what is inside", () => {
    const { f, p } = bound(model);
    expectExactDerivatives(
      f,
      0.8,
      p,
      p.map((x) => 0.05 * x),
    );
    const line = bound(createSubmodel("scale", { norm: 3 }, { extra: { model: createSubmodel("pl") } }));
    expect(line.f.integral!(1, 10, line.p)).toBeCloseTo(3 * 0.9e-12, 24);
  });
});

describe("spectra with names", () => {
  it.each(Object.keys(oracle.named))("%s is Gammapy's", (name) => {
    expectEqual(dnde(ofText(name), energy), oracle.named[name]);
  });

  it("are all of them", () => {
    expect(
      presets
        .map(({ name }) => name)
        .concat("crab-meyer")
        .sort(),
    ).toEqual(Object.keys(oracle.named).sort());
  });

  it("take parameters, as the models that they stand for", () => {
    const model = ofText("crab-hess-ecpl(index=2[1..3], amplitude=free)");
    const [index, amplitude] = model.parameters;
    expect([index!.value, index!.min, index!.max, amplitude!.value]).toEqual([2, 1, 3, 3.76e-11]);
    expect(ofText("crab-meyer(norm=0.1 free)").parameters[0]).toMatchObject({ value: 0.1, frozen: false });
    expect(dnde(ofText("crab-hegra * pl-norm(norm=0.5)"), [1])[0]).toBeCloseTo(2.83e-11 / 2, 20);
    expect(() => ofText("cosmic-ray-electron(index=2)")).toThrow("is a sum, which takes no parameters");
  });
});

it("has the bump of electrons as Gammapy, with its integrals", () => {
  for (const { values, dnde: theirs, flux: f, eflux } of oracle.bump) {
    const model = createSubmodel("log-gauss", values);
    expectEqual(dnde(model, energy), theirs);
    expectEqual(flux(model, energy.slice(8, 16), energy.slice(9, 17)), f);
    expectEqual(energyFlux(model, energy.slice(8, 16), energy.slice(9, 17)), eflux);
    const { f: declaration, p } = bound(model);
    for (const e of [0.03, 2])
      expectExactDerivatives(
        declaration,
        e,
        p,
        p.map((x) => 0.02 * x),
      );
  }
  const { f, p } = bound(ofText("crab-meyer"));
  const total = integrate((x) => f.evaluate(x, p), 1, 2).value;
  // Gammapy's rule, power laws between nodes
  expect(Math.abs(flux(ofText("crab-meyer"), [1], [2])[0]! / total - 1)).toBeLessThan(1e-5);
});
