import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createSubmodel, dnde, energyFlux, flux } from "../../src/api/models.js";
import { integralVector, shiftedIntegralVector } from "../../src/fold/flux/spectrum.js";
import { packedIndex } from "../../src/fold/flux/types.js";
import { readTableModel } from "../../src/io/table-model/read.js";
import type { ParameterInput } from "../../src/models/create.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels } from "../../src/models/registry.js";
import { combineSpectra } from "../../src/models/spectral/compound.js";
import type { Submodel } from "../../src/models/types.js";
import oracle from "../oracle/table_models.json" with { type: "json" };
import { expectExactDerivatives } from "./derivatives.js";

const KEV = 1e-9; // TeV
type Tag = keyof typeof oracle.files;

const table = (tag: Tag) =>
  readTableModel(gunzipSync(Buffer.from(oracle.files[tag], "base64")), { where: `${tag}.fits` });
const tables = { atable: table("atable"), mtable: table("mtable"), etable: table("etable") };

const power = createSubmodel("pl", { index: oracle.index, amplitude: 1 / KEV, reference: KEV });
const model = (tag: Tag, values: Readonly<Record<string, ParameterInput>>): Submodel => {
  const own = createSubmodel(tag, values, { resources: { table: tables[tag] } });
  return tag === "atable" ? own : combineSpectra(power, "mul", own);
};

/** The parameters of each table at a case of the oracle. */
function valuesOf(tag: Tag, [kT, log_xi_cgs, flag, Fe, O]: readonly number[], redshift: number) {
  if (tag === "atable") return { kT, log_xi_cgs, flag, Fe, O, redshift } as Record<string, number>;
  return (tag === "mtable" ? { kT, log_xi_cgs, redshift } : { log_xi_cgs }) as Record<string, number>;
}

function fluxes(tag: Tag, c: (typeof oracle.cases)[number]): readonly [Float64Array, Float64Array, readonly number[]] {
  const edges = Float64Array.from(oracle.grids[c.grid as keyof typeof oracle.grids], (e) => e * KEV);
  const spectrum = model(tag, valuesOf(tag, c.parameters, c.redshift));
  const f = declarationOf(spectrum, "spectral", standardModels);
  const p = Float64Array.from(spectrum.parameters, ({ value }) => value);
  const vector = integralVector(f, p, [], edges);
  vector.update(p, 0, 0);
  return [vector.s, flux(spectrum, edges.slice(0, -1), edges.slice(1)), c[tag]];
}

describe("table models of XSPEC", () => {
  it("count the photons in bins of any width, as scipy's interpolation and overlaps do", () => {
    for (const tag of ["atable", "mtable", "etable"] as const) {
      for (const c of oracle.cases) {
        const [folded, measured, expected] = fluxes(tag, c);
        const most = Math.max(...expected);
        expected.forEach((y, i) => {
          // power laws through bins at jumps are evaluated 1e-10 beside them
          const bound = 1e-9 * y + 1e-14 * most;
          expect(Math.abs(folded[i]! - y), `${tag} ${c.grid} ${i}: ${folded[i]} ${y}`).toBeLessThan(bound);
          expect(Math.abs(measured[i]! - y), `${tag} ${c.grid} ${i}: ${measured[i]} ${y}`).toBeLessThan(bound);
        });
      }
    }
  });

  it("have the parameters of their file, with its limits within the values", () => {
    const { parameters, norm } = declarationOf(model("atable", {}), "spectral", standardModels);
    const kept = Object.entries(parameters).map(([name, p]) => [name, p.value, p.min, p.max, p.frozen ?? false]);
    const [fe, o] = [1, 0.5];
    expect(kept).toEqual([
      ["kT", Math.fround(1.3), 0.5, 5, false],
      ["log_xi_cgs", 30, 1, 1000, false],
      ["flag", 0.25, 0, 1, true],
      ["Fe", fe, 0, 10, false],
      ["O", o, 0, 10, true],
      ["redshift", 0, -0.999, 10, true],
      ["norm", 1, undefined, undefined, false],
    ]);
    expect(norm).toBe("norm");
    expect(parameters.log_xi_cgs!.about).toContain("log xi (cgs)");
    expect(
      Object.keys(
        declarationOf({ type: "etable", resources: { table: tables.etable } }, "spectral", standardModels).parameters,
      ),
    ).toEqual(["log_xi_cgs"]);
  });

  it("are a number per energy, and nothing or a factor of 1 beyond their energies", () => {
    const spectrum = model("atable", { norm: 2 });
    expect([...dnde(spectrum, [0.29 * KEV, 12.01 * KEV])]).toEqual([0, 0]);
    const [low, high] = [tables.atable.energy[7]!, tables.atable.energy[8]!];
    const [number] = flux(spectrum, [low], [high]);
    expect(dnde(spectrum, [0.5 * (low + high)])[0]! * (high - low)).toBeCloseTo(number!, 12);
    // even in its bin: the mean energy is the middle
    expect(energyFlux(spectrum, [low], [high])[0]! / (number! * 0.5 * (low + high))).toBeCloseTo(1, 5);
    const factor = createSubmodel("mtable", {}, { resources: { table: tables.mtable } });
    expect([...dnde(factor, [0.39 * KEV, 9.1 * KEV])]).toEqual([0.25, 1]);
    const depth = createSubmodel("etable", {}, { resources: { table: tables.etable } });
    expect([...dnde(depth, [0.19 * KEV, 21 * KEV])]).toEqual([1, 1]);
  });

  it("are no number outside of the values of their parameters, but for rounding", () => {
    expect(() => model("atable", { kT: 5.1 })).toThrow(/the value 5.1 of "kT" is outside its limits \[0.5, 5\]/);
    for (const [kT, isNumber] of [
      [5 * (1 + 5e-7), true],
      [5.001, false],
      [0.499, false],
    ] as const) {
      // limits that somebody else has widened
      const wide = model("atable", { kT: { value: kT, min: 0, max: 10 } });
      for (const e of [1, 100]) expect(Number.isFinite(dnde(wide, [e * KEV])[0]), `${kT}`).toBe(isNumber);
    }
  });

  it("have exact derivatives", () => {
    for (const tag of ["atable", "mtable", "etable"] as const) {
      const spectrum = model(tag, valuesOf(tag, [1.4, 60, 0.3, 1.2, 0.4], 0.1));
      const f = declarationOf(spectrum, "spectral", standardModels);
      const p = Float64Array.from(spectrum.parameters, ({ value }) => value);
      const steps: Readonly<Record<string, number>> = {
        index: 0.1,
        amplitude: 1e8,
        reference: 1e-10,
        kT: 0.2,
        log_xi_cgs: 10,
        flag: 0.1,
        Fe: 0.5,
        O: 0.2,
        redshift: 1e-4,
        norm: 0.3,
      };
      for (const e of [0.5, 1.06, 3.3]) {
        expectExactDerivatives(
          f,
          e * KEV,
          p,
          Float64Array.from(spectrum.parameters, ({ name }) => steps[name]!),
        );
      }
    }
  });

  it("have derivatives of photons in bins, by a redshift too", () => {
    const edges = Float64Array.from(oracle.grids.across, (e) => e * KEV);
    for (const tag of ["atable", "mtable"] as const) {
      const spectrum = model(tag, valuesOf(tag, [1.4, 60, 0.3, 1.2, 0.4], 0.1));
      const f = declarationOf(spectrum, "spectral", standardModels);
      const p = Float64Array.from(spectrum.parameters, ({ value }) => value);
      const names = spectrum.parameters.map(({ name }) => name);
      const free = ["kT", "redshift"].map((name) => names.indexOf(name));
      const vector = integralVector(f, p, free, edges);
      const at = (kT: number, z: number) => {
        const [parameters, out] = [[kT, 60, 0.3, 1.2, 0.4], edges];
        const moved = model(tag, valuesOf(tag, parameters, z));
        return flux(moved, out.slice(0, -1), out.slice(1));
      };
      vector.update(Float64Array.of(1.4, 0.1), 0, 2);
      const [s, ds, d2s] = [vector.s.slice(), vector.ds.slice(), vector.d2s.slice()];
      // what the differences take at most, and bins of the table are wider
      const step = 0.02 * 1.1;
      const [low, high] = [at(1.4, 0.1 - step), at(1.4, 0.1 + step)];
      const [cold, hot] = [at(1.3, 0.1), at(1.5, 0.1)];
      const corners = [at(1.5, 0.1 + step), at(1.5, 0.1 - step), at(1.3, 0.1 + step), at(1.3, 0.1 - step)];
      const most = Math.max(...s);
      for (let t = 0; t < s.length; t++) {
        // fluxes are right to 1e-9: `scale` is what they are divided by
        const close = (ours: number, expected: number, scale: number) =>
          expect(Math.abs(ours - expected), `${tag} ${t}: ${ours} ${expected}`).toBeLessThan(
            1e-6 * Math.abs(expected) + (1e-9 * most) / scale,
          );
        close(ds[2 * t]!, (hot[t]! - cold[t]!) / 0.2, 0.2);
        close(ds[2 * t + 1]!, (high[t]! - low[t]!) / (2 * step), step);
        const mixed = (corners[0]![t]! - corners[1]![t]! - corners[2]![t]! + corners[3]![t]!) / (0.4 * step);
        close(d2s[3 * t + packedIndex(0, 1)]!, mixed, 0.2 * step);
        close(d2s[3 * t + packedIndex(1, 1)]!, (high[t]! - 2 * s[t]! + low[t]!) / step ** 2, step ** 2);
      }
    }
  });

  it("are stretched with the scale of energies of an instrument", () => {
    const edges = Float64Array.from(oracle.grids.across, (e) => e * KEV);
    for (const tag of ["atable", "mtable"] as const) {
      const spectrum = model(tag, valuesOf(tag, [1.4, 60, 0.3, 1.2, 0.4], 0.1));
      const f = declarationOf(spectrum, "spectral", standardModels);
      const p = Float64Array.from(spectrum.parameters, ({ value }) => value);
      const vector = shiftedIntegralVector(f, p, [], edges, 1.07);
      const at = (s: number) =>
        flux(
          spectrum,
          edges.slice(0, -1).map((e) => e / s),
          edges.slice(1).map((e) => e / s),
        );
      vector.update(Float64Array.of(1.07), 0, 1);
      const step = 0.02 * 1.07;
      const [middle, low, high] = [at(1.07), at(1.07 - step), at(1.07 + step)];
      const most = Math.max(...middle);
      for (let t = 0; t < middle.length; t++) {
        expect(Math.abs(vector.s[t]! - middle[t]!), `${tag} ${t}`).toBeLessThan(1e-8 * most);
        expect(Math.abs(vector.ds[t]! - (high[t]! - low[t]!) / (2 * step)), `${tag} ${t}`).toBeLessThan(1e-6 * most);
      }
    }
  });

  it("refuse the table of the other kind", () => {
    const other = (tag: string, given: Tag) => () =>
      dnde(createSubmodel(tag, {}, { resources: { table: tables[given] } }), [KEV]);
    expect(other("atable", "mtable")).toThrow(
      /TableSpectralModel: its table: found ADDMODEL F, a factor, expected a flux; take mtable or etable/,
    );
    expect(other("etable", "atable")).toThrow(/found ADDMODEL T, a flux, expected a factor; take atable/);
    expect(() => dnde(createSubmodel("atable"), [KEV])).toThrow(/it needs a table model .* name its file as filename/);
  });
});
