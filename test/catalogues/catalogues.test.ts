/** Made rows of every catalogue: what a row says stands in test/catalogues/made.ts. */
import { describe, expect, it } from "vitest";
import { dnde } from "../../src/api/models.js";
import type { SkyModel, SkyPosition, Submodel } from "../../src/index.js";
import {
  catalogueFluxPoints,
  catalogueLightCurve,
  catalogueModels,
  catalogueSource,
  largeScaleMap,
  memoryFiles,
  readCatalogue,
  regionModels,
  sourcesNear,
  writeMap,
} from "../../src/io.js";
import { axisFromNodes } from "../../src/sky/index.js";
import { wcsGeom } from "../../src/sky.js";
import { made1lhaaso, made2hwc, made3fgl, made3hwc, made4fgl, madeGammacat, madeHgps } from "./made.js";

const read = (bytes: Uint8Array, where = "folder/made.fits") => readCatalogue(bytes, { where });
const values = (submodel: Submodel) => Object.fromEntries(submodel.parameters.map((p) => [p.name, p.value]));
const errors = (submodel: Submodel) => Object.fromEntries(submodel.parameters.map((p) => [p.name, p.error]));
/** float32 */
const near = (expected: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(expected).map(([name, x]) => [name, expect.closeTo(x, 5)]));

async function modelsOf(bytes: Uint8Array, variant?: string): Promise<readonly SkyModel[]> {
  const catalogue = read(bytes);
  const { models } = await catalogueModels(catalogue, catalogue.sources, memoryFiles(), { variant });
  return models.components;
}

describe("3FGL", () => {
  const catalogue = read(made3fgl());
  const files = memoryFiles();

  it("has each spectrum that it knows, as in its columns", async () => {
    const { models, problems } = await catalogueModels(catalogue, catalogue.sources, files);
    const [pl, lp, ecpl, secpl, ...others] = models.components as [SkyModel, SkyModel, SkyModel, SkyModel];
    expect(others).toEqual([]);
    expect(values(pl.spectral)).toEqual({
      index: expect.closeTo(2.1, 6),
      amplitude: expect.closeTo(1e-11, 17),
      reference: 1000,
    });
    expect(pl.spectral.parameters.map(({ unit }) => unit)).toEqual(["", "cm-2 s-1 MeV-1", "MeV"]);
    // 1e-11 per MeV at 1 GeV are 1e-5 per TeV
    expect(dnde(pl.spectral, [1e-3])[0]).toBeCloseTo(1e-5, 11);
    expect(errors(pl.spectral).index).toBeCloseTo(0.21, 6);
    expect(values(lp.spectral)).toMatchObject(near({ alpha: 2.2, beta: 0.1 }));
    expect(values(ecpl.spectral)).toMatchObject(near({ index: 1.5, ecut: 3000 }));
    expect(values(secpl.spectral)).toMatchObject(near({ index_1: 1.6, index_2: 0.7, ecut: 2000 }));
    expect(problems).toEqual([
      expect.stringMatching(
        /^3FGL J0040.0\+6000e: its shape is the map MadeCloud.fits, which is not in Extended_archive_v15/,
      ),
    ]);
  });

  it("gives the errors of the ellipse to the coordinates that it is along", async () => {
    const { models } = await catalogueModels(catalogue, catalogue.sources.slice(0, 2), files);
    // 95 % of a Gaussian of two dimensions are within 2.4477 standard deviations
    const sigma = 2.447747;
    const [north, east] = models.components.map((model) => errors(model.spatial!));
    expect(north!.lat_0).toBeCloseTo(0.2 / sigma, 6);
    expect(north!.lon_0).toBeCloseTo(0.1 / sigma / Math.cos((22 * Math.PI) / 180), 6);
    expect(east!.lat_0).toBeCloseTo(0.1 / sigma, 6);
    expect(east!.lon_0).toBeCloseTo(0.2 / sigma / Math.cos((21 * Math.PI) / 180), 6);
  });

  it("reads templates beside it, plain or compressed by name, or in a folder that is named", async () => {
    const geom = wcsGeom({ center: { lon: 10, lat: 60, frame: "icrs" }, width: 1, binsz: 0.1 });
    const map = { geom, unit: "sr-1", data: new Float64Array(geom.npix[0] * geom.npix[1]).fill(1) };
    const extended = [catalogueSource(catalogue, "Made Cloud")];
    for (const place of ["folder/Extended_archive_v15/Templates/MadeCloud.fits", "folder/MadeCloud.fits.gz"]) {
      const { models, problems } = await catalogueModels(catalogue, extended, memoryFiles({ [place]: writeMap(map) }));
      expect(problems).toEqual([]);
      expect(models.components[0]!.spatial).toMatchObject({
        type: "TemplateSpatialModel",
        extra: { filename: "MadeCloud.fits" },
      });
    }
    const elsewhere = memoryFiles({ "maps/MadeCloud.fits": writeMap(map) });
    expect((await catalogueModels(catalogue, extended, elsewhere)).problems).toHaveLength(1);
    expect((await catalogueModels(catalogue, extended, elsewhere, { templates: "maps" })).problems).toEqual([]);
  });

  it("has flux points, of which the last is a limit, and light curves", () => {
    const [source] = catalogue.sources;
    const points = catalogueFluxPoints(catalogue, source!)!;
    const flux = points.norm.map((x, i) => x * points.reference.flux[i]!);
    flux.forEach((x, i) => {
      expect(x / 10 ** (-8 - i)).toBeCloseTo(1, 6);
    });
    expect(Array.from(points.isUlStored!)).toEqual([0, 0, 0, 0, 1]);
    // flux + 2 upper error
    expect((points.normUl![4]! * points.reference.flux[4]!) / (1e-12 + 2e-13)).toBeCloseTo(1, 6);
    expect(points.normUl![0]).toBeNaN();
    const { time, points: intervals } = catalogueLightCurve(catalogue, source!)!;
    expect(time).toMatchObject({ timeScale: "tt", reference: 51910.00074287037 });
    expect(Array.from(time.stop)).toEqual([86400, 172800]);
    expect(intervals.map((p) => p.norm[0]! * p.reference.flux[0]!)).toEqual([
      expect.closeTo(1e-8, 14),
      expect.closeTo(2e-8, 14),
    ]);
    expect(intervals.map((p) => p.isUlStored![0])).toEqual([0, 1]);
  });

  it("finds sources by other names in any case, and says which is near where there is none", () => {
    expect(catalogueSource(catalogue, "crab nebula").name).toBe("3FGL J0534.5+2200");
    expect(() => catalogueSource(catalogue, "Crab Nebola")).toThrow(
      'folder/made.fits: there is no source "Crab Nebola"; did you mean "Crab Nebula"?',
    );
  });

  it("gives the sources of a region: norms are free near to it, all else is held, far ones are left out", async () => {
    const center: SkyPosition = { lon: 83.6, lat: 22, frame: "icrs" };
    expect(sourcesNear(catalogue, center, 2).map(({ source }) => source.name)).toEqual([
      "3FGL J0534.5+2200",
      "3FGL J0538.0+2100",
    ]);
    const { models } = await regionModels(catalogue, center, files, { radius: 2, freeRadius: 1 });
    const free = models.components.map((model) =>
      [model.spectral, model.spatial!].flatMap((s) => s.parameters.filter((p) => !p.frozen).map((p) => p.name)),
    );
    expect(free).toEqual([["amplitude"], []]);
    const galactic = { lon: 184.5437, lat: -5.8082, frame: "galactic" } as const;
    expect(sourcesNear(catalogue, galactic, 0.1)[0]!.separation).toBeLessThan(0.05);
  });

  it("refuses a variant that it has not", async () => {
    await expect(catalogueModels(catalogue, catalogue.sources, files, { variant: "KM2A" })).rejects.toThrow(
      'found the variant "KM2A", expected none: 3fgl has one model a source',
    );
  });
});

describe("4FGL", () => {
  it.each([
    [2, "SuperExpCutoffPowerLaw4FGLSpectralModel", 3e-3],
    [4, "SuperExpCutoffPowerLaw4FGLDR3SpectralModel", 0.4],
  ] as const)("DR%d", async (dr, type, expfactor) => {
    const [pl, lp, cutoff, disk] = (await modelsOf(made4fgl(dr))) as [SkyModel, SkyModel, SkyModel, SkyModel];
    expect(values(pl.spectral)).toMatchObject(near({ index: 2.1, reference: 1000 }));
    expect(values(lp.spectral)).toMatchObject(near({ alpha: 2.1, beta: 0.2, reference: 1200 }));
    expect(cutoff.spectral.type).toBe(type);
    expect(values(cutoff.spectral)).toMatchObject(near({ index_1: 1.7, index_2: 2 / 3, expfactor }));
    expect(values(disk.spatial!)).toMatchObject(near({ r_0: 1, e: Math.sqrt(0.75), phi: 30 }));
    const catalogue = read(made4fgl(dr));
    const points = catalogueFluxPoints(catalogue, catalogue.sources[0]!)!;
    expect(points.norm).toHaveLength(dr === 2 ? 3 : 4);
    expect(catalogueLightCurve(catalogue, catalogue.sources[0]!)!.time.reference).toBeCloseTo(51910.00074287, 8);
  });
});

describe("HAWC", () => {
  it("2HWC has points, and disks where it was asked", async () => {
    const [crab, other] = (await modelsOf(made2hwc())) as [SkyModel, SkyModel];
    expect(values(crab.spectral)).toEqual({ index: 2.58, amplitude: 1.85e-13, reference: 7 });
    expect(errors(crab.spatial!).lat_0).toBeCloseTo(0.057, 12);
    expect(other.spatial!.type).toBe("PointSpatialModel");
    const [extended, ...none] = (await modelsOf(made2hwc(), "extended")) as [SkyModel];
    expect(none).toEqual([]);
    expect([extended.name, values(extended.spectral).amplitude, values(extended.spatial!).r_0]).toEqual([
      "2HWC J0631+169",
      4.87e-14,
      2,
    ]);
  });

  it("3HWC has the mean of both errors, and no model where nothing was measured", async () => {
    const catalogue = read(made3hwc());
    const { models, problems } = await catalogueModels(catalogue, catalogue.sources, memoryFiles());
    expect(models.components.map((model) => model.spatial!.type)).toEqual(["PointSpatialModel", "DiskSpatialModel"]);
    expect(errors(models.components[0]!.spectral)).toMatchObject({ amplitude: 2e-15, index: expect.closeTo(0.02, 12) });
    expect(problems).toEqual(["3HWC J0003+000: the catalogue has no spectrum of it"]);
  });
});

it("1LHAASO takes the detector that is asked for, else WCDA before KM2A", async () => {
  const bytes = made1lhaaso();
  // of the second WCDA has an upper limit alone
  expect((await modelsOf(bytes)).map((model) => values(model.spectral).reference)).toEqual([3, 3]);
  expect((await modelsOf(bytes, "WCDA")).map((model) => model.name)).toEqual(["1LHAASO J0534+2200u"]);
  const [point, extended] = (await modelsOf(bytes, "KM2A")) as [SkyModel, SkyModel];
  expect([point.spatial!.type, values(point.spectral).reference]).toEqual(["PointSpatialModel", 50]);
  expect(values(extended.spatial!).sigma).toBeCloseTo(0.4, 6);
  expect(extended.spatial!.frame).toBe("fk5");
});

it("HGPS divides sources into their Gaussians by flux, and has shells of 5 %", async () => {
  const [a, b, shell, point] = (await modelsOf(madeHgps())) as [SkyModel, SkyModel, SkyModel, SkyModel];
  expect([a.name, b.name, point.name]).toEqual(["HGPSC 001", "HGPSC 002", "HESS J0003"]);
  expect(values(a.spectral).amplitude! / 1e-12).toBeCloseTo(0.25, 6);
  expect(errors(b.spectral).amplitude! / 1e-13).toBeCloseTo(0.75, 6);
  expect(values(shell.spectral)).toMatchObject(near({ index: 1.9, lambda_: 0.05 }));
  expect(values(shell.spatial!)).toMatchObject(near({ radius: 0.475, width: 0.025 }));
  expect((await modelsOf(madeHgps(), "pl")).map((m) => m.spectral.type)).toEqual(
    Array(4).fill("PowerLawSpectralModel"),
  );
  const catalogue = read(madeHgps());
  const points = catalogueFluxPoints(catalogue, catalogue.sources[0]!)!;
  [1e-12, 1e-13].forEach((x, i) => {
    expect((points.norm[i]! * points.reference.dnde[i]!) / x).toBeCloseTo(1, 6);
  });
  expect(Array.from(points.isUlStored!)).toEqual([0, 1]);
});

it("HGPS has its large-scale component, linear between longitudes", () => {
  const at = (lon: number, lat: number) => {
    const geom = wcsGeom({ center: { lon, lat, frame: "galactic" }, npix: 1, binsz: 0.1 });
    return largeScaleMap(read(madeHgps()), geom).data[0]!;
  };
  // in the middle between 350 and 10: 2e-8, at 0.25, 0.75 wide
  expect(at(0, 0.25) / 2e-8).toBeCloseTo(1, 6);
  expect(at(0, 1) / 2e-8).toBeCloseTo(Math.exp(-0.5), 6);
  expect(at(100, 0)).toBe(0);
  expect(() => largeScaleMap(read(made2hwc()), wcsGeom({ npix: 1, binsz: 1 }))).toThrow(
    "there is no table HGPS_LARGE_SCALE_COMPONENT; give the file of HGPS",
  );
});

it("gamma-cat has three spectra, three shapes, and points in the order of energy", async () => {
  const [a, b, c] = (await modelsOf(madeGammacat())) as [SkyModel, SkyModel, SkyModel];
  expect([a, b, c].map((model) => model.spatial!.type)).toEqual([
    "PointSpatialModel",
    "GaussianSpatialModel",
    "ShellSpatialModel",
  ]);
  expect(values(b.spectral)).toMatchObject({ emin: 1, emax: 1e5 });
  expect([values(c.spectral).lambda_, errors(c.spectral).lambda_]).toEqual([0.25, 0.0625]);
  const catalogue = read(madeGammacat());
  const points = catalogueFluxPoints(catalogue, catalogueSource(catalogue, "HESS A"))!;
  // the bins of one point are missing
  expect(points.energy).toMatchObject(
    axisFromNodes(Float64Array.of(1, 3), { name: "energy", unit: "TeV", interp: "log" }),
  );
});

it("other files are refused", () => {
  expect(() =>
    read(new TextEncoder().encode("# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: float64}\na\n1\n")),
  ).toThrow("folder/made.fits: found no table that has the columns of a known catalogue, expected one of 3fgl, 4fgl");
});
