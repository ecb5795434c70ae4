import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileDataset, infoTable, npred } from "../../src/api/datasets.js";
import { parseModel } from "../../src/api/model-texts.js";
import { summaryOf } from "../../src/cli/summaries.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { type Card, imageHdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import { createResponses } from "../../src/fold/response.js";
import { type FileAccess, memoryFiles } from "../../src/io/files.js";
import { joinParts } from "../../src/io/formats/parts.js";
import { contentsOf, encodeContents, openKnown } from "../../src/io/formats/use.js";
import { readMap } from "../../src/io/map-fits.js";
import { standardRegistry } from "../../src/io/registry.js";
import { readDatasets } from "../../src/io/yaml/analysis.js";
import { dnde } from "../../src/models/flux.js";
import { standardModels } from "../../src/models/registry.js";
import type { SkyModel } from "../../src/models/types.js";
import { nodeFiles } from "../../src/node.js";
import { axisEdges } from "../../src/sky/axis.js";
import { gammapyData } from "../environment.js";

const oracle = JSON.parse(readFileSync(new URL("../oracle/fermi.json", import.meta.url), "utf8"));

/** The dataset that files make together, and what is said of them. */
async function dataset(paths: readonly string[], files: FileAccess) {
  const registry = standardRegistry;
  const opened = await Promise.all(paths.map((path) => openKnown(path, files, registry.formats)));
  const [file, ...others] = joinParts(opened);
  expect(others).toEqual([]);
  const contents = await contentsOf(file!, { files, registry, responses: createResponses() });
  return {
    dataset: contents.datasets![0] as MapDataset,
    warnings: contents.warnings ?? [],
    kinds: opened.map((f) => f.format.name),
  };
}

/** Relative difference of numbers, each of its own size. */
function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance: number) {
  expect(found.length).toBe(expected.length);
  for (const [i, x] of Array.from(found).entries()) {
    expect(Math.abs(x - expected[i]!), `number ${i}`).toBeLessThanOrEqual(tolerance * Math.abs(expected[i]!));
  }
}

const sums = (data: Float64Array, bins: number) =>
  Array.from({ length: bins }, (_, k) =>
    data.subarray((k * data.length) / bins, ((k + 1) * data.length) / bins).reduce((a, b) => a + b, 0),
  );

const powerLaw = (amplitude: string) => `pl(index=2.2, amplitude=${amplitude} cm-2 s-1 TeV-1, reference=1 TeV)`;

/** Counts of a source by energy. */
function predicted(found: MapDataset, amplitude: string, at: string): number[] {
  const models = parseModel(powerLaw(amplitude), { at: `${at} galactic` });
  return sums(npred(found, models).data, axisEdges(found.counts!.geom.axes[0]!).length - 1);
}

const corner = (data: Float64Array, bins: number) =>
  Array.from({ length: bins }, (_, k) => data[(k * data.length) / bins]!);

describe.runIf(gammapyData)("real files of the Fermi tools, beside Gammapy 2.1", () => {
  const folder = `${gammapyData}/tests/fermi`;

  /** What both read alike: rounding of float32 of Gammapy's energy dispersion and psf maps. */
  function compare(found: MapDataset, expected: (typeof oracle)["gc"]) {
    const n = expected.energy_true.length - 1;
    expectClose(axisEdges(found.counts!.geom.axes[0]!), expected.energy, 1e-7);
    expectClose(axisEdges(found.exposure!.geom.axes[0]!), expected.energy_true, 1e-7);
    expect(sums(found.counts!.data, expected.counts.length)).toEqual(expected.counts);
    expectClose(sums(found.exposure!.data, n), expected.exposure, 1e-6);
    expectClose(corner(found.exposure!.data, n), expected.exposure_corner, 1e-6);
    // Gammapy's diagonal has shares of 1e-15 beside it
    for (const [k, share] of expected.edisp.entries())
      expect(Math.abs(found.edisp!.map.data[k]! - share)).toBeLessThan(1e-7);
    expectClose(corner(found.psf!.map.data, n), expected.psf_middle, 1e-6);
    expectClose(sums(found.psf!.map.data, n), expected.psf_sum, 1e-6);
    expectClose(found.psf!.exposure!.data, expected.psf_exposure, 1e-6);
  }

  it.each([0, 1])("component %i of an analysis of fermipy", async (i) => {
    const paths = ["ccube", "bexpmap", "psf", "drm", "wcube"].map((name) => `${folder}/${name}_0${i}.fits`);
    const { dataset: found, warnings, kinds } = await dataset(paths, nodeFiles());
    const expected = oracle.fermipy[0][i];
    expect(kinds).toEqual(["fermi-counts", "fermi-exposure", "fermi-psf", "fermi-drm", "fermi-weights"]);
    compare(found, expected);
    expect(warnings).toEqual([expect.stringContaining("no true energies beyond those of the counts")]);
    expectClose(predicted(found, "3e-11", "184.5575 -5.7844"), expected.npred.crab, 1e-6);
  });

  it("the galactic centre of the 3FHL, with predicted counts as background", async () => {
    const gc = `${gammapyData}/fermi-3fhl-gc/fermi-3fhl-gc`;
    const paths = ["counts-cube", "background-cube", "exposure-cube", "psf-cube"].map(
      (name) => `${gc}-${name}.fits.gz`,
    );
    const { dataset: found, warnings, kinds } = await dataset(paths, nodeFiles());
    expect(kinds).toEqual(["fermi-counts", "fermi-model-counts", "fermi-exposure", "fermi-psf"]);
    compare(found, oracle.gc);
    expect(warnings).toEqual([
      expect.stringContaining("energies count as measured exactly"),
      expect.stringContaining("these predicted counts are the background of the dataset"),
    ]);
    const { background, ...signal } = found;
    const sources = [
      ["centre", "1e-12", "0 0"],
      ["corner", "4e-13", "8.1 -4.7"],
    ] as const;
    for (const [name, amplitude, place] of sources) {
      expectClose(predicted(signal as MapDataset, amplitude, place), oracle.gc.npred[name], 1e-6);
    }
    const texts = sources.map(([name, amplitude]) => `${name} = ${powerLaw(amplitude)}`);
    const models = parseModel(texts, { at: sources.map(([name, , place]) => `${name} = ${place} galactic`) });
    const [info] = infoTable([found], models);
    expect(Math.abs(info!.statSum - oracle.gc.stat_sum)).toBeLessThan(1e-6 * oracle.gc.stat_sum);
  });

  it("says how wide a psf is as Gammapy finds it", async () => {
    const gc = `${gammapyData}/fermi-3fhl-gc/fermi-3fhl-gc-psf-cube.fits.gz`;
    for (const [path, name] of [
      [`${folder}/psf_00.fits`, "psf_00"],
      [gc, "gc"],
    ] as const) {
      const file = await openKnown(path, nodeFiles(), standardRegistry.formats);
      const using = { files: nodeFiles(), registry: standardRegistry, responses: createResponses() };
      const { data } = await summaryOf(file, using);
      const rows = data.psf as { readonly r68: number; readonly r95: number }[];
      expectClose(
        rows.map(({ r68 }) => r68),
        oracle.radii[name]["0.68"],
        1e-12,
      );
      expectClose(
        rows.map(({ r95 }) => r95),
        oracle.radii[name]["0.95"],
        1e-12,
      );
    }
  });
});

// ---- made files: two bins of counts, three energies
const f = (...values: number[]) => Float64Array.from(values);
const place = (nx: number): Card[] => [
  { key: "CTYPE1", value: "GLON-CAR" },
  { key: "CRPIX1", value: (nx + 1) / 2 },
  { key: "CRVAL1", value: 0 },
  { key: "CDELT1", value: -1 },
  { key: "CTYPE2", value: "GLAT-CAR" },
  { key: "CRPIX2", value: (nx + 1) / 2 },
  { key: "CRVAL2", value: 0 },
  { key: "CDELT2", value: 1 },
];
const KEV = 1e6; // of 1 GeV
const ebounds = tableHdu("EBOUNDS", [
  makeColumn("CHANNEL", Int16Array.of(1, 2)),
  makeColumn("E_MIN", f(1 * KEV, 10 * KEV), { unit: "keV" }),
  makeColumn("E_MAX", f(10 * KEV, 100 * KEV), { unit: "keV" }),
]);
const cube = (creator: string, data: Float64Array | Int32Array, n = 2) =>
  writeFits([imageHdu("PRIMARY", [2, n, n], data, [...place(n), { key: "CREATOR", value: creator }]), ebounds]);
const counts = cube("gtbin", Int32Array.of(3, 0, 1, 0, 2, 0, 0, 5));
const expcube = (energies: number[], planes: number[], n = 2) => {
  const data = Float64Array.from(planes.flatMap((x) => Array<number>(n * n).fill(x)));
  const header = [...place(n), { key: "CTYPE3", value: "log_Energy" }];
  return writeFits([
    imageHdu("PRIMARY", [planes.length, n, n], data, header),
    tableHdu("ENERGIES", [makeColumn("Energy", f(...energies))]),
  ]);
};
const exposure = expcube([1e3, 1e4, 1e5], [1e11, 3e11, 2e11]);
const psf = (energies: number[]) =>
  writeFits([
    imageHdu("PRIMARY", [], null),
    tableHdu("PSF", [
      makeColumn("Energy", f(...energies)),
      makeColumn("Exposure", f(...energies.map((_, k) => (k + 1) * 1e11))),
      makeColumn("Psf", f(...energies.flatMap((_, k) => [400 * (k + 1), 100 * (k + 1), 0])), { shape: [3] }),
    ]),
    tableHdu("THETA", [makeColumn("Theta", f(0, 1, 2))]),
  ]);
// a counts cube of gtbin with algorithm HEALPIX; its exposure is in HEALPix pixels of another size
describe("counts in HEALPix pixels of the Fermi tools", () => {
  const table = (
    name: string,
    nside: number,
    columns: readonly [string, number][],
    energies: ReturnType<typeof tableHdu>,
  ) => {
    const header: Card[] = [
      { key: "PIXTYPE", value: "HEALPIX" },
      { key: "ORDERING", value: "RING" },
      { key: "COORDSYS", value: "GAL" },
      { key: "NSIDE", value: nside },
      { key: "INDXSCHM", value: "IMPLICIT" },
    ];
    const pixels = columns.map(([column, value]) =>
      makeColumn(column, new Float64Array(12 * nside * nside).fill(value)),
    );
    const primary = imageHdu("PRIMARY", [], null, [{ key: "CREATOR", value: "gtbin" }]);
    return writeFits([primary, tableHdu(name, pixels, header), energies]);
  };
  const energies = tableHdu("ENERGIES", [makeColumn("Energy", f(1e3, 1e4, 1e5))]);
  const files = memoryFiles({
    "ccube.fits": table(
      "SKYMAP",
      16,
      [
        ["CHANNEL1", 1],
        ["CHANNEL2", 0],
      ],
      ebounds,
    ),
    "bexpmap.fits": table(
      "HPXEXPOSURES",
      8,
      [
        ["ENERGY1", 1e11],
        ["ENERGY2", 3e11],
        ["ENERGY3", 2e11],
      ],
      energies,
    ),
    "psf.fits": psf([1e3, 1e4, 1e5]),
  });

  it("are a dataset, whose predicted counts are flux times exposure all over the sky", async () => {
    const { dataset: found, kinds } = await dataset(["ccube.fits", "bexpmap.fits", "psf.fits"], files);
    expect(kinds).toEqual(["fermi-counts", "fermi-exposure", "fermi-psf"]);
    expect(found.counts!.geom).toMatchObject({ kind: "healpix", nside: 16 });
    expect(found.exposure!.geom).toMatchObject({ kind: "healpix", nside: 16 });
    const flux = (from: number, to: number) => (3e-11 / 1.2) * (from ** -1.2 - to ** -1.2);
    // the exposure is linear in ln E between its energies: half of each in the middle of a bin
    const expected = [flux(1e-3, 1e-2) * 2e11, flux(1e-2, 1e-1) * 2.5e11];
    // a psf of three numbers, with corners, in pixels of 3.7 deg: 1.2e-5
    expectClose(predicted(found, "3e-11", "30 -80"), expected, 2e-5);
  });
});

/** Rows of true energies, from `low` MeV on, ten times as wide each. */
const drm = (low: number, rows: number[][]) =>
  writeFits([
    imageHdu("PRIMARY", [], null),
    tableHdu(
      "DRM",
      [
        makeColumn("ENERG_LO", f(...rows.map((_, t) => low * 10 ** t))),
        makeColumn("ENERG_HI", f(...rows.map((_, t) => low * 10 ** (t + 1)))),
        makeColumn(
          "N_GRP",
          Int16Array.from(rows, () => 1),
        ),
        makeColumn(
          "F_CHAN",
          Int16Array.from(rows, () => 1),
        ),
        makeColumn(
          "N_CHAN",
          Int16Array.from(rows, () => 2),
        ),
        makeColumn("MATRIX", f(...rows.flat()), { shape: [2] }),
      ],
      [{ key: "DETCHANS", value: 2 }],
    ),
  ]);

const made = (entries: Record<string, Uint8Array>) => dataset(Object.keys(entries), memoryFiles(entries));

describe("files of the Fermi tools", () => {
  it("give exposure and psf in the middle of the bins, in TeV, deg and sr-1", async () => {
    const { dataset: found } = await made({
      "ccube.fits": counts,
      "bexpmap.fits": exposure,
      "psf.fits": psf([1e3, 1e4, 1e5]),
    });
    expect(found.name).toBe("ccube");
    expectClose(axisEdges(found.counts!.geom.axes[0]!), [1e-3, 1e-2, 1e-1], 1e-12);
    // half way between nodes in ln E
    expectClose(corner(found.exposure!.data, 2), [2e11, 2.5e11], 1e-12);
    expect([found.exposure!.unit, found.psf!.map.unit]).toEqual(["cm2 s", "sr-1"]);
    expectClose(
      found.psf!.map.data,
      [600, 150, 0, 1000, 250, 0].map((x) => x || 0),
      1e-12,
    );
    expect(found.psf!.map.geom.axes[0]).toMatchObject({ name: "rad", unit: "deg", nodeType: "center" });
    expectClose(found.psf!.exposure!.data, [1.5e11, 2.5e11], 1e-12);
    expect(Array.from(found.edisp!.map.data)).toEqual([1, 0, 0, 1]);
  });

  it("take true energies beyond the counts from the energy dispersion", async () => {
    const rows = [
      [0.1, 0],
      [0.8, 0.1],
      [0.15, 0.7],
      [0.05, 0.2],
    ];
    const wide = expcube([1e2, 1e3, 1e4, 1e5, 1e6], [1e11, 1e11, 3e11, 2e11, 4e11]);
    const files = {
      "ccube.fits": counts,
      "bexpmap.fits": wide,
      "psf.fits": psf([1e3, 1e4, 1e5]),
      "drm.fits": drm(1e2, rows),
    };
    const { dataset: found, warnings } = await made(files);
    expectClose(axisEdges(found.exposure!.geom.axes[0]!), [1e-4, 1e-3, 1e-2, 1e-1, 1], 1e-12);
    expectClose(corner(found.exposure!.data, 4), [1e11, 2e11, 2.5e11, 3e11], 1e-12);
    expect(Array.from(found.edisp!.map.data)).toEqual(rows.flat());
    // of the nearest energy, as nothing else is known there
    expectClose(sums(found.psf!.map.data, 4), [500, 750, 1250, 1500], 1e-12);
    expect(warnings).toEqual([expect.stringContaining("2 of 4 bins of true energy lie beyond")]);
    const narrow = made({ ...files, "bexpmap.fits": exposure });
    await expect(narrow).rejects.toThrow(
      /bexpmap.fits: found energies from 1000 to 100000 MeV, expected all true energies, 316.228 to 316228 MeV/,
    );
  });

  it("leave bins of weight 0 out, and say what weights are not used", async () => {
    const wcube = cube("", f(1, 1, 0, 1, 0.5, 1, 1, 1));
    const { dataset: found, warnings } = await made({
      "ccube.fits": counts,
      "bexpmap.fits": exposure,
      "wcube_00.fits": wcube,
    });
    expect(Array.from(found.maskSafe!.data)).toEqual([1, 1, 0, 1, 1, 1, 1, 1]);
    expect(warnings).toEqual(
      expect.arrayContaining([expect.stringContaining("1 of 8 weights lie between 0 and 1 and are not used")]),
    );
  });

  it("say where the exposure does not reach", async () => {
    const small = expcube([1e3, 1e4, 1e5], [1e11, 3e11, 2e11], 1);
    const { dataset: found, warnings } = await made({
      "ccube.fits": cube("gtbin", new Int32Array(18), 3),
      "e.fits": small,
    });
    expectClose(sums(found.exposure!.data, 2), [2e11, 2.5e11], 1e-12);
    expect(warnings).toContainEqual(expect.stringContaining("does not reach 8 of 9 pixels"));
  });

  it.each([
    [
      "other energies",
      {
        "drm.fits": drm(1e2, [
          [1, 0],
          [0, 1],
        ]),
      },
      /drm.fits: found measured energies in 2 bins from 100 to 10000 MeV, expected those of the counts/,
    ],
    [
      "rows on one side",
      {
        "drm.fits": drm(1e3, [
          [1, 0],
          [0, 1],
          [0, 1],
        ]),
      },
      /found 3 rows for DETCHANS 2/,
    ],
    [
      "a psf below 0",
      { "psf.fits": psf([-1e3, 1e4]) },
      /PSF, column Energy: found -0.001 TeV in row 1, expected numbers that increase from 0/,
    ],
    ["two of a kind", { "b.fits": exposure }, /b.fits: a second exposure cube .*, beside bexpmap.fits/],
    [
      "weights of other energies",
      {
        "wmap.fits": writeFits([
          imageHdu("PRIMARY", [1, 2, 2], f(1, 1, 1, 1), place(2)),
          {
            ...ebounds,
            ...tableHdu("EBOUNDS", [
              makeColumn("E_MIN", f(KEV), { unit: "keV" }),
              makeColumn("E_MAX", f(2 * KEV), { unit: "keV" }),
            ]),
          },
        ]),
      },
      /wmap.fits: the shape is \[1, 2, 2\]/,
    ],
  ])("are refused: %s", async (_, more, message) => {
    await expect(made({ "ccube.fits": counts, "bexpmap.fits": exposure, ...more })).rejects.toThrow(message);
  });

  it("are refused alone, with what is missing", async () => {
    await expect(made({ "psf.fits": psf([1e3, 1e4]), "ccube.fits": counts })).rejects.toThrow(
      /only .*gtpsf.*expected the other files of the dataset too/s,
    );
  });
});

describe.runIf(gammapyData)("real configurations of fermipy, beside Gammapy 2.1", () => {
  const folder = `${gammapyData}/tests/fermi`;
  const read = (name: string) => contentsOfPath(`${folder}/config_fermipy_${name}.yaml`, nodeFiles());

  it("of two components", async () => {
    const { datasets, models, warnings } = await read("std_5deg_qr");
    const isotropic = (name: string) => models!.components.filter((model) => model.name === `isotropic_${name}`);
    for (const [i, expected] of oracle.fermipy[0].entries()) {
      const found = datasets![i] as MapDataset;
      expect(found.name).toBe(expected.name);
      expect(found.gti!.start.length).toBe(89705);
      expectClose(
        sums(npred(found, { components: isotropic(found.name) }).data, 4),
        expected.npred[`isotropic_${found.name}`],
        1e-6,
      );
      // Gammapy's edisp_bins leaves the outer bins out
      const inner = expected.npred.crab.slice(1, -1);
      expectClose(inner, oracle.fermipy[1][i].npred.crab, 1e-12);
    }
    // one parameter in fermipy
    const links = models!.components.flatMap((m) => m.spectral.parameters.flatMap(({ link }) => link ?? []));
    expect(links).toEqual(["isotropic-norm", "isotropic-norm"]);
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/model.galdiff: no file ".*gll_iem_v07.fits".*no model of this emission/),
      ]),
    );
  });

  it.each(["minimal", "empty_component", "null_component"])("of one: %s", async (name) => {
    const { datasets, models } = await read(name);
    expect(datasets!.map((d) => d.name)).toEqual(["P8R3_SOURCEVETO_V3_PSF1_v1"]);
    expect(models!.components.map((m) => m.name)).toEqual(["isotropic_P8R3_SOURCEVETO_V3_PSF1_v1"]);
  });

  it.each([
    ["invalid_iso_list", /:53 model.isodiff: found 2 files, expected one for each component/],
    ["invalid_iso_list_missing", /:53 model.isodiff\[0\]: found nothing, expected the name of a file/],
    ["invalid_iso_missing", /:\d+ model.isodiff: found nothing, expected the name of a file/],
  ])("%s is refused", async (name, message) => {
    await expect(read(name)).rejects.toThrow(message);
  });
});

async function contentsOfPath(path: string, files: FileAccess) {
  const file = await openKnown(path, files, standardRegistry.formats);
  return contentsOf(file, { files, registry: standardRegistry, responses: createResponses() });
}

describe("configurations of fermipy", () => {
  const text = (config: string) => new TextEncoder().encode(config);
  const rows = [
    [0.8, 0.1],
    [0.2, 0.7],
  ];
  const component = (id: string) => ({
    [`out/ccube_${id}.fits`]: counts,
    [`out/bexpmap_${id}.fits`]: exposure,
    [`out/psf_${id}.fits`]: psf([1e3, 1e4, 1e5]),
    [`out/drm_${id}.fits`]: drm(1e3, rows),
  });
  const iso = text("# MeV\n1e3 1e-6 1e-9\n1e4 1e-8 1e-11\n1e5 1e-10 1e-13\n");
  const config = (more: string, outdir = "out") =>
    text(`selection: {emin: 1000}\nfileio: {outdir: ${outdir}}\n${more}`);
  const read = (entries: Record<string, Uint8Array>, env = {}) =>
    contentsOfPath("config.yaml", memoryFiles(entries, env));
  const model = "model: {isodiff: $DIFFUSE/iso_A.txt}\n";

  it("take files from outdir, environment variables and FERMI_DIFFUSE_DIR", async () => {
    const files = { ...component("00"), "/d/iso_A.txt": iso, "/d/gll.fits": galactic() };
    const gtlike = "gtlike: {edisp: True, edisp_bins: 0, edisp_disable: [isodiff]}\n";
    const yaml = `${gtlike}model: {isodiff: iso_A.txt, galdiff: /away/gll.fits}\n`;
    const env = { FERMI_DIFFUSE_DIR: "/d", OUT: "out" };
    const { datasets, models } = await read({ ...files, "config.yaml": config(yaml, "$OUT") }, env);
    expect(datasets!.map(({ name }) => name)).toEqual(["A"]);
    expect(models!.components.map(({ name }) => name)).toEqual(["isotropic_A", "galdiff"]);
    const [isotropic, diffuse] = models!.components as SkyModel[];
    expect(isotropic).toMatchObject({ datasetsNames: ["A"], applyIrf: { exposure: true, psf: false, edisp: false } });
    // 1e-8 per MeV at 10 GeV
    expectClose(dnde(isotropic!.spectral, [1e-2], standardModels), [1e-2], 1e-12);
    expect(diffuse!.spatial!.extra).toEqual({
      filename: "$FERMI_DIFFUSE_DIR/gll.fits",
      normalize: false,
      unit: "cm-2 s-1 MeV-1 sr-1",
    });
  });

  it("apply the energy dispersion where they say so", async () => {
    const files = { ...component("00"), "/d/iso_A.txt": iso };
    const found = async (gtlike: string) => {
      const contents = await read({ ...files, "config.yaml": config(`${gtlike}\n${model}`) }, { DIFFUSE: "/d" });
      return { edisp: (contents.datasets![0] as MapDataset).edisp!, model: contents.models!.components[0] as SkyModel };
    };
    const on = await found("gtlike: {edisp: true}");
    expect(Array.from(on.edisp.map.data)).toEqual(rows.flat());
    expect(on.model.applyIrf).toMatchObject({ edisp: true });
    const off = await found("gtlike: {edisp: false}");
    expect(Array.from(off.edisp.map.data)).toEqual([1, 0, 0, 1]);
    expect(off.model.applyIrf).toMatchObject({ edisp: false });
  });

  it("say where edisp_bins is another than that of the files", async () => {
    const files = { ...component("00"), "config.yaml": config("gtlike: {edisp_bins: -2}") };
    const { warnings } = await read(files);
    expect(warnings).toContainEqual(expect.stringContaining("gtlike.edisp_bins is -2, and drm_00.fits has 0 bins"));
  });

  it.each([
    [
      "a folder without files",
      config("data: {}", "elsewhere"),
      /fileio.outdir \(component 00\): no file ccube_00.fits in the folder elsewhere; make it \(gtbin/,
    ],
    [
      "a variable that is not set",
      config(model),
      /model.isodiff: the path "\$DIFFUSE\/iso_A.txt" needs the environment variable DIFFUSE/,
    ],
    [
      "a second component without files",
      config("components: [{}, {selection: {evtype: 8}}]\n"),
      /component 01.*no file ccube_01.fits/,
    ],
    [
      "an isodiff that is not there",
      config("model: {isodiff: iso_B.txt}"),
      /config.yaml:3 model.isodiff: no file "iso_B.txt"/,
    ],
    ["a section that is none", config("gtlike: 3"), /gtlike: found 3, expected a mapping/],
  ])("are refused: %s", async (_, yaml, message) => {
    await expect(read({ ...component("00"), "config.yaml": yaml })).rejects.toThrow(message);
  });

  it("are written as an analysis", async () => {
    const files = { ...component("00"), "/d/iso_A.txt": iso, "config.yaml": config(model) };
    const access = memoryFiles(files, { DIFFUSE: "/d" });
    const file = await openKnown("config.yaml", access, standardRegistry.formats);
    const contents = await contentsOfPath("config.yaml", access);
    const written = encodeContents(file, contents, { name: "new", registry: standardRegistry });
    expect([...written.keys()].sort()).toEqual(["new/A.fits", "new/datasets.yaml", "new/models.yaml"]);
    const again = await readDatasets("new/datasets.yaml", memoryFiles(Object.fromEntries(written)), {
      modelsPath: "new/models.yaml",
      registry: standardRegistry,
    });
    expect(again.models!.components).toEqual(contents.models!.components);
    expectClose(
      npred(again.datasets[0]!, again.models!).data,
      Array.from(npred(contents.datasets![0]!, contents.models!).data),
      1e-12,
    );
  });
});

it("cubes of diffuse emission are read with the unit that they do not say, and true energies as nodes", () => {
  const columns = [makeColumn("ENERGY", f(1e3, 1e5), { unit: "MeV" })];
  const cut = tableHdu("ENERGIES", columns, [{ key: "AXCOLS1", value: "ENERGY" }]);
  const image = imageHdu("PRIMARY", [2, 2, 2], new Float64Array(8).fill(1e-9), place(2));
  // as Gammapy reads its file fermi-3fhl-gc/gll_iem_v06_gc.fits.gz
  for (const bytes of [galactic(), writeFits([image, cut])]) {
    const map = readMap(bytes, { where: "gll.fits" });
    expect(map.unit).toBe("cm-2 s-1 MeV-1 sr-1");
    expect(map.geom.axes).toMatchObject([{ name: "energy_true", unit: "TeV", interp: "log", nodeType: "center" }]);
  }
  expect(readMap(exposure, { where: "bexpmap.fits" }).unit).toBe("cm2 s");
});

/** A map cube of diffuse emission without a unit. */
function galactic(n = 2) {
  const energies = tableHdu("ENERGIES", [makeColumn("Energy", f(1e3, 1e5))]);
  return writeFits([imageHdu("PRIMARY", [2, n, n], new Float64Array(2 * n * n).fill(1e-9), place(n)), energies]);
}

describe("diffuse emission beyond its file", () => {
  const iso = (last: number) => new TextEncoder().encode(`500 1e-6\n${last} 1e-9\n`);
  const model = (warnings: readonly string[]) => warnings.filter((w) => w.startsWith("model"));
  const setup = async (energies: number, cube: Uint8Array) => {
    const files = {
      "config.yaml": new TextEncoder().encode(
        "gtlike: {edisp: false}\nselection: {}\nmodel: {isodiff: iso_A.txt, galdiff: gll.fits}\n",
      ),
    };
    const entries = {
      ...files,
      "ccube_00.fits": counts,
      "bexpmap_00.fits": exposure,
      "psf_00.fits": psf([1e3, 1e5]),
      "iso_A.txt": iso(energies),
      "gll.fits": cube,
    };
    const { datasets, models } = await contentsOfPath("config.yaml", memoryFiles(entries));
    return model(compileDataset(datasets![0]!, models!).warnings ?? []);
  };

  it("is said, in energy and on the sky", async () => {
    const [first, second, ...others] = await setup(5e4, galactic(1));
    expect(first).toBe(
      'model "isotropic_A" on dataset "A": its spectrum is given from 0.0005 to 0.05 TeV, and needed from 0.001 to 0.1 TeV, beyond which it is continued as a power law',
    );
    expect(second).toMatch(/model "galdiff" on dataset "A": its map does not reach 3 of 4 pixels in the fit/);
    expect(others).toEqual([]);
  });

  it("is not said where there is none", async () => {
    expect(await setup(1e5, galactic())).toEqual([]);
  });
});
