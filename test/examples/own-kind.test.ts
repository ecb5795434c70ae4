/** The worked example of CONTRIBUTING, run as it stands there: the flux of a band of energy is fitted together with other data. */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import own from "../../examples/own-kind.mjs";
import { infoTable, npred, simulate } from "../../src/api/datasets.js";
import { toys } from "../../src/api/estimators.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import type { Dataset, FluxPointsDataset } from "../../src/datasets/types.js";
import { serialExecutor } from "../../src/execute/serial.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { axisFromNodes } from "../../src/sky/axis.js";
import { gammats, temporaryFolder } from "../cli/run.js";
import { buildScript } from "../execute/build.js";
import { checkDerivatives } from "../fit/derivatives.js";
import { BAND_HEAD, expectLike, fluxes, writeFluxes } from "./fluxes.js";
import { expectQuoted } from "./quoted.js";

const FILE = "examples/own-kind.mjs";
const using = { registry: extendRegistry(standardRegistry, own) };
const oracle = fluxes.without.others;
const [emin, emax, flux, error] = fluxes.band;

const spectral = createSubmodel("pl", { index: 2, amplitude: 1e-11 });
const models: Models = { components: [skyModel({ name: "source", spectral })] };
const band: Dataset & { readonly flux: number } = {
  type: "BandFluxDataset",
  name: "band",
  ...{ energy: Float64Array.of(emin!, emax!), flux: flux!, error },
};
const dnde = Float64Array.from(fluxes.points.dnde);
const none = dnde.map(() => Number.NaN);
const points: FluxPointsDataset = {
  type: "FluxPointsDataset",
  name: "points",
  statistic: "chi2",
  points: {
    energy: axisFromNodes(fluxes.points.energy, { name: "energy", unit: "TeV", interp: "log" }),
    sedType: "dnde",
    reference: { dnde, e2dnde: none, flux: none, eflux: none },
    norm: dnde.map(() => 1),
    normErr: dnde.map((f, i) => fluxes.points.error[i]! / f),
  },
};

it("is the file that CONTRIBUTING quotes", () => {
  expectQuoted(FILE);
});

describe("the flux of a band", () => {
  it("is predicted as the integral of the models, and drawn with its error", () => {
    const data = npred(band, models, using).data;
    // Simpson with 64 steps h of 0.042 in ln E: relative error (g - 1)^4 h^4 / 180 = 2e-8
    expect(data[0]! / (1e-11 * (1 / emin! - 1 / emax!))).toBeCloseTo(1, 7);
    const drawn = simulate(band, models, 1, using);
    expect(drawn.flux).not.toBe(flux);
    expect(Math.abs(drawn.flux - data[0]!) / error!).toBeLessThan(4);
  });

  it("is fitted jointly with flux points as iminuit does, by exact derivatives", () => {
    const result = fit([band, points], models, using);
    expect(result.success).toBe(true);
    expectLike(oracle, result.free.values, result.free.errors);
    // the flux, known to 4 %, is predicted to 1e-7 by the rule of Simpson: 1e-6 in the statistic
    expect(result.totalStat).toBeCloseTo(oracle.stat, 5);
    const joint = compileJoint([band, points], models, using);
    checkDerivatives(joint, Float64Array.of(2.45, 1.9e-11), Float64Array.of(1e-3, 1e-14), 1e-6);
  });

  it("is described, left out of other energy ranges, and unknown without the registry", () => {
    expect(infoTable([band], models, using)[0]).toMatchObject({ nBins: 1, nFitBins: 1, statType: "chi2" });
    const kind = using.registry.kinds.find((k) => k.types.includes(band.type))!;
    expect(kind.restrict(band, 0.01, 1)).toMatchObject({ isLeftOut: false });
    expect(() => fit([kind.restrict(band, 0.1, 1)], models, using)).toThrow(/dataset "band": its band is not in/);
    expect(() => fit([band], models)).toThrow(/kind of dataset "BandFluxDataset"/);
  });
});

describe("in files, commands and threads", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let script: URL;
  beforeAll(async () => {
    folder = await temporaryFolder();
    script = await buildScript("../../src/node/worker.ts");
  });
  afterAll(() => folder.remove());

  it("the same toys on threads", async () => {
    const options = { ...using, n: 4, seed: 1, jobSize: 2 };
    const threads = threadsExecutor({ workers: 2, script, plugins: [new URL(`../../${FILE}`, import.meta.url)] });
    const [here, there] = [serialExecutor(), threads].map((executor) =>
      toys([band, points], models, { ...options, executor }),
    );
    expect((await there!).values).toEqual((await here!).values);
    await threads.close();
  });

  it("gammats fit and info", async () => {
    writeFluxes(folder, ["band", "points"]);
    const analysis = [folder.path("datasets.yaml"), folder.path("models.yaml"), "--plugin", FILE];
    const run = await gammats(["fit", ...analysis, "--json", "--out", folder.path("out")]);
    expect(run.stderr).toBe("");
    const of = (name: string, what: string) =>
      run.json().parameters.find((p: { name: string }) => p.name === name)[what] as number;
    expectLike(
      oracle,
      ["index", "amplitude"].map((name) => of(name, "value")),
      ["index", "amplitude"].map((name) => of(name, "error")),
    );
    const info = await gammats(["info", folder.path("band.txt"), "--plugin", FILE]);
    expect(info.stdout).toMatch(/Number of fluxes +: 1/);
    writeFileSync(folder.path("bad.txt"), `${BAND_HEAD}\n1 0.1 2e-9 1e-10\n`);
    const bad = await gammats(["info", folder.path("bad.txt"), "--plugin", FILE]);
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringMatching(/bad\.txt:2: found "1 0.1 2e-9 1e-10"/)]);
  });
});
