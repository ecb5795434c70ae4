import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { logNormalKernel } from "../../src/instruments/dispersion.js";
import { hawcCrabPoints } from "../../src/instruments/hawc.js";
import { hessDataset } from "../../src/instruments/hess.js";
import { effectiveArea } from "../../src/instruments/iact.js";
import { containment68, kingProfile, surveyExposure } from "../../src/instruments/lat.js";
import { energyAxis } from "../../src/instruments/numbers.js";

const oracle = JSON.parse(await readFile(new URL("../oracle/twin.json", import.meta.url), "utf8"));
const RAD = Math.PI / 180;

test("the effective area at the zenith is that of Gammapy's parametrisation HESS", () => {
  for (const [e, area] of oracle.facts.area) expect(effectiveArea(e, 0) / area).toBeCloseTo(1, 9);
});

test("the exposure is that published for the Crab in seven years, 3e11 cm2 s", () => {
  expect(surveyExposure(0.1, 7 * 0.76 * 3.156e7) / 3e11).toBeCloseTo(1, 0);
});

test("the psf holds 68 % inside its 68 % angle and all inside its last ring", () => {
  const edges = Float64Array.from({ length: 201 }, (_, i) => i / 100);
  for (const e of [0.006, 0.01, 0.1, 1]) {
    const r68 = containment68(e);
    const shares = [...kingProfile(edges, r68)].map(
      (p, i) => p * Math.PI * (edges[i + 1]! ** 2 - edges[i]! ** 2) * RAD ** 2,
    );
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const whole = Math.floor(r68 * 100);
    const inside = shares.slice(0, whole).reduce((a, b) => a + b, 0) + shares[whole]! * (r68 * 100 - whole);
    // the ring that r68 cuts is shared linearly, and 0.1 to 1 % of a King function lies beyond 2 deg
    expect(inside).toBeGreaterThan(0.675);
    expect(inside).toBeLessThan(0.695);
  }
});

test("the energy dispersion has the mean and the width of its law, and full rows inside the range", () => {
  const energy = energyAxis("energy", 0.01, 10, 600);
  const energyTrue = energyAxis("energy_true", 0.3, 0.33, 1);
  const row = logNormalKernel(energyTrue, energy, { sigma: () => 0.15, bias: () => 1.1 });
  const x = row.map((_, r) => Math.log(Math.sqrt(energy.nodes[r]! * energy.nodes[r + 1]!)));
  const sum = (f: (x: number) => number) => row.reduce((s, p, r) => s + p * f(x[r]!), 0);
  const mean = sum((v) => v);
  // the true-energy bin adds its own width (0.0953 / sqrt(12))^2; entries below 1e-6 are left out
  expect(sum(() => 1)).toBeCloseTo(1, 4);
  expect(mean).toBeCloseTo(Math.log(1.1 * Math.sqrt(0.3 * 0.33)), 2);
  expect(Math.sqrt(sum((v) => (v - mean) ** 2))).toBeCloseTo(Math.hypot(0.15, 0.0275), 3);
});

test("a run has about ten background counts above its threshold, which is near 0.5 TeV", () => {
  const { dataset, background } = hessDataset({ name: "x", zenith: 46, start: 0 });
  const { data, geom } = dataset.maskSafe!;
  const first = data.indexOf(1);
  expect(geom.axes[0]!.nodes[first]).toBeGreaterThan(0.4);
  expect(geom.axes[0]!.nodes[first]).toBeLessThan(0.6);
  expect(background.data.reduce((s, b, i) => s + b * data[i]!, 0)).toBeCloseTo(10, -1);
});

test("the points of HAWC are those of the paper, carried along its fit to the middle of the bins", () => {
  const { points } = hawcCrabPoints("HAWC");
  const dnde = points.norm.map((norm, i) => norm * points.reference.dnde[i]!);
  // second bin: 2.67e-11 TeV cm-2 s-1 at 1.83 TeV; the file keeps 7 digits
  expect(dnde[1]).toBeCloseTo((2.67e-11 / 1.83 ** 2) * fall(1.83, Math.sqrt(1.78 * 3.16)), 18);
  expect(points.normErr![1]! / points.norm[1]!).toBeCloseTo(0.05 / 2.67, 6);
  expect(Array.from(points.isUlStored!)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(points.norm[9]).toBeNaN();
  expect(points.normUl![9]).toBeGreaterThan(0);
});

function fall(from: number, to: number): number {
  const f = (e: number) => (e / 7) ** (-2.73 - 0.06 * Math.log(e / 7));
  return f(to) / f(from);
}
