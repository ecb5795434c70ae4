import { describe, expect, it } from "vitest";
import { asimov, compileDataset, infoTable, npred } from "../../src/api/datasets.js";
import { toyGoodness, toys } from "../../src/api/estimators.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { likelihoodRegistry } from "../../src/kinds/registry.js";
import { type XYPointsDataset, xyPointsKind } from "../../src/kinds/xy-points.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { checkDerivatives } from "../fit/derivatives.js";

const INDEX = 1.8;
const models: Models = {
  components: [
    skyModel({ name: "jet", spectral: createSubmodel("pl", { index: INDEX, amplitude: 2e-9, reference: 1e-9 }) }),
  ],
};

/** keV and below; energies known to 5 to 35 %, fluxes to 10 %. */
function points(): XYPointsDataset {
  const energy = Float64Array.of(2e-12, 5e-11, 4e-10, 1e-9, 3e-9, 6e-9);
  const energyErr = energy.map((e, i) => e * [0.05, 0.2, 0.35, 0.1, 0.3, 0][i]!);
  const dnde = energy.map((e) => 2e-9 * (e / 1e-9) ** -INDEX);
  return { type: "XYPointsDataset", name: "optical", energy, energyErr, dnde, dndeErr: dnde.map((f) => 0.1 * f) };
}

describe("points with errors in energy and flux", () => {
  it("have the moments of a power law over a log-normal energy", () => {
    const { energy, energyErr, dnde, dndeErr } = points();
    const data = npred(points(), models).data;
    let stat = 0;
    energy.forEach((e, i) => {
      // <E^-g> of ln E ~ N(ln e, s): exact; the quadrature of degree 9 holds to 1e-4 at s g = 0.63
      const s2 = ((energyErr[i]! / e) * INDEX) ** 2;
      const mean = dnde[i]! * Math.exp(s2 / 2);
      expect(Math.abs(data[i]! / mean - 1)).toBeLessThan(1e-4);
      const total = dndeErr[i]! ** 2 + mean * mean * (Math.exp(s2) - 1);
      stat += (dnde[i]! - mean) ** 2 / total + Math.log(total / dndeErr[i]! ** 2);
    });
    const { term } = compileDataset(points(), models);
    expect(Math.abs(term.value(Float64Array.of(INDEX, 2e-9)) / stat - 1)).toBeLessThan(2e-3);
  });

  it("are chi2 of dnde where energies are known", () => {
    const exact = { ...points(), energyErr: new Float64Array(6) };
    const { term } = compileDataset(exact, models);
    const chi2 = exact.dnde.reduce((sum, y, i) => {
      const f = 2.2e-9 * (exact.energy[i]! / 1e-9) ** -1.7;
      return sum + ((y - f) / exact.dndeErr[i]!) ** 2;
    }, 0);
    expect(Math.abs(term.value(Float64Array.of(1.7, 2.2e-9)) / chi2 - 1)).toBeLessThan(1e-12);
  });

  it("have exact derivatives", () => {
    const joint = compileJoint([points()], models);
    checkDerivatives(joint, Float64Array.of(1.7, 2.3e-9), Float64Array.of(1e-3, 1e-12), 1e-6);
  });

  it("give errors that cover, and a goodness of fit", async () => {
    const truth = asimov(points(), models);
    const run = await toys([truth], models, { n: 400, seed: 2 });
    const pulls = Array.from({ length: 400 }, (_, i) => (run.values[2 * i]! - INDEX) / run.errors[2 * i]!);
    const mean = pulls.reduce((s, p) => s + p, 0) / 400;
    const width = Math.sqrt(pulls.reduce((s, p) => s + (p - mean) ** 2, 0) / 399);
    expect(run.success.every((s) => s === 1)).toBe(true);
    // 400 draws: the mean is known to 0.05, the width to 0.035; three of them
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(Math.abs(width - 1)).toBeLessThan(0.11);
    const { pValue, observed } = await toyGoodness([truth], models, { n: 50, seed: 1 });
    // the logarithm of the variance draws the fit a little from points that lie on the model
    expect(observed).toBeLessThan(0.2);
    expect(pValue).toBeGreaterThan(0.9);
  });

  it("are fitted with others, restricted to energies, described and refused", () => {
    const result = fit([points(), { ...points(), name: "again" }], models);
    expect(result.success).toBe(true);
    expect(result.datasets.map((d) => d.nFitBins)).toEqual([6, 6]);
    expect(infoTable([xyPointsKind.restrict(points(), 1e-10, 4e-9)], models)[0]).toMatchObject({
      nBins: 6,
      nFitBins: 3,
      statType: "effective variance",
    });
    const bad = { ...points(), dndeErr: points().dndeErr.map((e, i) => (i === 2 ? 0 : e)) };
    expect(() => compileDataset(bad, models)).toThrow(/dataset "optical": point 2 .*an error of the flux above 0/);
    expect(likelihoodRegistry.kinds).toContain(xyPointsKind);
  });
});
