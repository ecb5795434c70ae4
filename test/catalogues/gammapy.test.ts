/** Every source of the real catalogues against Gammapy 2.1's objects: models, fluxes, flux points, light curves. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { standardCatalogues } from "../../src/catalogues/index.js";
import { largeScaleMap } from "../../src/catalogues/large-scale.js";
import { referenceEnergies } from "../../src/datasets/flux-points.js";
import type { FluxPoints } from "../../src/datasets/types.js";
import { catalogueFluxPoints, catalogueLightCurve, catalogueModels, readCatalogue } from "../../src/io/catalogue.js";
import { flux } from "../../src/models/flux.js";
import { standardModels } from "../../src/models/registry.js";
import type { SkyModel, Submodel } from "../../src/models/types.js";
import { nodeFiles } from "../../src/node/files.js";
import { wcsGeom } from "../../src/sky/index.js";
import { intervalsInMjd } from "../../src/time/intervals.js";
import { conversionFactor } from "../../src/units/index.js";
import { gammapyData, python } from "../environment.js";
import { made4fgl } from "./made.js";

type Numbers = readonly (number | null)[];
type Theirs = Readonly<Record<string, readonly [value: number | null, unit: string, error: number | null]>>;
interface TheirSubmodel {
  readonly type: string;
  readonly frame: string | null;
  readonly parameters: Theirs;
}
interface TheirModel {
  readonly name: string;
  readonly spectral: TheirSubmodel;
  readonly spatial: TheirSubmodel | null;
  readonly flux: Numbers;
}
interface TheirSource {
  readonly name: string;
  readonly models: readonly TheirModel[];
  readonly refused?: string;
  readonly points?: Readonly<Record<string, Numbers>> | null;
  readonly points_refused?: string;
  readonly curve?: Readonly<Record<string, Numbers>> & { readonly mjd: readonly [number, number][] };
}

/** Columns are float32, and Gammapy multiplies and divides some of them as such. */
const FLOAT32 = 1e-6;
/** Their integrals over 4 decades are of a grid in energy, ours too, of the same number of nodes. */
const INTEGRAL = 1e-6;

/** [Gammapy's tag, file, their variant, ours] */
const CATALOGUES = [
  ["3fgl", "fermi/gll_psc_v16.fit.gz", "", undefined],
  ["2fhl", "fermi/gll_psch_v08.fit.gz", "", undefined],
  ["2fhl", "fermi/gll_psch_v09.fit.gz", "", undefined],
  ["3fhl", "fermi/gll_psch_v13.fit.gz", "", undefined],
  ["2PC", "fermi/2PC_catalog_v04.fits.gz", "", undefined],
  ["3PC", "fermi/3PC_Catalog+SEDs_20230803.fits.gz", "", undefined],
  ["3PC", "fermi/3PC_Catalog+SEDs_20230803.fits.gz", "b 23", "b23"],
  ["2hwc", "2HWC.ecsv", "point", "point"],
  ["2hwc", "2HWC.ecsv", "extended", "extended"],
  ["3hwc", "3HWC.ecsv", "", undefined],
  ["1LHAASO", "1LHAASO_catalog.fits", "WCDA", "WCDA"],
  ["1LHAASO", "1LHAASO_catalog.fits", "KM2A", "KM2A"],
  ["hgps", "hgps_catalog_v1.fits.gz", "", undefined],
  ["hgps", "hgps_catalog_v1.fits.gz", "pl", "pl"],
  ["gamma-cat", "gammacat/gammacat.fits.gz", "", undefined],
] as const;

/** Gammapy needs a tenth of a second for each source: of the long ones every tenth is compared, unless GAMMATS_EVERY_SOURCE=1. */
const LONG = ["3fgl", "3fhl"];
const stepOf = (tag: string) => (LONG.includes(tag) && process.env.GAMMATS_EVERY_SOURCE !== "1" ? 10 : 1);

const folder = `${gammapyData}/catalogs`;
const has = gammapyData !== null && python !== null && existsSync(folder);

/** The largest relative difference of what was compared, for the report of a run with GAMMATS_REPORT. */
function createWorst() {
  const worst = new Map<string, number>();
  return {
    add(what: string, ours: number, theirs: number | null) {
      if (theirs === null || !Number.isFinite(ours)) {
        worst.set(what, Math.max(worst.get(what) ?? 0, Number.isFinite(ours) === (theirs !== null) ? 0 : Infinity));
        return;
      }
      const d = ours === theirs ? 0 : Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1e-300);
      worst.set(what, Math.max(worst.get(what) ?? 0, d));
    },
    all: worst,
  };
}
type Worst = ReturnType<typeof createWorst>;

describe.runIf(has)("real catalogues", () => {
  it.each(CATALOGUES)("%s %s %s", { timeout: 3_600_000 }, (tag, name, theirVariant, variant) =>
    compareCatalogue(tag, `${folder}/${name}`, theirVariant, variant),
  );
});

it.runIf(has)("the large-scale component of HGPS", { timeout: 300_000 }, async () => {
  const path = `${folder}/hgps_catalog_v1.fits.gz`;
  const catalogue = readCatalogue(await nodeFiles().read(path), path, standardCatalogues);
  const places = [-70, -33.3, -1, 0.2, 12, 45.5, 52].map((lon, i) => [lon, 0.2 * (i - 3)] as const);
  const code = `
import json, sys
from astropy.coordinates import SkyCoord
from gammapy.catalog import SourceCatalogHGPS
lon, lat = map(list, zip(*json.loads(sys.argv[2])))
component = SourceCatalogHGPS(sys.argv[1]).large_scale_component
print(json.dumps([float(x.value) for x in component.evaluate(SkyCoord(lon, lat, unit="deg", frame="galactic"))]))
`;
  const { stdout } = await promisify(execFile)(python!, ["-W", "ignore", "-c", code, path, JSON.stringify(places)]);
  const theirs = JSON.parse(stdout) as number[];
  places.forEach(([lon, lat], i) => {
    const geom = wcsGeom({ center: { lon, lat, frame: "galactic" }, npix: 1, binsz: 0.01 });
    expect(largeScaleMap(catalogue, geom).data[0]! / theirs[i]!).toBeCloseTo(1, 5);
  });
});

describe.runIf(python !== null)("made rows of 4FGL, of which there is no real file", () => {
  it.each([2, 4] as const)("DR%d", { timeout: 300_000 }, async (dr) => {
    const made = await mkdtemp(join(tmpdir(), "gammats-4fgl-"));
    await writeFile(join(made, "4fgl.fits"), made4fgl(dr));
    await compareCatalogue("4fgl", join(made, "4fgl.fits"), "", undefined);
    await rm(made, { recursive: true });
  });
});

async function compareCatalogue(tag: string, path: string, theirVariant: string, variant: string | undefined) {
  const script = new URL("../oracle/catalogues.py", import.meta.url).pathname;
  const step = stepOf(tag);
  const args = ["-W", "ignore", script, tag, path, String(step), ...(theirVariant ? [theirVariant] : [])];
  const { stdout } = await promisify(execFile)(python!, args, { maxBuffer: 2 ** 30 });
  const theirs = JSON.parse(stdout) as TheirSource[];
  const files = nodeFiles();
  const catalogue = readCatalogue(await files.read(path), path, standardCatalogues);
  expect(catalogue.declaration.name).toBe(tag.toLowerCase());
  const sources = catalogue.sources.filter((_, i) => i % step === 0);
  expect(sources.map((source) => source.name)).toEqual(theirs.map((source) => source.name));
  const worst = createWorst();
  const seen = { sources: theirs.length, models: 0, points: 0, curves: 0, oursAlone: 0 };
  for (const [i, source] of sources.entries()) {
    const their = theirs[i]!;
    const { models } = await catalogueModels(catalogue, [source], files, { registry: standardModels, variant });
    compareModels(models.components, their, worst);
    seen.models += their.models.length;
    const points = catalogueFluxPoints(catalogue, source, standardModels);
    if (their.points) {
      comparePoints(points!, their.points, worst);
      seen.points++;
    } else if (points !== undefined && their.points_refused !== undefined) seen.oursAlone++;
    if (their.curve) {
      compareCurve(catalogueLightCurve(catalogue, source, standardModels)!, their.curve, worst);
      seen.curves++;
    }
  }
  if (process.env.GAMMATS_REPORT) console.log(tag, path, theirVariant, seen, Object.fromEntries(worst.all));
  expect(Object.fromEntries([...worst.all].filter(([what, d]) => d > toleranceOf(what, tag)))).toEqual({});
  expect(worst.all.size).toBeGreaterThan(5);
}

/** Of 3PC Gammapy multiplies energy fluxes and errors as float32: products below 1e-38 have few digits left. */
const SUBNORMAL = 2e-3;

/** The flux of the spectrum in each band of 3FGL, which points are relative to, is a sum over a grid on either side. */
const BANDS = 5e-5;

function toleranceOf(what: string, tag: string): number {
  if (tag === "3fgl" && what.startsWith("points: dnde")) return BANDS;
  if (tag === "3PC" && what.startsWith("points: dnde_err")) return SUBNORMAL;
  return what === "integral" ? INTEGRAL : FLOAT32;
}

function compareModels(ours: readonly SkyModel[], { name, models, refused }: TheirSource, worst: Worst): void {
  // it looks for some templates under another name than they have
  if (refused?.startsWith("FileNotFoundError")) return;
  // a spectrum without numbers is none here
  const theirs = models.filter(({ flux }) => flux.some((x) => x !== null));
  expect([ours.map((model) => model.name), refused ?? ""], name).toEqual([
    theirs.map((model) => model.name),
    theirs.length > 0 ? "" : (refused ?? ""),
  ]);
  for (const [i, their] of theirs.entries()) {
    const model = ours[i]!;
    if (Object.hasOwn(INCOMPLETE, name)) continue;
    // Gammapy scales the flux of a component, and leaves its error that of the source
    const isShare = /^HGPSC/.test(model.name);
    compareSubmodel(model.spectral, their.spectral, worst, isShare ? /^amplitude$/ : /^$/);
    expect(model.spatial === undefined, name).toBe(their.spatial === null);
    // a Gaussian whose size is missing: Gammapy takes 0
    const isSizeless = their.spatial?.parameters.sigma?.[0] === 0;
    if (isSizeless) expect(model.spatial!.type, name).toBe("PointSpatialModel");
    else if (their.spatial !== null) compareSubmodel(model.spatial!, their.spatial, worst, IS_PLACE);
    const fluxes = flux(model.spectral, [1e-3, 0.1, 1], [100, 100, 100], standardModels);
    fluxes.forEach((x, k) => {
      worst.add("integral", x, their.flux[k]!);
    });
  }
}

/** Sources of which a value is missing in the catalogue: Gammapy takes 0, and so there is nothing to compare. */
const INCOMPLETE: Readonly<Record<string, string>> = {
  "J0633+0632": "2PC: no spectrum with a free sharpness of the cutoff, as its TS demands; ours is the one with 1",
};

/** Errors that Gammapy has not are ours alone; the errors of places in ellipses are in the next test. */
const IS_PLACE = /^(lon|lat)_0$/;

function compareSubmodel(ours: Submodel, theirs: TheirSubmodel, worst: Worst, without: RegExp): void {
  expect(ours.type).toBe(theirs.type);
  if (theirs.frame !== null) expect(ours.frame).toBe(theirs.frame);
  expect(ours.parameters.map(({ name }) => name).sort()).toEqual(Object.keys(theirs.parameters).sort());
  for (const { name, value, unit, error } of ours.parameters) {
    const [their, theirUnit, theirError] = theirs.parameters[name]!;
    const factor = conversionFactor(unit, theirUnit);
    worst.add(name, value * factor, their);
    if (theirError !== null && theirError !== 0 && !without.test(name)) {
      worst.add(`error of ${name}`, error * factor, theirError);
    }
  }
}

function comparePoints(ours: FluxPoints, theirs: Readonly<Record<string, Numbers>>, worst: Worst): void {
  const { norm, normErr, normErrn, normErrp, normUl, sqrtTs, isUlStored } = ours;
  const { dnde } = ours.reference;
  const times = (x: Float64Array | undefined) => x?.map((v, i) => v * dnde[i]!);
  const columns: Readonly<Record<string, ArrayLike<number> | undefined>> = {
    dnde: times(norm),
    dnde_err: times(normErr),
    dnde_errn: times(normErrn),
    dnde_errp: times(normErrp),
    dnde_ul: times(normUl),
    sqrt_ts: sqrtTs,
    is_ul: isUlStored,
  };
  const { e_ref: energies, ...values } = theirs;
  // Gammapy puts points in the middle of their bins, where the catalogue has given another energy too
  const isApart = ours.eRef !== undefined || ours.energy.nodeType === "center";
  for (const [i, x] of isApart ? [] : energies!.entries()) worst.add("points: e_ref", referenceEnergies(ours)[i]!, x);
  for (const [name, column] of Object.entries(values)) {
    const own = columns[name];
    // columns without a number are left out here
    if (own === undefined) expect([name, column.every((x) => x === null || x === 0)]).toEqual([name, true]);
    column.forEach((x, k) => {
      // significances that the catalogue does not give are 0 there
      const isUnknown = name === "sqrt_ts" && own !== undefined && Number.isNaN(own[k]!);
      if (own !== undefined && !isUnknown) worst.add(`points: ${name}`, own[k]!, x);
    });
  }
}

function compareCurve(
  ours: NonNullable<ReturnType<typeof catalogueLightCurve>>,
  theirs: NonNullable<TheirSource["curve"]>,
  worst: Worst,
): void {
  intervalsInMjd(ours.time, "tt").forEach((interval, i) => {
    // MJD as float64: 1e-11 d of 1e5
    expect(interval[0]).toBeCloseTo(theirs.mjd[i]![0], 9);
    expect(interval[1]).toBeCloseTo(theirs.mjd[i]![1], 9);
  });
  const fields = { flux: "norm", flux_errn: "normErrn", flux_errp: "normErrp", flux_ul: "normUl" } as const;
  for (const [name, key] of Object.entries(fields)) {
    ours.points.forEach((point, i) => {
      // of 4FGL Gammapy gives limits of all fluxes, of 3FGL and here those of what is no measurement
      if (name === "flux_ul" && point.isUlStored?.[0] !== 1) return;
      const value = (point[key]?.[0] ?? Number.NaN) * point.reference.flux[0]!;
      worst.add(`curve: ${name}`, value, theirs[name]![i]!);
    });
  }
}
