import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filesOfModels, problemsOfModels, readModels, writeModels } from "../../../src/api/io.js";
import { createSubmodel, fovBackground } from "../../../src/api/models.js";
import { FormatError } from "../../../src/errors.js";
import { pythonFloat, yamlFloat } from "../../../src/io/yaml/numbers.js";
import { skyModel } from "../../../src/models/create.js";
import { allParameters, updateParameters } from "../../../src/models/parameters.js";
import { standardModels } from "../../../src/models/registry.js";
import type { Models } from "../../../src/models/types.js";

/** The models file of the joint Crab tutorial as Gammapy 0.17 wrote it. */
const seed = `components:
- name: Crab Nebula
  type: SkyModel
  spatial:
    type: PointSpatialModel
    frame: icrs
    parameters:
    - name: lon_0
      value: 83.63310241699219
      unit: deg
      min: .nan
      max: .nan
      frozen: true
    - name: lat_0
      value: 22.019899368286133
      unit: deg
      min: -90.0
      max: 90.0
      frozen: true
  spectral:
    type: LogParabolaSpectralModel
    parameters:
    - name: amplitude
      value: 0.3415498620816483
      unit: cm-2 s-1 TeV-1
      min: .nan
      max: .nan
      frozen: false
    - name: reference
      value: 5.054833602905273e-05
      unit: TeV
      min: .nan
      max: .nan
      frozen: true
    - name: alpha
      value: 2.510798031388936
      unit: ''
      min: .nan
      max: .nan
      frozen: false
    - name: beta
      value: -0.022476498188855533
      unit: ''
      min: .nan
      max: .nan
      frozen: false
- name: background
  type: BackgroundModel
  parameters:
  - name: norm
    value: 0.9544383243744555
    unit: ''
    min: 0.0
    max: .nan
    frozen: false
  - name: tilt
    value: 0.0
    unit: ''
    min: .nan
    max: .nan
    frozen: true
  - name: reference
    value: 1.0
    unit: TeV
    min: .nan
    max: .nan
    frozen: true
`;

const values = (models: Models) => Object.fromEntries(allParameters(models).map((e) => [e.id, e.parameter.value]));

const current = `# the Crab, by hand
components:
  - name: Crab    # the source
    type: SkyModel
    id: local
    apply_irf: {exposure: true, psf: false, edisp: true}
    datasets_names: [Fermi]
    spectral:
      type: pl
      parameters:
      - name: index
        value: 2.4      # from the catalogue
        prior:
          type: GaussianPrior
          parameters: [{name: mu, value: 2.0}, {name: sigma, value: 0.3, unit: ''}]
          weight: 1
      - {name: amplitude, value: 3.0e-11, unit: cm-2 s-1 TeV-1, interp: log}
      - name: reference
        value: 1
        unit: TeV
        link: ref
      expressions:
        index: "2 * other.index"
  - name: other
    type: SkyModel
    spectral:
      type: PowerLawSpectralModel
      parameters:
      - name: reference
        value: 1.0
        unit: TeV
        link: ref
metadata:
  creator: me
checksum: 0123
`.replace("        value: 2.4 ", "        frozen: true\n        value: 2.4 ");

describe("readModels", () => {
  it("reads the seed's older form", () => {
    const { models, covarianceFile } = readModels(seed, { backgrounds: { background: "Fermi-LAT" } });
    expect(covarianceFile).toBeUndefined();
    expect(values(models)).toMatchObject({
      "Crab Nebula.amplitude": 0.3415498620816483,
      "Crab Nebula.reference": 5.054833602905273e-5,
      "Crab Nebula.beta": -0.022476498188855533,
      "Crab Nebula.lat_0": 22.019899368286133,
      "Fermi-LAT-bkg.norm": 0.9544383243744555,
      "Fermi-LAT-bkg.tilt": 0,
    });
    const [crab, background] = models.components;
    expect(background).toMatchObject({ type: "FoVBackgroundModel", datasetsNames: ["Fermi-LAT"] });
    expect(background!.spectral.parameters[1]).toMatchObject({ name: "norm", min: 0, max: Number.NaN, frozen: false });
    expect(crab).toMatchObject({ type: "SkyModel", spatial: { type: "PointSpatialModel", frame: "icrs" } });
    expect(crab!.spectral.parameters.map((p) => p.frozen)).toEqual([false, true, false, false]);
  });

  it("asks for the dataset of a background model", () => {
    expect(() => readModels(seed, { where: "old.yaml" })).toThrow(
      /^old.yaml:47 components\[1\]: the BackgroundModel "background" is for no dataset; write datasets_names/,
    );
    expect(readModels(seed, { datasets: ["Fermi-LAT"] }).models.components[1]!.name).toBe("Fermi-LAT-bkg");
  });

  it("reads the form of 0.18: parameters of the background inside spectral", () => {
    const text = seed
      .replace(
        "  type: BackgroundModel\n  parameters:",
        "  type: BackgroundModel\n  datasets_names: [A]\n  spectral:\n    type: PowerLawNormSpectralModel\n    parameters:",
      )
      .replace(/^ {2}- name: (norm|tilt|reference)$/gm, "    - name: $1")
      .replace(/^ {4}(?=(?:value|unit|min|max|frozen): (?:0.95|0.0$|''$|1.0$|.nan$|TeV$|true$|false$).*)/gm, "      ");
    const background = readModels(text.slice(0, text.indexOf("components")) + text.slice(text.indexOf("components")))
      .models.components[1]!;
    expect(background.name).toBe("A-bkg");
  });

  it("reads links written into names, and factor with scale", () => {
    const old = `components:
- name: a
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index@shared_0, value: 2.5, unit: '', min: .nan, max: .nan, frozen: false, factor: 2.5, scale: 1.0}
    - {name: amplitude, factor: 3.0, scale: 1.0e-12, unit: cm-2 s-1 TeV-1}
- name: b
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index@shared_0, value: 2.5, unit: '', frozen: false}
`;
    const { models } = readModels(old);
    expect(models.components.map((m) => m.spectral.parameters[0]!.link)).toEqual(["index@shared_0", "index@shared_0"]);
    expect(models.components[0]!.spectral.parameters[1]!.value).toBeCloseTo(3e-12, 24);
    const again = readModels(writeModels(models, { original: old })).models;
    expect(again).toEqual(models);
  });

  it("reads short tags, priors, expressions, responses and datasets", () => {
    const crab = readModels(current).models.components[0]!;
    expect(crab).toMatchObject({
      datasetsNames: ["Fermi"],
      applyIrf: { exposure: true, psf: false, edisp: true },
      spectral: { type: "PowerLawSpectralModel" },
    });
    const [index, amplitude, reference] = crab.spectral.parameters;
    expect(index).toMatchObject({
      value: 2.4,
      expression: "2 * other.index",
      prior: {
        type: "GaussianPrior",
        weight: 1,
        parameters: [
          { name: "mu", value: 2, unit: "" },
          { name: "sigma", value: 0.3, unit: "" },
        ],
      },
    });
    expect(amplitude!.extra).toEqual({ interp: "log" });
    expect(reference).toMatchObject({ frozen: true, link: "ref" });
  });

  it("names every problem with its line, not just the first", () => {
    const text = `components:
- name: crab
  type: SkyModel
  spectral:
    type: PowerLaw
    parameters: []
- name: crab
  type: SkyModl
- name: crab
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    paramters: []
    parameters:
    - {name: indx, value: 2.0}
    - {name: amplitude, value: 1e-12, unit: cm-2 s-1, frzen: true}
    - {name: reference, value: 1 TeV, link: nowhere}
- name: crab
  type: SkyModel
  spectral: {type: pl, parameters: [{name: index, value: .nan}]}
  spatial: {type: point, frame: ecliptic, parameters: [{name: lat_0, value: 91.0}]}
covarience: x.dat
`;
    const problems = problemsOfModels(text, { where: "crab.yaml" });
    expect(problems).toEqual([
      'crab.yaml:22: unknown key "covarience"; did you mean "covariance"?',
      'crab.yaml:5 components[0].spectral: unknown type "PowerLaw"; did you mean "PowerLawSpectralModel"?',
      'crab.yaml:8 components[1]: unknown type "SkyModl"; did you mean "SkyModel"?',
      'crab.yaml:13 components[2].spectral: unknown key "paramters"; did you mean "parameters"?',
      'crab.yaml:15 components[2].spectral.parameters[0]: PowerLawSpectralModel has no parameter "indx"; did you mean "index"?',
      'crab.yaml:16 components[2].spectral.parameters[1]: unknown key "frzen"; did you mean "frozen"?',
      'crab.yaml:17 components[2].spectral.parameters[2].value: found "1 TeV", expected a number such as 1.0e-12 or .nan',
      'crab.yaml:21 components[3].spatial.frame: found the frame "ecliptic", expected icrs, fk5, fk4, galactic; convert lon_0 and lat_0',
      'crab.yaml:18 components[3].name: the name "crab" is taken by components[0]; give every model a name of its own',
      'crab.yaml:16 components[2].spectral.amplitude.unit: found the unit "cm-2 s-1" of "amplitude", expected one that converts to "cm-2 s-1 TeV-1"',
      'crab.yaml:20 components[3].spectral.index.value: the value of "index" is NaN; give a finite number',
      'crab.yaml:21 components[3].spatial.lat_0.value: the value 91 of "lat_0" is outside its limits [-90, 90]; change the value or the limits',
      'crab.yaml:17 components[2].spectral.reference.link: "crab.reference" is linked by "nowhere", and nothing else bears that label; add it to the other parameter or remove it',
    ]);
    expect(() => readModels(text, { where: "crab.yaml" })).toThrow(FormatError);
    expect(() => readModels(text, { where: "crab.yaml" })).toThrow("crab.yaml: 13 problems\n  crab.yaml:22");
  });

  // YAML 1.1, example 2.19 and type int: 014 is octal; YAML 1.2, section 10.3.2: it is decimal
  it.each([
    ["010", "8 in YAML 1.1 (PyYAML) and 10 in YAML 1.2"],
    ["-014", "-12 in YAML 1.1 (PyYAML) and -14 in YAML 1.2"],
  ])("refuses %s, which is two numbers", (value, said) => {
    const text = (x: string) =>
      `components: [{name: a, type: SkyModel, spectral: {type: pl, parameters: [{name: index, value: ${x}}]}}]`;
    expect(problemsOfModels(text(value), { where: "m.yaml" })).toEqual([
      `m.yaml:1 components[0].spectral.parameters[0].value: found ${value}, which is ${said}; write it without the leading zero`,
    ]);
    for (const one of ["02", "0", "0.10", "10"]) expect(problemsOfModels(text(one), { where: "m.yaml" })).toEqual([]);
  });

  it.each([
    ["", "m.yaml:1: found nothing, expected a mapping"],
    ["models: []", 'unknown key "models"'],
    ["components: 3", "found 3, expected a list"],
    ["components:\n- [", "m.yaml:2: this is not YAML"],
    ["components:\n- name: a\n  type: SkyModel\n", "m.yaml:2 components[0]: the key spectral is missing"],
    ["components:\n- name: a\n  type: SkyDiffuseCube\n", "it is of Gammapy <= 0.17"],
    [
      "components:\n- name: a\n  type: TemplateNPredModel\n  spectral: {type: pl-norm}\n  filename: b.fits",
      'the map "b.fits" was not read',
    ],
    ["components:\n- type: FoVBackgroundModel\n  spectral: {type: pl-norm}\n", "exactly one dataset, found 0"],
    [
      "components:\n- name: a\n  type: SkyModel\n  spectral: {type: pl, parameters: [{value: 3}]}\n",
      "the key name is missing",
    ],
    [
      "components:\n- name: a\n  type: SkyModel\n  spectral: {type: pl, parameters: [{name: index, prior: {type: Gauss}}]}\n",
      'unknown type "Gauss"; did you mean "GaussianPrior"?',
    ],
  ])("says what is wrong with %j", (text, message) => {
    expect(problemsOfModels(text, { where: "m.yaml" }).join("\n")).toContain(message);
  });

  it("lists the files that models need", () => {
    const absorbed =
      "{type: compound, model1: {type: pl}, model2: {type: ebl-norm, filename: $GAMMAPY_DATA/ebl/z.fits}, operator: mul}";
    const text = `components:\n- {name: a, type: TemplateNPredModel, filename: x.fits}\n- {name: b, spectral: ${absorbed}}\n`;
    const folder = "$GAMMAPY_DATA/ebl";
    expect(filesOfModels(text, { where: "m.yaml" })).toEqual([
      { kind: "map", name: "x.fits", where: "m.yaml:2 components[0].filename" },
      {
        kind: "spectral-table",
        name: `${folder}/z.fits`,
        folder,
        where: "m.yaml:3 components[1].spectral.model2.filename",
      },
    ]);
    expect(filesOfModels("components: []\n")).toEqual([]);
  });
});

describe("writeModels", () => {
  it("writes the current form of the seed, which reads back the same", () => {
    const { models } = readModels(seed, { backgrounds: { background: "Fermi-LAT" } });
    const text = writeModels(models, { covarianceFile: "crab_covariance.dat" });
    expect(text).toBe(`# yaml-language-server: $schema=https://unpkg.com/gammats@0.1/dist/schema/models.schema.json
components:
  - name: Crab Nebula
    type: SkyModel
    spectral:
      type: LogParabolaSpectralModel
      parameters:
        - name: amplitude
          value: 0.3415498620816483
          unit: cm-2 s-1 TeV-1
        - name: reference
          value: 5.054833602905273e-05
          unit: TeV
        - name: alpha
          value: 2.510798031388936
        - name: beta
          value: -0.022476498188855533
    spatial:
      type: PointSpatialModel
      frame: icrs
      parameters:
        - name: lon_0
          value: 83.63310241699219
          unit: deg
          frozen: true
        - name: lat_0
          value: 22.019899368286133
          unit: deg
          frozen: true
  - type: FoVBackgroundModel
    datasets_names:
      - Fermi-LAT
    spectral:
      type: PowerLawNormSpectralModel
      parameters:
        - name: tilt
          value: 0.0
        - name: norm
          value: 0.9544383243744555
          min: 0.0
        - name: reference
          value: 1.0
          unit: TeV
covariance: crab_covariance.dat
checksum: a2a5ccd5d1e9fe1f1a474379d96ccbd2
`);
    const again = readModels(text);
    expect(again.models).toEqual(models);
    expect(again.covarianceFile).toBe("crab_covariance.dat");
  });

  it("edits in place: comments, order and other keys stay", () => {
    const { models } = readModels(current);
    expect(writeModels(models, { original: current })).toBe(current);
    const changed = updateParameters(models, {
      // the index follows its expression, 2 other.index
      "Crab.index": { error: 0.01, min: 1, max: 5 },
      "Crab.amplitude": { value: 1e-12, error: 2e-13 },
      "other.index": { frozen: true },
      "Crab.reference": 2,
    });
    const text = writeModels(changed, {
      original: current.replace(
        "other\n    type: SkyModel\n    spectral:\n      type: PowerLawSpectralModel\n      parameters:",
        "other\n    type: SkyModel\n    spectral:\n      type: PowerLawSpectralModel\n      parameters:\n      - name: index",
      ),
      covarianceFile: "c.dat",
    });
    expect(text).toContain("# the Crab, by hand");
    expect(text).toContain(
      "value: 4.0      # from the catalogue\n        error: 0.01\n        min: 1.0\n        max: 5.0\n        prior:",
    );
    expect(text).toContain("{name: amplitude, value: 1.0e-12, error: 2.0e-13, unit: cm-2 s-1 TeV-1, interp: log}");
    expect(text).toContain("      - name: index\n        frozen: true\n");
    expect(text).toContain('metadata:\n  creator: me\ncovariance: "c.dat"\n');
    expect(text.match(/value: 2\.0$/gm)).toHaveLength(2);
    expect(writeModels(readModels(current).models, { original: current })).toBe(current);
    const again = readModels(text);
    expect(again.models).toEqual(changed);
    expect(writeModels(changed, { original: text })).not.toContain("covariance");
  });

  it("keeps Windows line ends and a missing last one", () => {
    const original =
      "components:\r\n- name: a\r\n  type: SkyModel\r\n  spectral:\r\n    type: pl\r\n    parameters:\r\n    - name: index\r\n      value: 2.5";
    const { models } = readModels(original);
    const changed = updateParameters(models, { "a.index": { error: 0.5 } });
    // the MD5 of what PyYAML 6.0.3 writes of it
    const checksum = "84ce1c6eb896dee10010ab5f606405dd";
    expect(writeModels(changed, { original })).toBe(`${original}\r\n      error: 0.5\r\nchecksum: ${checksum}\r\n`);
  });

  it("writes anew where the structure differs, and keeps the other keys", () => {
    const { models } = readModels(current);
    const fewer = { components: models.components.slice(1).map((m) => ({ ...m, name: "yes" })) } as Models;
    const unlinked = updateParameters(fewer, { "yes.reference": { link: undefined } });
    const text = writeModels(unlinked, { original: current });
    expect(text).toContain('name: "yes"');
    expect(text).toContain("metadata:\n  creator: me\n");
    expect(text).not.toContain("checksum: 0123");
    expect(readModels(text).models.components).toHaveLength(1);
  });

  it("keeps expressions beside the parameters, where Gammapy does not look", () => {
    const { models } = readModels(current);
    const text = writeModels(models);
    expect(text).toContain("expressions:\n        index: 2 * other.index\n");
    expect(readModels(text).models).toEqual(models);
  });

  it("reads back every declared model", () => {
    // those with data of their own: templates.test.ts
    const nth = (kind: "spatial" | "temporal", i: number) => {
      const all = standardModels[kind].filter((d) => !d.bind);
      return all[i % all.length]!.type;
    };
    const components = standardModels.spectral
      .filter((d) => !d.bind)
      .map((d, i) => {
        const spectral = createSubmodel(d.type, {}, { kind: "spectral" });
        if (d.isNorm) return fovBackground(`data ${i}`, spectral);
        const temporal = createSubmodel(nth("temporal", i), {}, { kind: "temporal" });
        return skyModel({
          name: `m${i}`,
          spectral,
          spatial: createSubmodel(nth("spatial", i), {}, { kind: "spatial", frame: "galactic" }),
          temporal: i % 2 === 0 ? temporal : { ...temporal, extra: { scale: "tt" } },
        });
      });
    expect(readModels(writeModels({ components })).models.components).toEqual(components);
  });

  it("keeps any value, error, limit and frozen flag to the last bit, anew and in place", () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(any, any.map(Math.abs), fc.boolean(), fc.string(), (value, error, frozen, name) => {
        const model = skyModel({
          name: `m${name}`,
          spectral: createSubmodel("pl", { index: { value, error, frozen, min: value - 1 } }),
        });
        const models: Models = { components: [model] };
        const text = writeModels(models);
        expect(readModels(text).models).toEqual(models);
        const original = writeModels(updateParameters(models, { [`m${name}.index`]: { value: value + 1, error: 0 } }));
        expect(readModels(writeModels(models, { original })).models).toEqual(models);
      }),
    );
  });
});

it.each([
  [1e-12, "1e-12", "1.0e-12"],
  [1.5e-12, "1.5e-12", "1.5e-12"],
  [0.0001, "0.0001", "0.0001"],
  [0.00001, "1e-05", "1.0e-05"],
  [2, "2.0", "2.0"],
  [1e15, "1000000000000000.0", "1000000000000000.0"],
  [1e16, "1e+16", "1.0e+16"],
  [-0, "-0.0", "-0.0"],
  [Number.NaN, "nan", ".nan"],
  [Number.NEGATIVE_INFINITY, "-inf", "-.inf"],
])("writes %d as Python does", (x, python, yaml) => {
  expect(pythonFloat(x)).toBe(python);
  expect(yamlFloat(x)).toBe(yaml);
});

const data = process.env.GAMMAPY_DATA;
describe.runIf(data)("real files", () => {
  it("reads the Crab of Fermi-LAT and edits it in place", () => {
    const text = readFileSync(`${data}/fermi-3fhl-crab/Fermi-LAT-3FHL_models.yaml`, "utf8");
    const { models } = readModels(text, { datasets: ["Fermi-LAT"] });
    expect(values(models)).toMatchObject({
      "Crab Nebula.alpha": 1.652368617859867,
      "Fermi-LAT-bkg.norm": 1.3004625872247901,
    });
    expect(models.components[1]!.spectral.parameters[1]!.error).toBe(0.07512322002655547);
    expect(writeModels(models, { original: text }).replace(/^checksum: .*\n/m, "")).toBe(`${text.trimEnd()}\n`);
    const fitted = updateParameters(models, { "Crab Nebula.alpha": { value: 1.25, error: 0.0368 } });
    const edited = writeModels(fitted, { original: text });
    expect(readModels(edited).models).toEqual(fitted);
    const changed = edited.split("\n").filter((line, i) => line !== text.trimEnd().split("\n")[i]);
    expect(changed.map((line) => line.replace(/ .*/, ""))).toEqual(["", "", "checksum:", ""]);
  });
});

it("takes apply_irf that names all responses for none", () => {
  const all = current.replace("psf: false", "psf: true");
  expect(readModels(all).models.components[0]).not.toHaveProperty("applyIrf");
  expect(readModels(current).models.components[0]).toHaveProperty("applyIrf");
});
