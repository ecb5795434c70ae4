/** `gammats flux`: fluxes and spectra of fitted models with their errors. */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { python } from "../environment.js";
import { checkTex } from "../io/tex.js";
import { jointInFolder } from "./joint.js";
import { type Folder, gammats, spectra } from "./run.js";

let folder: Folder;
let joint: [string, string];
beforeAll(async () => {
  ({ folder, joint } = await jointInFolder());
  await gammats(["fit", ...joint, "--out", folder.path("fitted")]);
  await writeFile(folder.path("powerlaw.yaml"), powerlaw);
});
afterAll(() => folder.remove());

const powerlaw = `components:
- name: source
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index, value: 2.5, frozen: true}
    - {name: amplitude, value: 3.0e-12, unit: cm-2 s-1 TeV-1, error: 3.0e-13}
    - {name: reference, value: 1.0, unit: TeV, frozen: true}
- name: held
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index, value: 2, frozen: true}
    - {name: amplitude, value: 1.0e-12, unit: cm-2 s-1 TeV-1, frozen: true}
    - {name: reference, value: 1.0, unit: TeV, frozen: true}
`;

describe("gammats flux of data", () => {
  const runs = [23523, 23526].map((id) => `${spectra}/pha_obs${id}.fits`);
  const line = ["--range", "1 TeV,10 TeV", "--json"];

  it("fits the models of --model first, with the same fluxes as the folder of that fit", async () => {
    const text = await gammats(["flux", ...runs, "--model", "pl", "--group", "min 3", ...line]);
    expect([text.status, text.stderr]).toEqual([0, expect.stringContaining("the models of --model are fitted")]);
    await gammats(["fit", ...runs, "--model", "pl", "--group", "min 3", "--out", folder.path("runs")]);
    const found = (await gammats(["flux", folder.path("runs"), ...line])).json().fluxes[0];
    const [{ flux }] = text.json().fluxes;
    // the models of the folder went through the digits of its files
    for (const key of ["value", "errp"] as const) expect(flux[key] / found.flux[key]).toBeCloseTo(1, 9);
    expect(text.json().provenance.options).toMatchObject({ model: ["pl"], group: ["min 3"] });
  });

  it("fits a datasets.yaml with its models.yaml too, unless told not to", async () => {
    const [fit, as] = await Promise.all(
      [[], ["--no-fitted"]].map((more) => gammats(["flux", ...joint, ...more, ...line])),
    );
    expect([fit!.status, fit!.stderr]).toEqual([0, expect.stringContaining("the models are fitted to the data first")]);
    const start = (await gammats(["flux", joint[1], ...line])).json().fluxes[0].flux.value;
    expect(as!.json().fluxes[0].flux.value).toBe(start);
    expect(Math.abs(fit!.json().fluxes[0].flux.value / start - 1)).toBeGreaterThan(1e-3);
  });

  it("of data alone asks for models", async () => {
    const { status, said } = await gammats(["flux", runs[0]!, ...line]);
    expect([status, said]).toEqual([2, expect.stringMatching(/there are no models; .*or say them: --model/)]);
  });
});

const rowsOf = async (...argv: string[]) =>
  JSON.parse((await gammats(["flux", ...argv, "--format", "json"])).stdout).rows;

describe("gammats flux", () => {
  it("integrates a power law as one does on paper, with the relative error of its amplitude", async () => {
    const [row, held] = await rowsOf(folder.path("powerlaw.yaml"), "--range", "1 TeV,10 TeV");
    // A / (g - 1) (1 - 10^(1 - g)) and A / (g - 2) (1 - 10^(2 - g)) TeV, 1 TeV = 1.602176634 erg
    const flux = (3e-12 / 1.5) * (1 - 10 ** -1.5);
    const eflux = (3e-12 / 0.5) * (1 - 10 ** -0.5) * 1.602176634;
    expect(row.flux / flux).toBeCloseTo(1, 10);
    expect(row.eflux / eflux).toBeCloseTo(1, 10);
    expect(row.flux_err / row.flux).toBeCloseTo(0.1, 10);
    expect(row.eflux_err / row.eflux).toBeCloseTo(0.1, 10);
    expect(held).toMatchObject({ source: "held", flux_err: null });
    expect(held.remarks).toMatch(/^flux: no parameter of its spectrum has an error; eflux: no parameter/);
  });

  it("divides a range into bands, and takes edges", async () => {
    const path = folder.path("powerlaw.yaml");
    const bands = await rowsOf(path, "--range", "1 TeV,100 TeV", "--bins", "2", "--source", "source");
    const edges = await rowsOf(path, "--edges", "1 TeV,10 TeV,100 TeV", "--source", "source");
    expect(bands.map((r: { e_max: number }) => r.e_max)).toEqual([expect.closeTo(10, 10), expect.closeTo(100, 10)]);
    expect(edges[0].flux / bands[0].flux).toBeCloseTo(1, 10);
  });

  it("finds the models beside a fit result and in its folder", async () => {
    const from = (path: string) => rowsOf(folder.path(path), "--range", "1 TeV,10 TeV");
    const [a, b, c] = await Promise.all(["fitted", "fitted/fit-result.yaml", "fitted/joint_models.yaml"].map(from));
    expect(a).toEqual(b);
    expect(a).toEqual(c);
    const { stderr } = await gammats(["flux", folder.path("fitted"), "--range", "1 TeV,10 TeV"]);
    expect(stderr).toBe('gammats: left out, as their spectrum is a factor and no flux: "Fermi-LAT-bkg"\n');
    await mkdir(folder.path("empty"));
    const none = await gammats(["flux", folder.path("empty"), "--range", "1 TeV,10 TeV"]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringMatching(/empty: found no models\.yaml, expected/)]);
  });

  it("says how its errors are made, and draws them the same from the same seed", async () => {
    const line = ["flux", folder.path("fitted"), "--range", "1 TeV,10 TeV"];
    const linear = (await gammats([...line, "--json"])).json();
    expect(linear.errors).toMatchObject({ method: "linear", sigma: 1 });
    const [drawn, again] = await Promise.all(
      [0, 1].map(async () => (await gammats([...line, "--errors", "sampling", "--seed", "3", "--json"])).json()),
    );
    expect(drawn).toEqual(again);
    const [{ flux }] = drawn.fluxes;
    // 10 000 draws know a quantile to 2 % of the error; the errors are small, so both ways agree
    expect(Math.abs(flux.errp / linear.fluxes[0].flux.errp - 1)).toBeLessThan(0.06);
    expect(Math.abs(flux.errn / linear.fluxes[0].flux.errn - 1)).toBeLessThan(0.06);
    const text = await gammats([...line, "--errors", "sampling"]);
    expect(text.stdout).toMatch(/^Errors: 10000 draws from the covariance, 1 sigma/);
    const tex = (await gammats([...line, "--errors", "sampling", "--format", "tex"])).stdout;
    checkTex(tex);
    expect(tex).toMatch(/Crab Nebula & \$1\$ & \$10\$ & \$[\d.]+\^\{\+[\d.]+\}_\{-[\d.]+\}\$/);
  });

  it.each([
    [[], /flux: give the band as --range/],
    [["--curve"], /a curve goes over a range/],
    [["--range", "10 TeV,1 TeV"], /expected two increasing energies/],
    [
      ["--range", "1 TeV,10 TeV", "--source", "Crab"],
      /--source: there is no source "Crab"; did you mean "Crab Nebula"/,
    ],
    [["--range", "1 TeV,10 TeV", "--samples", "3"], /--samples "3": expected a whole number of at least 100/],
  ])("%j is refused", async (more, message) => {
    const { status, stderr } = await gammats(["flux", folder.path("fitted"), ...more]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

const CODE = `
import json, sys
import numpy as np
import astropy.units as u
from gammapy.modeling.models import Models
model = Models.read(sys.argv[1])["Crab Nebula"].spectral_model
cov = model.covariance.data
free = [i for i in range(len(cov)) if cov[i, i] > 0]

def with_error(quantity):
    """Value and sqrt(gT C g), derivatives by central differences of a hundredth of each error."""
    gradient = np.zeros(len(cov))
    for i in free:
        p = model.parameters[i]
        at, step = p.value, np.sqrt(cov[i, i]) / 100
        ends = []
        for side in (1, -1):
            p.value = at + side * step
            ends.append(quantity())
        p.value = at
        gradient[i] = (ends[0] - ends[1]) / (2 * step)
    return [float(quantity()), float(np.sqrt(gradient @ cov @ gradient))]

out = {"flux": [], "eflux": [], "curve": []}
for lo, hi in [(0.01, 0.1), (1, 10), (10, 100)]:
    band = lo * u.TeV, hi * u.TeV
    out["flux"].append(with_error(lambda: model.integral(*band).to_value("cm-2 s-1")))
    out["eflux"].append(with_error(lambda: model.energy_flux(*band).to_value("erg cm-2 s-1")))
for energy in [0.01, 1, 100] * u.TeV:
    out["curve"].append(with_error(lambda: (model(energy) * energy**2).to_value("erg cm-2 s-1")))
print(json.dumps(out))
`;

describe.runIf(python)("Gammapy", () => {
  it("gives the same fluxes and errors of the models that fit wrote", async () => {
    const path = folder.path("fitted/joint_models.yaml");
    const out = JSON.parse(execFileSync(python!, ["-W", "ignore", "-c", CODE, path], { encoding: "utf8" }));
    const bands = await rowsOf(path, "--edges", "0.01 TeV,0.1 TeV,1 TeV,10 TeV,100 TeV");
    // differences over a hundredth of an error leave 1e-4 of their curvature
    const agrees = (error: number, theirs: number, where: string) => expect(error / theirs, where).toBeCloseTo(1, 3);
    for (const [k, band] of [bands[0], bands[2], bands[3]].entries()) {
      for (const name of ["flux", "eflux"] as const) {
        expect(band[name] / out[name][k][0], `${name} ${k}`).toBeCloseTo(1, 5);
        agrees(band[`${name}_err`], out[name][k][1], `${name} ${k}`);
      }
    }
    const curve = await rowsOf(path, "--curve", "--range", "0.01 TeV,100 TeV", "--points", "3");
    for (const [k, point] of curve.entries()) {
      expect(point.e2dnde / out.curve[k][0]).toBeCloseTo(1, 6);
      agrees(point.e2dnde_err, out.curve[k][1], `curve ${k}`);
    }
    expect(await readFile(path, "utf8")).toContain("covariance:");
  });
});
