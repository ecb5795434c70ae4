import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModels, writeModels } from "../../../src/api/io.js";
import { createSubmodel, dnde, fovBackground } from "../../../src/api/models.js";
import { readCovariance, writeCovariance } from "../../../src/io/yaml/covariance.js";
import { calibration } from "../../../src/models/calibration.js";
import { skyModel } from "../../../src/models/create.js";
import { allParameters, updateParameters } from "../../../src/models/parameters.js";
import { standardModels } from "../../../src/models/registry.js";
import type { Covariance, Models, Parameter } from "../../../src/models/types.js";

const python = process.env.GAMMATS_PYTHON;

/** What Gammapy makes of a models.yaml: all parameters as it sees them, links by identity, and the covariance. */
const formatModels = `
import json, sys
import numpy as np
from gammapy.modeling.models import Models
models = Models.read(sys.argv[1])
pars = list(models.parameters)
first = {}
out = []
for name, p in zip([f"{m.name}.{n}" for m in models for n in m.parameters_unique_names], pars):
    prior = None if p.prior is None else [p.prior.tag[0], p.prior.weight, {q.name: q.value for q in p.prior.parameters}]
    out.append([name, p.value, p.unit.to_string("fits"), p.error, p.min, p.max, bool(p.frozen), first.setdefault(id(p), len(first)), prior])
json.dump({"parameters": out, "covariance": np.asarray(models.covariance.data).tolist(),
           "models": [[m.name, m.tag[0], m.datasets_names] for m in models],
           "irf": [getattr(m, "apply_irf", None) for m in models],
           "frames": [getattr(getattr(m, "spatial_model", None), "frame", None) for m in models]}, sys.stdout)
`;

const evaluateModels = `
import json, sys
import astropy.units as u
from gammapy.modeling.models import Models
models = Models.read(sys.argv[1])
energy = json.loads(sys.argv[2]) * u.TeV
json.dump({"dnde": [m.spectral_model(energy).to_value("cm-2 s-1 TeV-1").tolist() for m in models],
           "covariance": models.covariance.data.diagonal().tolist()}, sys.stdout)
`;

const writeWithGammapy = `
import sys
import numpy as np
from gammapy.modeling.models import *
a = SkyModel(PowerLawSpectralModel(index=2.2), GaussianSpatialModel(frame="galactic"), LinearTemporalModel(), name="a b",
             datasets_names=["x"], apply_irf={"exposure": True, "psf": False, "edisp": True})
b = SkyModel(LogParabolaSpectralModel(amplitude="3e-8 m-2 s-1 TeV-1"), PointSpatialModel(lon_0="83.6 deg", lat_0="22 deg"), name="b.c")
b.spectral_model.reference = a.spectral_model.reference
b.spectral_model.alpha.prior = GaussianPrior(mu=2, sigma=0.3)
b.spectral_model.beta.min = 0
c = FoVBackgroundModel(dataset_name="x")
models = Models([a, b, c])
n = len(models.parameters)
cov = np.zeros((n, n))
cov[0, 0], cov[1, 1], cov[0, 1], cov[1, 0] = 0.01, 1e-26, -1.234567890123e-15, -1.234567890123e-15
models.covariance = cov
models.write(sys.argv[1], overwrite=True)
`;

describe.runIf(python)("Gammapy", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "gammats-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const run = (code: string, ...args: string[]) =>
    execFileSync(python!, ["-W", "ignore", "-c", code, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  // json.dump writes NaN and Infinity
  const load = (text: string) => JSON.parse(text.replace(/\bNaN\b/g, "null"));
  const nan = (x: number) => (Number.isNaN(x) ? null : x);

  function compare(theirs: ReturnType<typeof load>, models: Models, covariance?: Covariance) {
    const entries = allParameters(models);
    const labels = new Map<string, number>();
    const ours = entries.map((entry, i) => {
      const p: Parameter = entry.parameter;
      const first = p.link === undefined ? String(i) : `@${p.link}`;
      if (!labels.has(first)) labels.set(first, labels.size);
      const prior = p.prior && [
        p.prior.type,
        p.prior.weight,
        Object.fromEntries(p.prior.parameters.map((q) => [q.name, q.value])),
      ];
      return [
        `${entry.model}.${entry.kind}.${entry.name}`,
        p.value,
        nan(p.min),
        nan(p.max),
        p.frozen,
        labels.get(first),
        prior ?? null,
      ];
    });
    const seen = theirs.parameters.map((row: unknown[]) => [row[0], row[1], row[4], row[5], row[6], row[7], row[8]]);
    expect(seen).toEqual(ours);
    if (covariance === undefined) return;
    // Gammapy takes the root of the diagonal and squares it again.
    const flat: number[] = theirs.covariance.flat();
    expect(flat.every((x, i) => Math.abs(x - covariance.matrix[i]!) <= 4e-16 * Math.abs(x))).toBe(true);
  }

  it("reads what we write: parameters, links, limits, priors, covariance", () => {
    const linked = (p: Parameter) => (p.name === "reference" ? { ...p, link: "E0", value: 1 } : p);
    const a = createSubmodel("pl", {
      index: { value: 2.3, error: 0.1, min: 0, max: 5 },
      amplitude: { value: 1e-12, error: 1e-13 },
    });
    const b = createSubmodel("ecpl", { lambda_: { value: 1e-5, frozen: true } });
    let models: Models = {
      components: [
        skyModel({
          name: "yes",
          spectral: { ...a, parameters: a.parameters.map(linked) },
          spatial: createSubmodel(
            "gauss",
            { sigma: "3 arcmin", lat_0: { value: -1e-7, frozen: true } },
            { kind: "spatial", frame: "galactic" },
          ),
          temporal: createSubmodel("exp-decay"),
          applyIrf: { exposure: true, psf: false, edisp: true },
        }),
        skyModel({ name: "b 1", spectral: { ...b, parameters: b.parameters.map(linked) }, datasetsNames: ["x", "y"] }),
        fovBackground("x"),
      ],
      calibration: [calibration(["x", "y"], { area_norm: { value: 1.05, error: 0.1, frozen: false } })],
      penalties: [{ parameters: ["yes.index"], mean: [2], covariance: [[0.1]], weight: 0.5 }],
    };
    models = updateParameters(models, {
      "yes.index": {
        prior: {
          type: "GaussianPrior",
          weight: 2,
          parameters: [
            { name: "mu", value: 2, unit: "" },
            { name: "sigma", value: 0.2, unit: "" },
          ],
        },
      },
      "b 1.alpha": { frozen: true, expression: "2 * yes.index" },
    });
    const entries = allParameters(models);
    const n = entries.length;
    const matrix = new Float64Array(n * n);
    const k = (id: string) => entries.findIndex((entry) => entry.id === id);
    const [i, j] = [k("yes.index"), k("yes.amplitude")];
    matrix[i * n + i] = 0.01;
    matrix[j * n + j] = 1e-26;
    matrix[i * n + j] = matrix[j * n + i] = 1 / 3e15;
    const area = k("calibration x + y.area_norm");
    matrix[area * n + area] = 0.01;
    matrix[area * n + j] = matrix[j * n + area] = -1e-14;
    const covariance = { names: entries.map((entry) => entry.id), matrix };
    writeFileSync(join(folder, "ours.yaml"), writeModels(models, { covarianceFile: "ours_covariance.dat" }));
    writeFileSync(join(folder, "ours_covariance.dat"), writeCovariance(models, covariance));
    const theirs = load(run(formatModels, join(folder, "ours.yaml")));
    // Gammapy sees all but the calibration
    const m = n - 3;
    const block = Float64Array.from({ length: m * m }, (_, q) => matrix[Math.floor(q / m) * n + (q % m)]!);
    compare(theirs, { components: models.components }, { names: covariance.names.slice(0, m), matrix: block });
    const back = readModels(readFileSync(join(folder, "ours.yaml"), "utf8")).models;
    expect(back).toEqual(models);
    expect(readCovariance(readFileSync(join(folder, "ours_covariance.dat"), "utf8"), back)).toEqual(covariance);
    expect(theirs.models).toEqual([
      ["yes", "SkyModel", null],
      ["b 1", "SkyModel", ["x", "y"]],
      ["x-bkg", "FoVBackgroundModel", ["x"]],
    ]);
    expect(theirs.irf[0]).toEqual({ exposure: true, psf: false, edisp: true });
    expect(theirs.frames[0]).toBe("galactic");
  });

  it("reads every model that we declare", () => {
    const kinds = ["spectral", "spatial", "temporal"] as const;
    const norms = standardModels.spectral.filter((d) => d.isNorm && !d.bind);
    // those with data of their own: test/io/resources.test.ts
    const flux = {
      // the last two Gammapy has inside of functions only
      spectral: standardModels.spectral.filter(
        (d) => !d.isNorm && !d.bind && !["log-gauss", "crab-meyer"].includes(d.tag),
      ),
      // Gammapy does not find it by its name
      spatial: standardModels.spatial.filter((d) => !d.bind && d.type !== "ConstantFluxSpatialModel"),
      temporal: standardModels.temporal.filter((d) => !d.bind),
    };
    const sources = flux.spectral.map((_, i) => {
      const pick = (kind: (typeof kinds)[number]) =>
        createSubmodel(flux[kind][i % flux[kind].length]!.type, {}, { kind });
      return skyModel({
        name: `m${i}`,
        spectral: pick("spectral"),
        spatial: pick("spatial"),
        temporal: pick("temporal"),
      });
    });
    const backgrounds = norms.map((d) => fovBackground(d.tag, createSubmodel(d.type)));
    const components = [...sources, ...backgrounds];
    writeFileSync(join(folder, "all.yaml"), writeModels({ components }));
    compare(load(run(formatModels, join(folder, "all.yaml"))), { components });
  });

  it("reads compounds, tables and their covariance", () => {
    const oracle = JSON.parse(readFileSync(new URL("../../oracle/models.json", import.meta.url), "utf8"));
    const components = oracle.compounds.map((c: { yaml: string }, i: number) => ({
      ...readModels(c.yaml).models.components[0]!,
      name: `m${i}`,
    }));
    const names = allParameters(components).map(({ id }) => id);
    const matrix = new Float64Array(names.length ** 2);
    names.forEach((_, i) => {
      matrix[i * (names.length + 1)] = 0.01 * i;
    });
    const models: Models = { components, covariance: { names, matrix } };
    writeFileSync(join(folder, "compounds.dat"), writeCovariance(models, models.covariance!));
    writeFileSync(join(folder, "compounds.yaml"), writeModels(models, { covarianceFile: "compounds.dat" }));
    const theirs = load(run(evaluateModels, join(folder, "compounds.yaml"), JSON.stringify(oracle.energy)));
    names.forEach((name, i) => {
      expect(theirs.covariance[i], name).toBeCloseTo(0.01 * i, 14);
    });
    models.components.forEach(({ spectral }, i) => {
      dnde(spectral, oracle.energy).forEach((ours, j) => {
        expect(Math.abs(ours - theirs.dnde[i][j])).toBeLessThanOrEqual(1e-12 * Math.abs(theirs.dnde[i][j]));
      });
    });
  });

  it("writes what we read, and reads our edit of it", () => {
    const file = join(folder, "theirs.yaml");
    run(writeWithGammapy, file);
    const text = readFileSync(file, "utf8");
    const { models, covarianceFile } = readModels(text);
    expect(covarianceFile).toBe("theirs_covariance.dat");
    const table = readFileSync(join(folder, covarianceFile!), "utf8");
    const covariance = readCovariance(table, models, covarianceFile);
    compare(load(run(formatModels, file)), models, covariance);
    // to the byte
    expect(writeCovariance(models, covariance)).toBe(table);
    const written = writeModels(models, { original: text, covarianceFile });
    expect(written.replace(/^checksum: .*\n/m, "")).toBe(`${text.trimEnd()}\n`);
    const changed = updateParameters(models, {
      "a b.index": { value: 2.5, error: 0.2, frozen: true },
      "x-bkg.norm": { min: 0 },
    });
    writeFileSync(file, writeModels(changed, { original: text }));
    compare(load(run(formatModels, file)), changed);
    expect(readFileSync(file, "utf8")).toContain("creator: Gammapy 2.1");
  });
});
