import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { imageHdu, writeFits } from "../../src/fits/index.js";
import { createResponses } from "../../src/fold/response.js";
import { memoryFiles } from "../../src/io/files.js";
import { contentsOf, encodeContents, openKnown } from "../../src/io/formats/use.js";
import { standardRegistry } from "../../src/io/registry.js";
import { parseXml } from "../../src/io/xml/parse.js";
import { createSubmodel } from "../../src/models/create.js";
import { dnde } from "../../src/models/flux.js";
import { standardModels } from "../../src/models/registry.js";
import type { Models, SkyModel } from "../../src/models/types.js";
import { nodeFiles } from "../../src/node.js";
import { gammapyData } from "../environment.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/source_xml.json", import.meta.url), "utf8"));
const encode = (text: string) => new TextEncoder().encode(text);
const MEV = 1e-6; // TeV

async function read(files: Record<string, Uint8Array | string>, env = {}, path = "model.xml") {
  const entries = Object.entries(files).map(([name, data]) => [name, typeof data === "string" ? encode(data) : data]);
  const access = memoryFiles(Object.fromEntries(entries), env);
  const file = await openKnown(path, access, standardRegistry.formats);
  const contents = await contentsOf(file, { files: access, registry: standardRegistry, responses: createResponses() });
  const convert = (name: string) => {
    const written = encodeContents(file, contents, { name, registry: standardRegistry });
    return Object.fromEntries(Array.from(written, ([key, bytes]) => [key, new TextDecoder("latin1").decode(bytes)]));
  };
  return { kind: file.format.name, models: contents.models as Models & { components: SkyModel[] }, convert };
}

const source = (spectrum: string, shape = point, more = 'type="PointSource"') =>
  `<?xml version="1.0"?>\n<!-- mine -->\n<source_library title="x">\n<source name="a" ${more}>${spectrum}${shape}</source></source_library>`;
const parameter = (name: string, value: number | string, more = 'scale="1" min="0" max="10" free="0"') =>
  `<parameter name="${name}" value="${value}" ${more}/>`;
const gauss = (values: Record<string, number>) => createSubmodel(standardModels, "gauss", values, { kind: "spatial" });
const point = `<spatialModel type="SkyDirFunction">${parameter("RA", 83.63)}${parameter("DEC", 22.01)}</spatialModel>`;
const powerLaw = `<spectrum type="PowerLaw">${parameter("Prefactor", 2, 'scale="1e-12" min="0.1" max="100" free="1"')}${parameter("Index", "-2.5", 'error="0.1" scale="1" min="-5" max="-1" free="1"')}${parameter("Scale", 1000)}</spectrum>`;

describe("source lists of the Fermi tools and ctools", () => {
  it("have no limit where it is 1e30 or more, by itself or times its scale", async () => {
    const wide = parameter("Index", "-2.5", 'scale="1e12" min="-1e18" max="1e30" free="1"');
    const spectrum = `<spectrum type="PowerLaw">${parameter("Prefactor", 2)}${wide}${parameter("Scale", 1000)}</spectrum>`;
    const { models } = await read({ "model.xml": source(spectrum) });
    const index = models.components[0]!.spectral.parameters.find(({ name }) => name === "index")!;
    expect([index.min, index.max]).toEqual([Number.NaN, Number.NaN]);
  });

  it("have spectra of these values", async () => {
    const { models, kind } = await read({ "model.xml": oracle.xml });
    expect(kind).toBe("source-xml");
    expect(models.components.map(({ name }) => name)).toEqual(Object.keys(oracle.dnde));
    for (const { name, spectral } of models.components) {
      const found = dnde(
        spectral,
        oracle.energies.map((e: number) => e * MEV),
        standardModels,
      );
      for (const [i, value] of found.entries()) {
        // cutoffs make 1e-14 of an exponent of 10 a difference of 1e-13
        const expected = oracle.dnde[name][i];
        expect(Math.abs(value * MEV - expected), `${name} ${i}`).toBeLessThanOrEqual(
          1e-12 * Math.abs(expected) + 1e-300,
        );
      }
    }
  });

  it("are the same written and read again", async () => {
    const { models, convert } = await read({ "model.xml": oracle.xml });
    const again = await read({ "model.xml": convert("new.xml")["new.xml"]! });
    const yaml = await read({ "models.yaml": convert("models.yaml")["models.yaml"]! }, {}, "models.yaml");
    expect(yaml.kind).toBe("models-yaml");
    const back = await read({ "model.xml": yaml.convert("model.xml")["model.xml"]! });
    for (const other of [again, back]) {
      for (const [i, { spectral, name }] of models.components.entries()) {
        const theirs = other.models.components[i]!;
        expect([theirs.name, theirs.spectral.type]).toEqual([name, spectral.type]);
        for (const [k, p] of spectral.parameters.entries()) {
          const q = theirs.spectral.parameters[k]!;
          expect([q.name, q.unit, q.frozen]).toEqual([p.name, p.unit, p.frozen]);
          for (const key of ["value", "min", "max", "error"] as const) {
            if (Number.isNaN(p[key])) expect(q[key], `${name} ${p.name} ${key}`).toBeNaN();
            else
              expect(Math.abs(q[key] - p[key]), `${name} ${p.name} ${key}`).toBeLessThanOrEqual(
                1e-14 * Math.abs(p[key]),
              );
          }
        }
      }
    }
  });

  it("have values, errors and limits with signs and scales", async () => {
    const { models } = await read({ "model.xml": source(powerLaw) });
    const [{ spectral, spatial }] = models.components as [SkyModel];
    expect(spectral.parameters).toMatchObject([
      { name: "index", value: 2.5, error: 0.1, min: 1, max: 5, frozen: false },
      { name: "amplitude", value: 2e-12, unit: "cm-2 s-1 MeV-1", frozen: false },
      { name: "reference", value: 1000, unit: "MeV", frozen: true },
    ]);
    expect(spectral.parameters[1]!.max).toBeCloseTo(1e-10, 22);
    expect(spatial).toMatchObject({ frame: "icrs", parameters: [{ value: 83.63 }, { value: 22.01 }] });
    const cutoff = `<spectrum type="PLSuperExpCutoff">${parameter("Prefactor", 1)}${parameter("Index1", -2)}${parameter("Scale", 1)}${parameter("Cutoff", 4, 'error="2" scale="1000" min="1" max="10" free="1"')}${parameter("Index2", 1)}</spectrum>`;
    const lambda = (await read({ "model.xml": source(cutoff) })).models.components[0]!.spectral.parameters.find(
      (p) => p.name === "lambda_",
    )!;
    expect(lambda).toMatchObject({ value: 1 / 4000, min: 1 / 10_000, max: 1 / 1000, unit: "MeV-1" });
    expect(lambda.error).toBeCloseTo(2000 / 4000 ** 2, 12);
  });

  it("name maps and spectra in files, with $(NAME) as variable", async () => {
    const axes = ["GLON-CAR", "GLAT-CAR"].flatMap((type, i) => [
      { key: `CTYPE${i + 1}`, value: type },
      { key: `CRPIX${i + 1}`, value: 1.5 },
      { key: `CRVAL${i + 1}`, value: 0 },
      { key: `CDELT${i + 1}`, value: i === 0 ? -1 : 1 },
    ]);
    const map = writeFits([imageHdu("PRIMARY", [2, 2], new Float64Array(4).fill(1), axes)]);
    const file = `<spectrum type="FileFunction" apply_edisp="false" file="iso.txt">${parameter("Normalization", 1.5, 'scale="1" min="0" max="10" free="1"')}</spectrum>`;
    const everywhere = `<spatialModel type="ConstantValue">${parameter("Value", 1)}</spatialModel>`;
    const shape = `<spatialModel type="SpatialMap" file="$(EXT)/w44.fits">${parameter("Prefactor", 1)}</spatialModel>`;
    const isotropic = await read({
      "model.xml": source(file, everywhere, 'type="DiffuseSource"'),
      "iso.txt": "1000 2e-8 0\n1e5 2e-12 0\n",
    });
    const [model] = isotropic.models.components;
    expect(model!.applyIrf).toEqual({ exposure: true, psf: true, edisp: false });
    expect(dnde(model!.spectral, [1e-2], standardModels)[0]! * MEV).toBeCloseTo(1.5 * 2e-10, 20);
    const written = isotropic.convert("out.xml");
    expect(written["out.xml"]).toContain('apply_edisp="false" type="FileFunction" file="iso.txt"');
    const extended = await read(
      { "model.xml": source(powerLaw, shape, 'type="DiffuseSource"'), "/e/w44.fits": map },
      { EXT: "/e" },
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as written
    expect(extended.models.components[0]!.spatial!.extra).toEqual({ filename: "${EXT}/w44.fits", normalize: true });
    expect(extended.convert("out.xml")["out.xml"]).toContain('file="$(EXT)/w44.fits"');
  });

  it.each([
    [
      "another kind of source",
      source(powerLaw, point, 'type="CTAIrfBackground"'),
      /model.xml:4 source "a": found the type "CTAIrfBackground"/,
    ],
    ["another spectrum", source('<spectrum type="DMFitFunction"/>'), /DMFitFunction/],
    [
      "a missing parameter",
      source(`<spectrum type="PowerLaw">${parameter("Index", -2)}</spectrum>`),
      /the parameter Prefactor is missing/,
    ],
    ["an unknown parameter", source(powerLaw.replace("</spectrum>", `${parameter("Bend", 1)}</spectrum>`)), /"Bend"/],
    [
      "a word for a number",
      source(powerLaw.replace("-2.5", "steep")),
      /Index, value: found "steep", expected a number/,
    ],
    [
      "two norms",
      source(powerLaw, `<spatialModel type="SpatialMap" file="a.fits">${parameter("Prefactor", 2)}</spatialModel>`),
      /the parameter Prefactor of the map, 2, expected Prefactor held at 1/,
    ],
    ["a temporal model", source(powerLaw, `${point}<temporal type="Constant"/>`), /found <temporal>/],
    ["another root", "<source_library/>".replace("source_library", "source_library2"), /./],
  ])("are refused with the place: %s", async (_, text, message) => {
    await expect(read({ "model.xml": text })).rejects.toThrow(message);
  });

  it.each([
    [
      "a change with time",
      { temporal: { type: "ConstantTemporalModel", parameters: [] } },
      /model "a": it changes with time/,
    ],
    ["a dataset", { datasetsNames: ["x"] }, /it is for the datasets x alone/],
    ["an ellipse", { spatial: gauss({ e: 0.5 }) }, /its GaussianSpatialModel has a e of 0.5/],
    [
      "a curved norm",
      { spectral: createSubmodel(standardModels, "secpl-4fgl") },
      /its spectrum is a SuperExpCutoffPowerLaw4FGLSpectralModel/,
    ],
    ["no place", { spatial: undefined }, /it has no place/],
  ])("are not written where they cannot say it: %s", async (_, more, message) => {
    const { models } = await read({ "model.xml": source(powerLaw) });
    const changed = { ...models, components: [{ ...models.components[0]!, ...more } as SkyModel] };
    const format = standardRegistry.formats.find(({ name }) => name === "source-xml")!;
    expect(() => format.write!({ models: changed }, { name: "a.xml", registry: standardRegistry })).toThrow(message);
  });

  it.runIf(gammapyData)("of the archive of extended sources are read", async () => {
    const folder = `${gammapyData}/catalogs/fermi/Extended_archive_v15`;
    const files = { ...nodeFiles(), env: (name: string) => (name === "LATEXTDIR" ? folder : undefined) };
    for (const [name, type] of [
      ["W44", "LogParabolaSpectralModel"],
      ["PuppisA", "PowerLawSpectralModel"],
      ["CygnusLoop", "LogParabolaSpectralModel"],
    ]) {
      const file = await openKnown(`${folder}/XML/${name}.xml`, files, standardRegistry.formats);
      const { models } = await contentsOf(file, { files, registry: standardRegistry, responses: createResponses() });
      expect(models!.components.map((m) => m.spectral.type)).toEqual([type]);
    }
  });
});

describe("XML", () => {
  it("has elements, attributes, entities and comments", () => {
    const { name, attributes, children } = parseXml(
      `<?xml version="1.0"?><!-- <b> --><a x='1 &lt; 2' y="&#65;&#x42;"><b/>text<b z=""/></a>\n`,
      "t",
    );
    expect([name, [...attributes], children.map((c) => c.name)]).toEqual([
      "a",
      [
        ["x", "1 < 2"],
        ["y", "AB"],
      ],
      ["b", "b"],
    ]);
  });

  it.each([
    ['<!DOCTYPE a [<!ENTITY x "y">]><a/>', /t:1: found a declaration \(DOCTYPE, ENTITY\), expected none/],
    ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', /found a declaration/],
    ['<a x="&y;"/>', /found the entity &y;/],
    ["<a>\n<b></a>", /t:2: found <\/a>, expected <\/b>/],
    ["<a>", /found the end of the text, expected "?<\/a>/],
    ["<a/><b/>", /a second root <b>/],
    ['<a x="1" x="2"/>', /the attribute x twice/],
    ["<a x=1/>", /expected name="value"/],
    ["<!-- ", /expected "-->"/],
    ["", /no element/],
    ["a<b/>", /text outside/],
    ["<a>".repeat(200), /more than 100 elements in each other/],
  ])("is refused: %j", (text, message) => {
    expect(() => parseXml(text, "t")).toThrow(message);
  });

  it("takes time in proportion to the text", () => {
    const time = (n: number) => {
      const texts = [
        `<a ${" ".repeat(n)}x="1"/>`,
        `<a x="${"&".repeat(n)}`,
        `<a>${"<b/>\n".repeat(n / 5)}</a>`,
        `${"<!---->".repeat(n / 7)}<a/>`,
        `<a x="${"&lt".repeat(n / 3)}"/>`,
      ];
      const start = performance.now();
      for (const text of texts) {
        try {
          parseXml(text, "t");
        } catch {
          // what is refused takes time too
        }
      }
      return performance.now() - start;
    };
    time(1e4);
    // a quadratic one would take 100 times as long, and minutes
    expect(time(1e6)).toBeLessThan(4000);
  });
});
