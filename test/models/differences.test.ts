/** Where Gammapy 2.1 loses values, ours against arithmetic of 30 digits (test/oracle/differences.py). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createSubmodel, dnde, energyFlux, flux } from "../../src/api/models.js";
import { integralVector } from "../../src/fold/flux/spectrum.js";
import { declarationOf } from "../../src/models/lookup.js";
import { parameterVector } from "../../src/models/parameters.js";
import { standardModels } from "../../src/models/registry.js";
import { combineSpectra } from "../../src/models/spectral/compound.js";

type Row = Readonly<Record<string, number>>;
const oracle = JSON.parse(readFileSync(new URL("../oracle/differences.json", import.meta.url), "utf8"));

it("the smooth broken power law with an almost sharp break", () => {
  for (const { index1, index2, beta, energy, dnde: exact } of oracle.smooth as Row[]) {
    const values = { index1: index1!, index2: index2!, beta: beta!, amplitude: 1e-12, ebreak: 1, reference: 1 };
    // the last bit of an index over beta, a thousand of them, in the exponent
    expect(Math.abs(dnde(createSubmodel("sbpl", values), [energy!])[0]! / exact! - 1)).toBeLessThan(1e-13);
  }
});

it("the 4FGL-DR3 cutoff where index_2 ln E is small", () => {
  for (const { index_2, energy, dnde: exact } of oracle.cutoff as Row[]) {
    const values = { amplitude: 1e-12, reference: 1, index_1: 1.7, index_2: index_2!, expfactor: 0.5 };
    const model = createSubmodel("SuperExpCutoffPowerLaw4FGLDR3SpectralModel", values);
    expect(Math.abs(dnde(model, [energy!])[0]! / exact! - 1)).toBeLessThan(1e-12);
  }
});

it("fluxes of a difference of power laws through zero, and their derivatives", () => {
  const amplitude = (value: number) => ({ value, unit: "cm-2 s-1 TeV-1" });
  const model = combineSpectra(
    createSubmodel("pl", { index: 2, amplitude: amplitude(1e-12) }),
    "sub",
    createSubmodel("pl", { index: 3, amplitude: amplitude(3e-12) }),
  );
  const f = declarationOf(model, "spectral", standardModels);
  for (const row of oracle.difference) {
    const [lo, hi] = row.energy;
    // what is left of two fluxes of 1e-13, of which 2.9 to 3.2 TeV leaves 1/70
    expect(Math.abs(flux(model, [lo], [hi])[0]! / row.flux - 1)).toBeLessThan(1e-12);
    expect(Math.abs(energyFlux(model, [lo], [hi])[0]! / row.eflux - 1)).toBeLessThan(1e-12);
    const vector = integralVector(f, parameterVector(model, f), [0], Float64Array.of(lo, hi));
    vector.update(Float64Array.of(2), 0, 1);
    expect(Math.abs(vector.s[0]! / row.flux - 1)).toBeLessThan(1e-12);
    // extrapolated differences
    expect(Math.abs(vector.ds[0]! / row.slope - 1)).toBeLessThan(1e-8);
  }
});

it("a spectrum without closed integrals through zero: a line where the sign changes", () => {
  // a log parabola without curvature is a power law that has no closed form
  const lp = createSubmodel("LogParabolaSpectralModel", { amplitude: 1e-12, reference: 1, alpha: 2, beta: 0 });
  const model = combineSpectra(lp, "sub", createSubmodel("pl", { index: 3, amplitude: 3e-12 }));
  const f = declarationOf(model, "spectral", standardModels);
  const row = oracle.difference.find((r: { energy: number[] }) => r.energy[0] === 2);
  const [lo, hi] = row.energy;
  const vector = integralVector(f, parameterVector(model, f), [2], Float64Array.of(lo, hi));
  vector.update(Float64Array.of(2), 0, 1);
  // power laws through the neighbours of the zero leave 5e-4; without the line 4e-3
  expect(Math.abs(flux(model, [lo], [hi])[0]! / row.flux - 1)).toBeLessThan(1e-3);
  expect(Math.abs(vector.s[0]! / row.flux - 1)).toBeLessThan(1e-3);
});

it("the norm of thin and small disks", () => {
  const disk = declarationOf("DiskSpatialModel", "spatial", standardModels);
  for (const { r_0, e, brightness } of oracle.disk as Row[]) {
    const found = disk.evaluate(0, 0, Float64Array.of(0, 0, r_0!, e!, 0, 0.01));
    expect(Math.abs(found / brightness! - 1)).toBeLessThan(1e-11);
  }
});
