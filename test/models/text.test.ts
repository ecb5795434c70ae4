import { describe, expect, it } from "vitest";
import { parseModel } from "../../src/api/model-texts.js";
import { dnde } from "../../src/api/models.js";
import { GammatsError } from "../../src/errors.js";
import type { SpectralDeclaration } from "../../src/models/declaration.js";
import { standardModels } from "../../src/models/registry.js";
import type { SkyModel, SpectralTable } from "../../src/models/types.js";

const source = (text: string, options: Parameters<typeof parseModel>[1] = {}) =>
  parseModel(text, options).components[0] as SkyModel;
const parameter = (text: string, name: string) => source(text).spectral.parameters.find((p) => p.name === name)!;
const at = (text: string, energy: number) => dnde(source(text).spectral, [energy])[0]!;

describe("a spectrum in a text", () => {
  it.each(
    standardModels.spectral.filter(
      (d) =>
        d.parts === undefined &&
        d.resources === undefined &&
        // those that are nothing without data: spectra.test.ts
        !["template", "piecewise-norm", "scale", "naima"].includes(d.tag),
    ),
  )("$tag is known by tag and type, with the parameters of its declaration", ({ tag, type, parameters }) => {
    const { spectral } = source(tag);
    expect(spectral).toEqual(source(type).spectral);
    expect(spectral.type).toBe(type);
    expect(spectral.parameters.map(({ name, value, unit }) => [name, value, unit])).toEqual(
      Object.entries(parameters).map(([name, { value, unit }]) => [name, value, unit]),
    );
  });

  it("has values, units, limits and what is held", () => {
    const text = "pl(index=2.3[1..5], amplitude=3e-8 m-2 s-1 TeV-1 [0..], reference=500 GeV[100 GeV..1 TeV] free)";
    expect(parameter(text, "index")).toMatchObject({ value: 2.3, min: 1, max: 5, frozen: false });
    expect(parameter(text, "amplitude")).toMatchObject({ value: 3e-8, unit: "m-2 s-1 TeV-1", min: 0, max: Number.NaN });
    expect(parameter(text, "reference")).toMatchObject({ value: 500, unit: "GeV", min: 100, max: 1000, frozen: false });
    expect(parameter("pl(index = 2.3 frozen)", "index")).toMatchObject({ value: 2.3, frozen: true });
    expect(parameter("pl(index=2.3 [1..5] frozen)", "index")).toMatchObject({ min: 1, frozen: true });
    expect(parameter("pl(index=frozen)", "index")).toMatchObject({ value: 2, frozen: true });
    expect(parameter("ecpl(lambda_=1 / (20 TeV))", "lambda_")).toMatchObject({ unit: "1 / (20 TeV)" });
  });

  it("is a sum, difference, product or quotient, products first", () => {
    // of numbers near 1e-13: rounding
    const [a, b] = [at("pl(index=2)", 3), at("pl(index=3)", 3)];
    expect(at("pl(index=2)+pl(index=3)", 3)).toBeCloseTo(a + b, 26);
    expect(at("pl(index=2) - pl(index=3) * pl-norm(norm=0.5)", 3)).toBeCloseTo(a - b / 2, 26);
    expect(at("(pl(index=2) - pl(index=3)) * pl-norm(norm=0.5)", 3)).toBeCloseTo((a - b) / 2, 26);
    expect(at("pl(index=2) / pl-norm(norm=4)", 3)).toBeCloseTo(a / 4, 26);
    expect(at("pl(index=2) - pl(index=3) - pl(index=3)", 3)).toBeCloseTo(a - 2 * b, 26);
    expect(source("pl + pl").spectral.parameters.map(({ name }) => name)).toContain("index_2");
  });

  it("has names of sources", () => {
    expect(parseModel(["Crab Nebula = pl", "pl", "lp"]).components.map(({ name }) => name)).toEqual([
      "Crab Nebula",
      "source-2",
      "source-3",
    ]);
    expect(source("pl").name).toBe("source");
    expect(() => parseModel(["a = pl", "a = lp"])).toThrow('two sources are called "a"');
  });

  it.each([
    ["", "found the end of the text, expected a model such as pl"],
    ["pl(", "found the end of the text, expected a parameter and its value"],
    ["pl(index=2", "character 3: this bracket is not closed"],
    ["(pl + lp", "character 1: this bracket is not closed"],
    ["pl(index=2))", 'character 12: found ")", expected +, -, *, / or the end of the text'],
    ["pl lp", 'character 4: found "lp", expected +, -, *, / or the end'],
    ["pl(index 2)", 'character 10: found "2", expected "=" and the value of "index"'],
    ["pl(2.3)", 'character 4: found "2.3", expected a parameter and its value'],
    ["pl(x.fits)", 'character 4: PowerLawSpectralModel has no parameter "file"'],
    ["atable(x.fits, 'y')", 'character 16: "file" is given twice'],
    ["atable{x.fits}", 'character 7: found "{": the file stands in round brackets, as in "atable(table.fits)"'],
    ["pl(index=)", 'character 10: found ")", expected a value'],
    ["pl(index=2, index=3)", 'character 13: "index" is given twice'],
    ["pl(indx=2)", 'character 4: PowerLawSpectralModel has no parameter "indx"; did you mean "index"?'],
    ["pll(index=2)", 'character 1: there is no spectrum "pll"; did you mean "pl"?'],
    ["pl + ecplx", 'character 6: there is no spectrum "ecplx"; did you mean "ecpl"?'],
    ["powerlaw(index=2)", 'character 1: there is no spectrum "powerlaw"; did you mean "pl"?'],
    ["cutoffpl", '"cutoffpl"; did you mean "ecpl"?'],
    ["logpar", '"logpar"; did you mean "lp"?'],
    ["bknpower", '"bknpower"; did you mean "bpl"?'],
    ["pegpwrlw", '"pegpwrlw"; did you mean "pl-2"?'],
    ["powlaw1d", '"powlaw1d"; did you mean "pl"?'],
    ["xszpowerlw", '"xszpowerlw"; did you mean "pl"?'],
    ["Broken_powerlaw", '"Broken_powerlaw"; did you mean "bpl"?'],
    ["wabs * pl", `"wabs"; of absorption by gas there are phabs and tbabs, as in "pl * tbabs(nh=0.1)"`],
    ["TBvarabs*pl", `"TBvarabs"; of absorption by gas there are phabs and tbabs`],
    ["toString", 'there is no spectrum "toString"'],
    ["pl-lp", 'for a difference write spaces around "-"'],
    ["disk", 'there is no spectrum "disk"; it is a shape on the sky: give it with --shape'],
    ["compound", '"compound" is written as what it is made of'],
    ["pl(index=two)", 'character 10: found "two", expected a number and a unit'],
    ["pl(index=2 TeV)", 'character 10: found the unit "TeV"'],
    ["pl(amplitude=1e-12 cm-2 s-1)", 'character 14: found the unit "cm-2 s-1"'],
    ["pl(index=2[1,3])", "character 11: expected limits like [1..5]"],
    ["pl * lp", "character 4: pl * lp is neither a flux nor a factor"],
    ["pl / pl / pl", "character 9: (pl / pl) / pl is neither a flux nor a factor"],
    ["pl - pl-norm", "pl - pl-norm is neither a flux nor a factor"],
    ["ebl(z=0.1, reference=dominges)", 'character 22: there is no reference "dominges"; did you mean "dominguez"?'],
    [`${"(".repeat(40)}pl`, "more than 30 brackets"],
    [" = pl", 'the name before "=" is empty'],
  ])("%j is refused at its place", (text, message) => {
    expect(() => parseModel(text)).toThrow(message);
  });

  it("may be a model of one's own", () => {
    const powerLaw = standardModels.spectral.find(({ tag }) => tag === "pl")!;
    const mine: SpectralDeclaration = { ...powerLaw, type: "MySpectralModel", tag: "my-pl" };
    const registry = { ...standardModels, spectral: [...standardModels.spectral, mine] };
    expect(source("my-pl(index=3)", { registry }).spectral.type).toBe("MySpectralModel");
    expect(() => source("my-plx", { registry })).toThrow('did you mean "my-pl"?');
  });
});

describe("damaged texts", () => {
  it("give models or an error with a word, and no fault", () => {
    const random = createRandom(7);
    const signs = "()[]=,+-*/.. \"'ab1e\u0000";
    const pick = (n: number) => Math.floor(random() * n);
    for (let k = 0; k < 3000; k++) {
      let text = 'x = pl(index=2.3[1..5] frozen, reference="1 TeV") * (pl-norm + ebl(z=0.1, file=a)) - lp / const';
      for (let i = pick(6); i >= 0; i--) {
        const at = pick(text.length);
        text = text.slice(0, at) + signs[pick(signs.length)] + text.slice(at + pick(3));
      }
      try {
        expect(parseModel(text).components).toHaveLength(1);
      } catch (error) {
        expect(error, text).toBeInstanceOf(GammatsError);
      }
    }
  });
});

/** Numbers in [0, 1): a linear congruential generator, the same on every machine. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe("absorption", () => {
  // half of the light is left at redshift 0.5, all of it at 0
  const table: SpectralTable = {
    energy: Float64Array.of(0.1, 10),
    param: Float64Array.of(0, 0.5),
    values: Float64Array.of(1, 1, 0.5, 0.5),
  };
  const resources = { "tau.fits": table };

  it("is a factor on what stands before it, also behind a plus, which is said", () => {
    const notes: string[] = [];
    const options = { resources, onNote: (note: string) => notes.push(note) };
    const plain = at("pl + pl", 1);
    const unnamed = "(pl + pl) * ebl(tau.fits, z=0.5)";
    for (const text of [
      unnamed,
      "pl + pl + ebl(z=0.5, file=tau.fits)",
      "(pl + pl) * ebl(redshift=0.5, filename='tau.fits')",
    ]) {
      expect(dnde(source(text, options).spectral, [1])[0]! / plain).toBeCloseTo(0.5, 12);
    }
    expect(notes).toEqual(['model "pl + pl + ebl(z=0.5, file=tau.fits)": ebl is a factor, so "+" is read as "*"']);
  });

  it("names its file as Gammapy does, and asks for its data", () => {
    expect(() => parseModel("pl + ebl(z=0.1)")).toThrow('"$GAMMAPY_DATA/ebl/ebl_dominguez11.fits.gz" was not read');
    expect(() => parseModel("pl + ebl(z=0.1, reference=finke)")).toThrow("$GAMMAPY_DATA/ebl/frd_abs.fits.gz");
    expect(() => parseModel("pl + ebl(z=0.1, reference=finke, file=tau.fits)", { resources })).toThrow("a second file");
  });
});

describe("a change with time", () => {
  it("has the values of its text, of one of several sources", () => {
    const [a, b] = parseModel(["a = pl", "b = pl"], { time: "b = exp-decay(t0=5 h, t_ref=55000[54000..])" })
      .components as SkyModel[];
    expect(a!.temporal).toBeUndefined();
    expect(b!.temporal?.type).toBe("ExpDecayTemporalModel");
    expect(b!.temporal?.parameters).toMatchObject([
      { name: "t0", value: 5, unit: "h" },
      { name: "t_ref", value: 55000, min: 54000, frozen: true },
    ]);
  });

  it.each(standardModels.temporal.filter((d) => d.resources === undefined))(
    "$tag is known by its tag",
    ({ tag, type }) => {
      expect(source("pl", { time: tag }).temporal?.type).toBe(type);
    },
  );
});

describe("a place and a shape", () => {
  it("are those of the texts, and the place is held", () => {
    const { spatial } = source("pl", { at: "83.63 22.01", shape: "gauss(sigma=6 arcmin, e=0.5 free)" });
    const value = (name: string) => spatial!.parameters.find((p) => p.name === name)!;
    expect([spatial!.type, spatial!.frame]).toEqual(["GaussianSpatialModel", "icrs"]);
    expect(value("lon_0")).toMatchObject({ value: 83.63, frozen: true });
    expect(value("lat_0")).toMatchObject({ value: 22.01, frozen: true });
    expect(value("sigma")).toMatchObject({ value: 6, unit: "arcmin", frozen: false });
    expect(value("e").frozen).toBe(false);
    expect(source("pl").spatial).toBeUndefined();
    expect(source("pl", { at: "184.55, -5.78 galactic" }).spatial).toMatchObject({
      type: "PointSpatialModel",
      frame: "galactic",
    });
  });

  it("may be sexagesimal, and of one of several sources", () => {
    const models = parseModel(["a = pl", "b = pl"], {
      at: ["a = 05h34m31.94s 22d00m52.2s", "b=10 20"],
      shape: "b = disk(r_0=0.3)",
    });
    const [a, b] = models.components as SkyModel[];
    expect(a!.spatial!.parameters[0]!.value).toBeCloseTo(83.63308, 5);
    expect([a!.spatial!.type, b!.spatial!.type]).toEqual(["PointSpatialModel", "DiskSpatialModel"]);
    expect(b!.spatial!.parameters[0]!.value).toBe(10);
  });

  it.each([
    [{ at: "83.63" }, 'position "83.63": expected longitude and latitude in deg'],
    [{ at: "83.63 north" }, 'position "83.63 north": expected longitude and latitude'],
    [{ at: "83.63 22.01 galctic" }, 'there is no frame "galctic"; did you mean "galactic"?'],
    [{ at: "x = 83.63 22.01" }, 'there is no source "x"; there is source'],
    [{ at: ["1 2", "3 4"] }, '"source" has one already'],
    [{ at: "1 2", shape: "gauss(lon_0=1, lat_0=2)" }, "its shape has one"],
    [{ shape: "point + gauss" }, "shapes are not added"],
    [{ shape: "gaus" }, 'there is no shape "gaus"; did you mean "gauss"?'],
    [{ shape: "lp" }, "it is a spectrum: give it with --model"],
    [{ shape: "gauss(frame=here)" }, 'there is no frame "here"'],
    [{ shape: "template" }, '"template" needs a map'],
    [{ shape: "exp-decay" }, "it is a change with time: give it with --time"],
    [{ time: "gaus-decay" }, 'there is no model of time "gaus-decay"'],
    [{ time: "disk" }, "it is a shape on the sky: give it with --shape"],
    [{ time: "sine + linear" }, "models of time are not added"],
    [{ time: "exp-decay(t0=5 TeV)" }, "TeV"],
    [{ time: "other = sine" }, 'there is no source "other"'],
  ])("%j is refused", (options, message) => {
    expect(() => parseModel("pl", options)).toThrow(message);
  });
});
