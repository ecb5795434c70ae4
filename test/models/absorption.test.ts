import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/api/model-texts.js";
import { createSubmodel, dnde, flux } from "../../src/api/models.js";
import { integralVector } from "../../src/fold/flux/spectrum.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels as modelRegistry } from "../../src/models/registry.js";
import { ABUNDANCES, type AbundanceTable } from "../../src/models/spectral/absorption/abundances.js";
import { atomsOnly, edgesOf } from "../../src/models/spectral/absorption/cross-section.js";
import { tabulated } from "../../src/models/spectral/absorption/tabulated.js";
import { combineSpectra } from "../../src/models/spectral/compound.js";
import oracle from "../oracle/absorption.json" with { type: "json" };
import { expectExactDerivatives } from "./derivatives.js";

const KEV = 1e-9; // TeV

/** 1e-22 cm2, from the factor of a column of 1e20 cm-2. */
function sigma(tag: string, abundances: AbundanceTable, keV: number, redshift = 0): number {
  const factor = createSubmodel(tag, { nh: 0.01 }, { extra: { abundances, redshift } });
  return -Math.log(dnde(factor, [keV * KEV])[0]!) / 0.01;
}

describe("absorption by interstellar matter", () => {
  it("has the cross sections that XSPEC computed", () => {
    for (const [name, rows] of Object.entries(oracle.tables)) {
      const [tag, abundances] = name.split("_") as [string, AbundanceTable];
      for (const [e, expected] of rows as [number, number][]) {
        // fits in three digits; tables of float32 in steps of 0.05 %
        const ratio = sigma(tag, abundances, e) / expected - 1;
        expect(Math.abs(ratio), `${name} at ${e} keV: ${ratio}`).toBeLessThan(tag === "phabs" ? 0.005 : 0.015);
      }
    }
  });

  it("has those of the published fits", () => {
    const exact = atomsOnly(ABUNDANCES.angr);
    for (const [e, expected] of oracle.phabs as [number, number][]) {
      expect(Math.abs((1e4 * exact(1000 * e)) / expected - 1), `${e} keV`).toBeLessThan(1e-12);
      expect(Math.abs(sigma("phabs", "angr", e) / expected - 1), `${e} keV`).toBeLessThan(2e-6);
    }
  });

  it("is tabulated to 1e-5 everywhere between edges", () => {
    for (const abundances of Object.values(ABUNDANCES)) {
      const [exact, edges] = [atomsOnly(abundances), edgesOf(abundances)];
      const quick = tabulated(exact, edges);
      let worst = 0;
      for (let l = Math.log(13.7); l < Math.log(4e4); l += 0.00937) {
        worst = Math.max(worst, Math.abs(quick(Math.exp(l)) - Math.log(exact(Math.exp(l)))));
      }
      expect(worst).toBeLessThan(1e-5);
    }
  });

  it("is that of higher energies where what absorbs is redshifted", () => {
    expect(sigma("tbabs", "wilm", 1, 0.5) / sigma("tbabs", "wilm", 1.5)).toBeCloseTo(1, 9);
    const spectrum = (text: string) => parseModel(text).components[0]!.spectral!;
    const said = spectrum("pl * zphabs(nH=0.3, redshift=0.2, abundances=lodd)");
    const built = createSubmodel("phabs", { nh: 0.3 }, { extra: { abundances: "lodd", redshift: 0.2 } });
    expect(dnde(said, [2e-9])[0]! / dnde(spectrum("pl"), [2e-9])[0]!).toBeCloseTo(dnde(built, [2e-9])[0]!, 12);
    expect(dnde(spectrum("phabs(nh=0.3) * pl"), [2e-9])).toEqual(dnde(spectrum("pl * phabs(nh=0.3)"), [2e-9]));
    expect(() => dnde(createSubmodel("phabs", {}, { extra: { abundances: "solar" } }), [1])).toThrow(
      /table of abundances "solar"/,
    );
  });

  it("leaves gamma rays as they are, and nothing below the edge of hydrogen is absorbed much", () => {
    const factor = createSubmodel("tbabs", { nh: 10 });
    expect(dnde(factor, [1])[0]).toBe(1);
    expect(dnde(factor, [1e-3])[0]).toBeGreaterThan(1 - 1e-6);
  });

  it("is integrated over bins with edges in them", () => {
    for (const { bin, nh, index, flux: expected } of oracle.flux) {
      const power = createSubmodel("pl", { index, amplitude: 1e9, reference: KEV });
      const model = combineSpectra(power, "mul", createSubmodel("phabs", { nh }));
      const [lo, hi] = bin.map((e) => e * KEV) as [number, number];
      // power laws go through pieces of up to 0.9 %: off by (9 tau) 0.009^2 / 12 at the depth tau, up to 30 here
      expect(Math.abs(flux(model, [lo], [hi])[0]! / expected - 1), `${bin} keV, ${nh}`).toBeLessThan(
        nh === 1 ? 1.5e-3 : 1e-4,
      );
    }
  });

  it("has exact derivatives, of integrals over edges too", () => {
    const model = combineSpectra(createSubmodel("pl"), "mul", createSubmodel("phabs", { nh: 0.4 }));
    const f = declarationOf(model, "spectral", modelRegistry);
    expectExactDerivatives(f, 0.6e-9, Float64Array.of(2, 1e-12, 1e-9, 0.4), Float64Array.of(0.1, 1e-13, 1e-10, 0.05));
    const edges = Float64Array.of(0.5e-9, 0.56e-9, 0.75e-9);
    const start = Float64Array.of(2, 1e-12, 1e-9, 0.4);
    const vector = integralVector(f, start, [3], edges);
    const at = (nh: number) => {
      vector.update(Float64Array.of(nh), 0, 0);
      return vector.s.slice();
    };
    const [low, high] = [at(0.399), at(0.401)];
    vector.update(Float64Array.of(0.4), 0, 2);
    for (const t of [0, 1]) {
      // differences over 0.002: (sigma 0.001)^2 / 6 of a slope
      expect((high[t]! - low[t]!) / 0.002 / vector.ds[t]!).toBeCloseTo(1, 4);
      expect((high[t]! - 2 * vector.s[t]! + low[t]!) / 1e-6 / vector.d2s[t]!).toBeCloseTo(1, 3);
    }
  });
});
