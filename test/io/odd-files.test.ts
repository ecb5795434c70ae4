/** Files with oddities that were read as something else, or not at all. */
import { describe, expect, it } from "vitest";
import { makeColumn, tableHdu } from "../../src/fits/index.js";
import { createResponses } from "../../src/fold/response.js";
import { card } from "../../src/io/cards.js";
import { memoryFiles } from "../../src/io/files.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { modelsYamlFormat } from "../../src/io/formats/models-yaml.js";
import { openFile } from "../../src/io/formats/open.js";
import { readGti } from "../../src/io/gti.js";
import { standardRegistry } from "../../src/io/registry.js";

const ECSV = `# %ECSV 1.0
# ---
# datatype:
# - {name: e_ref, unit: TeV, datatype: float64}
# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}
# - {name: dnde_err, unit: cm-2 s-1 TeV-1, datatype: float64}
# meta: !!omap
# - {SED_TYPE: dnde}
# schema: astropy-2.0
e_ref dnde dnde_err
1.0 1e-11 1e-12
2.0 3e-12 4e-13
`;

function read(text: string) {
  const notes: string[] = [];
  const points = readFluxPoints(new TextEncoder().encode(text), {
    where: "sed.ecsv",
    onNote: (n) => void notes.push(n),
  });
  return { points, notes };
}

describe("flux points", () => {
  it("are read behind a byte order mark", () => {
    expect(read(`\ufeff${ECSV}`).points.norm).toEqual(read(ECSV).points.norm);
  });

  it("of infinite value are points without one, and that is said", () => {
    const { points, notes } = read(ECSV.replace("3e-12", "inf"));
    expect(points.norm[1]).toBeNaN();
    expect(notes).toEqual(["sed.ecsv, column dnde: infinite in row 2, which is taken for a point without a value"]);
  });

  it("in columns of True and False are refused", () => {
    const text = ECSV.replace("e_ref, unit: TeV, datatype: float64", "e_ref, unit: TeV, datatype: bool");
    expect(() => read(text)).toThrow('sed.ecsv:12, column e_ref: found "2.0", expected True or False');
  });
});

it("good time intervals have one start and one stop in each row", () => {
  const pair = (name: string, values: number[]) =>
    makeColumn(name, Float64Array.from(values), { unit: "s", shape: [2] });
  const table = tableHdu(
    "GTI",
    [pair("START", [0, 1]), pair("STOP", [5, 8])],
    [card("MJDREFI", 53343), card("MJDREFF", 0)],
  );
  expect(() => readGti(table, "x.fits")).toThrow("2 numbers in 1 rows");
});

describe("the covariance of a models.yaml", () => {
  const yaml = `components:
- name: s
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index, value: 2.0, error: 0.1}
    - {name: amplitude, value: 1.0e-11, unit: cm-2 s-1 TeV-1, error: 1.0e-12}
    - {name: reference, value: 1.0, unit: TeV, frozen: true}
covariance: c.dat
`;
  const table = (variance: string) => `|             Parameters |      0 |     1 |   2 |
|       s.spectral.index | ${variance} |   0.0 | 0.0 |
|   s.spectral.amplitude |    0.0 | 1e-24 | 0.0 |
|   s.spectral.reference |    0.0 |   0.0 | 0.0 |
`;
  async function check(variance: string) {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const files = memoryFiles({ "m.yaml": bytes(yaml), "c.dat": bytes(table(variance)) });
    const opened = await openFile("m.yaml", files);
    return modelsYamlFormat.check!(opened, { files, registry: standardRegistry, responses: createResponses() });
  }

  it("is checked with it alone, as a fit checks it", async () => {
    expect(await check("0.01")).toMatchObject({ problems: [], warnings: [] });
    await expect(check("-1")).rejects.toThrow("c.dat: the variance of s.index is -1, expected none below 0");
  });

  it("is left out where it is not finite, and that is said", async () => {
    for (const bad of ["nan", "inf"]) {
      expect((await check(bad)).warnings).toEqual([
        "c.dat: the covariance of s.index is not finite; the models are read without it",
      ]);
    }
  });
});
