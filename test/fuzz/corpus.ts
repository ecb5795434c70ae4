/** Small files of every format, each with how it is read, and written again where there is a writer. All of them are written by GammaTS from random data. */
import { gzipSync, zipSync } from "fflate";
import { compileJoint } from "../../src/api/fit.js";
import { fitReport, readModels, writeDatasets, writeModels } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import type { BinnedDataset, OnOffDataset, SedType } from "../../src/datasets/types.js";
import { QUANTITIES, type TsMap, type TsQuantity } from "../../src/estimators/ts-map-table.js";
import { fitJoint } from "../../src/fit/fit.js";
import { type Hdu, readFits, writeFits } from "../../src/fits/index.js";
import { createResponses } from "../../src/fold/response.js";
import { readAbsorption, writeAbsorption } from "../../src/io/absorption.js";
import { memoryFiles } from "../../src/io/files.js";
import { writeFitResult } from "../../src/io/fit-result.js";
import { writeFluxMaps } from "../../src/io/flux-maps.js";
import { writeLightCurve } from "../../src/io/flux-points/light-curve.js";
import { writeFluxPoints } from "../../src/io/flux-points/write.js";
import type { Contents } from "../../src/io/formats/types.js";
import { contentsOf, encodeContents, isConverted, openKnown } from "../../src/io/formats/use.js";
import { writeMapDataset } from "../../src/io/map-dataset.js";
import { writeMap } from "../../src/io/map-fits.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { readFitResult } from "../../src/io/read-fit-result.js";
import { standardRegistry } from "../../src/io/registry.js";
import { readTableModel } from "../../src/io/table-model/read.js";
import { writeTableModel } from "../../src/io/table-model/write.js";
import { readTimeSeries, writeTimeSeries } from "../../src/io/time-series.js";
import type { FitReport } from "../../src/io/types.js";
import { readCovariance, writeCovariance } from "../../src/io/yaml/covariance.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { sealed, unsealed } from "../../src/node/sealed.js";
import type { SkyMap, WcsGeom } from "../../src/sky/types.js";
import { bytesOf } from "../../web/src/files.js";
import { openFiles } from "../../web/src/open.js";
import { fluxPointsDataset } from "../fit/synthetic.js";
import { tableOf } from "../io/table-model-files.js";
import { fluxPoints, gti, KINDS, randomDataset } from "./datasets.js";
import { randomModels } from "./models.js";
import { type Choices, choices } from "./random.js";

/** A source with a log parabola, and flux points of it. */
const source: Models = {
  components: [
    skyModel({ name: "a source", spectral: createSubmodel("lp", { amplitude: 3e-11, alpha: 2, beta: 0.1 }) }),
  ],
};
const points = fluxPointsDataset("points", (e) => 3e-11 * e ** -(2.1 + 0.12 * Math.log(e)));

export type Files = ReadonlyMap<string, Uint8Array>;

/** Bytes that readers may take: what the files are made from fits many times. */
const FREE = 64e6;

export interface Sample {
  readonly name: string;
  readonly files: Files;
  /** The contents of these files, plain data. */
  read(files: Files): Promise<unknown>;
  /** The files of contents that `read` gave. Absent: there is no writer. */
  write?(contents: unknown): Files;
  /** Relative rounding by units and references that the format has and the contents do not; 0: none. */
  readonly rounding: number;
  /** Keys of contents that do not come back from every damaged file. */
  readonly lost?: readonly string[];
}

const encode = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What `gammats info` and `convert` do with a file, whatever it is. */
function anyFile(name: string, path: string, files: Files, rounding = 0): Sample {
  const context = (entries: Files) => ({
    files: { ...memoryFiles(Object.fromEntries(entries)), freeBytes: () => FREE },
    registry: standardRegistry,
    responses: createResponses(),
  });
  return {
    name,
    files,
    rounding,
    async read(entries) {
      const using = context(entries);
      const file = await openKnown(path, using.files, standardRegistry.formats);
      return { file, contents: await contentsOf(file, using) };
    },
    write(given) {
      const { file, contents } = given as { file: Awaited<ReturnType<typeof openKnown>>; contents: Contents };
      if (contents.map !== undefined) return new Map([[path, writeMap(contents.map)]]);
      if (contents.fitResult !== undefined) return new Map([[path, writeFitResult(contents.fitResult)]]);
      if (!isConverted(file.format)) return new Map();
      return encodeContents(file, contents, {
        name: path,
        registry: standardRegistry,
        format: file.format.write ? undefined : file.format.name,
      });
    },
  };
}

/** A file that one function reads and another writes. */
function oneFile<T>(
  name: string,
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => T,
  write?: (contents: T) => Uint8Array,
  rounding = 0,
): Sample {
  return {
    name,
    files: new Map([["file", bytes]]),
    rounding,
    read: async (files) => read(files.get("file")!),
    ...(write && { write: (contents: unknown) => new Map([["file", write(contents as T)]]) }),
  };
}

function datasetSamples(c: Choices): Sample[] {
  return KINDS.filter((kind) => kind !== "FluxPointsDataset").flatMap((kind) => {
    const dataset = randomDataset(c, kind, "a name") as BinnedDataset;
    const bytes = writeMapDataset(dataset);
    const plain = anyFile(`${kind} FITS`, "d.fits", new Map([["d.fits", bytes]]));
    if (kind !== "MapDataset") return [plain];
    return [plain, anyFile("gzip", "d.fits.gz", new Map([["d.fits.gz", gzipSync(bytes, { mtime: 0 })]]))];
  });
}

function ogipSample(c: Choices): Sample {
  const dataset = randomDataset(c, "SpectrumDatasetOnOff", "run") as OnOffDataset;
  const files = new Map(Object.entries(writeOgip({ ...dataset, livetime: 1800 }, { name: "pha" })));
  return anyFile("OGIP", "pha.fits", files, 1e-12);
}

const REFERRED = ["reference", "norm", "normErr", "normErrn", "normErrp", "normUl"];

function pointSamples(c: Choices): Sample[] {
  const types: readonly SedType[] = ["likelihood", "dnde", "flux"];
  return types.flatMap((sedType) =>
    (["fits", "ecsv"] as const).map((format) => {
      const path = `sed.${format}`;
      const bytes = writeFluxPoints(fluxPoints(c, sedType), { format });
      const sample = anyFile(`SED ${sedType} ${format}`, path, new Map([[path, bytes]]), 1e-12);
      // references that a file has without scans are not written beside fluxes, and norms are relative to them
      return sedType === "likelihood" ? sample : { ...sample, lost: REFERRED };
    }),
  );
}

function lightCurveSamples(c: Choices): Sample[] {
  const one = fluxPoints(c);
  const time = {
    start: Float64Array.of(0, 2000),
    stop: Float64Array.of(1000, 4000),
    reference: 55000,
    timeScale: "tt",
  };
  return (["fits", "ecsv"] as const).map((format) => {
    const bytes = writeLightCurve({ time, points: [one, { ...one, norm: one.norm.map((x) => 2 * x) }] }, { format });
    return anyFile(`light curve ${format}`, `lc.${format}`, new Map([[`lc.${format}`, bytes]]), 1e-9);
  });
}

function fluxMapsSample(c: Choices): Sample {
  const { counts } = randomDataset(c, "MapDataset", "a") as BinnedDataset;
  const map = { ...counts!, data: counts!.data.map(() => c.stream.normal()) };
  const maps = Object.fromEntries(QUANTITIES.map((name) => [name, map])) as Record<TsQuantity, typeof map>;
  const one = new Float64Array(map.data.length).fill(1e-12);
  const reference = { dnde: one, flux: one, eflux: one, e2dnde: one };
  const [model] = source.components as [TsMap["model"]];
  const tsMap: TsMap = { geom: map.geom as WcsGeom, maps, model, reference, nSigma: 1, nSigmaUl: 2, gti: gti(c) };
  return anyFile("flux maps", "ts.fits", new Map([["ts.fits", writeFluxMaps(tsMap)]]));
}

async function analysisSamples(c: Choices): Promise<Sample[]> {
  const datasets = KINDS.map((kind, i) => randomDataset(c, kind, `data ${i}`));
  const models = randomModels(c, datasets.slice(0, 2));
  const files = memoryFiles();
  await writeDatasets({ datasets: datasets.slice(0, 2), models }, files, { folder: "out", prefix: "a" });
  const withModels: Sample = {
    name: "analysis",
    files: files.entries,
    rounding: 0,
    async read(entries) {
      const given = { ...memoryFiles(Object.fromEntries(entries)), freeBytes: () => FREE };
      const using = { files: given, registry: standardRegistry, responses: createResponses() };
      const file = await openKnown("out/a_datasets.yaml", given, standardRegistry.formats);
      return contentsOf(file, {
        ...using,
        models: await openKnown("out/a_models.yaml", given, standardRegistry.formats),
      });
    },
  };
  const zip: Sample = {
    ...withModels,
    name: "zip of the page",
    files: new Map([["a.zip", zipSync(Object.fromEntries(files.entries), { mtime: "2020-01-01" })]]),
    read: async (entries) => openFiles(await bytesOf([new File([entries.get("a.zip")! as BlobPart], "a.zip")])),
  };
  return [withModels, zip];
}

function modelSamples(c: Choices): Sample[] {
  const datasets = [randomDataset(c, "SpectrumDataset", "data")];
  const { covariance: _, ...models } = randomModels(c, datasets);
  const components = models.components.filter(({ name }) => name !== "a shape");
  const plain = { ...models, components };
  const start = compileJoint([points], source);
  const { models: fitted } = fitJoint(start);
  return [
    oneFile(
      "models.yaml",
      encode(writeModels(plain)),
      (bytes) => readModels(text(bytes), { datasets: ["data"] }).models,
      (read) => encode(writeModels(read)),
    ),
    oneFile(
      "covariance",
      encode(writeCovariance(fitted, fitted.covariance!)),
      (bytes) => readCovariance(text(bytes), fitted),
      (covariance) => encode(writeCovariance(fitted, covariance)),
    ),
  ];
}

const readTable = (bytes: Uint8Array) => readTableModel(bytes, { where: "table.fits" });

function smallSamples(c: Choices): Sample[] {
  const label = { gammats: "1", kind: "toys", task: "t", index: 3 };
  const series = { time: Float64Array.of(0, 1, 2.5), values: Float64Array.of(1, 2, 0.5), reference: 55000.5 };
  const table = {
    energy: Float64Array.of(0.1, 1, 10),
    param: Float64Array.of(0.1, 0.2),
    values: Float64Array.of(1, 0.5, 0.1, 1, 0.4, 0.05),
  };
  const kept = {
    values: Float64Array.from({ length: 5 }, () => c.stream.normal()),
    message: "ok",
    list: [1, "a", null],
  };
  const { counts, maskSafe } = randomDataset(c, "MapDataset", "a") as BinnedDataset;
  return [
    anyFile("map", "map.fits", new Map([["map.fits", writeMap(counts!)]])),
    anyFile("tiles", "map.fits", new Map([["map.fits", tiles(counts!)]])),
    anyFile(
      "image",
      "map.fits",
      new Map([["map.fits", writeMap({ geom: maskSafe!.geom, unit: "", data: counts!.data })]]),
    ),
    anyFile("intervals", "times.txt", new Map([["times.txt", encode("# MJD\n55000 55001\n55002.5,55003\n")]])),
    oneFile("absorption", writeAbsorption(table), (bytes) => readAbsorption(bytes), writeAbsorption, 1e-12),
    oneFile("table model", writeTableModel(tableOf(true, [1e-9, 2e-9, 4e-9])), readTable, writeTableModel, 1e-12),
    oneFile("factors in a table", writeTableModel(tableOf(false, [1e-9, 3e-9])), readTable, writeTableModel, 1e-12),
    oneFile("time series", writeTimeSeries(series), (bytes) => readTimeSeries(bytes), writeTimeSeries, 1e-12),
    oneFile("kept result", sealed(label, kept), (bytes) => unsealed(bytes, label)),
  ];
}

const DS9 =
  "# Region file format: DS9 version 4.1\nglobal color=green\nfk5\ncircle(5:34:31.9,+22:00:52.2,30') # text={a}\nellipse(83.5,22.1,0.1,0.05,0.3,0.2,40)\n-box(83.4,21.9,0.2,0.1,30)\ngalactic;polygon(184,-5,185,-5,184.5,-6)\n";
const CRTF =
  "#CRTFv0 CASA Region Text Format version 0\nglobal coord=J2000\nrotbox[[05h34m30s, 22d06m00s], [1.2deg, 30arcmin], 20deg]\n-annulus[[83.6deg, 22deg], [0.1deg, 0.3deg]], coord=ICRS\n";
const SOURCE_XML = `<?xml version="1.0"?>
<source_library title="two">
<source name="a" type="PointSource"><spectrum type="PLSuperExpCutoff">
<parameter name="Prefactor" value="2" scale="1e-12" min="0.1" max="100" free="1"/><parameter name="Index1" value="-1.8" scale="1" min="-5" max="0" free="1"/>
<parameter name="Scale" value="1000" scale="1" min="1" max="1e6" free="0"/><parameter name="Cutoff" value="5000" scale="1" min="1" max="1e6" free="0"/>
<parameter name="Index2" value="1" scale="1" min="0" max="5" free="0"/></spectrum><spatialModel type="SkyDirFunction">
<parameter name="RA" value="83.63" scale="1" min="0" max="360" free="0"/><parameter name="DEC" value="22.01" scale="1" min="-90" max="90" free="0"/></spatialModel></source>
</source_library>
`;

function textSamples(): Sample[] {
  const sample = (name: string, path: string, written: string) =>
    anyFile(name, path, new Map([[path, encode(written)]]), 1e-12);
  return [
    sample("regions DS9", "a.reg", DS9),
    sample("regions CASA", "a.crtf", CRTF),
    sample("source list", "a.xml", SOURCE_XML),
  ];
}

function fitResultSample(): Sample {
  const datasets = [points];
  const report: FitReport = fitReport(fitJoint(compileJoint(datasets, source)), datasets);
  const bytes = writeFitResult(report, { version: "0.1.0" });
  const read = (given: Uint8Array) => readFitResult(given, "fit-result.yaml");
  return oneFile("fit-result.yaml", bytes, read, ({ report: r, version }) => writeFitResult(r, { version }));
}

export async function corpus(seed: number): Promise<readonly Sample[]> {
  const c = choices(seed, 0);
  return [
    ...datasetSamples(c),
    ogipSample(c),
    ...pointSamples(c),
    ...lightCurveSamples(c),
    fluxMapsSample(c),
    ...(await analysisSamples(c)),
    ...modelSamples(c),
    ...smallSamples(c),
    fitResultSample(),
    ...textSamples(),
  ];
}

/** A map of whole numbers in compressed tiles. */
function tiles(map: SkyMap): Uint8Array {
  const whole = (hdu: Hdu): Hdu =>
    hdu.kind === "image" && hdu.data ? { ...hdu, data: Int32Array.from(hdu.data as Float64Array) } : hdu;
  return writeFits(readFits(writeMap(map)).map(whole), { compress: true });
}
