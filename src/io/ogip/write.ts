import type { OnOffDataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import {
  type Card,
  type Column,
  type Hdu,
  imageHdu,
  makeColumn,
  type TableHdu,
  tableHdu,
  writeFits,
} from "../../fits/index.js";
import { axisEdges, describePixels, nBins, nPix } from "../../sky/index.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../sky/types.js";
import { card, metaCards, type NoteOptions, statisticCards } from "../cards.js";
import { gtiHdu } from "../gti.js";
import { regionHdu } from "../region-fits.js";

/** keV per TeV: the energies of OGIP files are in keV, which is all that XSPEC and Sherpa read. */
const KEV = 1e9;

interface Spectrum {
  readonly counts: Float64Array;
  readonly error: Float64Array | undefined;
  readonly systematic: Float64Array | undefined;
  readonly backscal: Float64Array;
  readonly geom: RegionGeom;
  readonly role: "TOTAL" | "BKG";
}

interface Names {
  readonly arf: string;
  readonly bkg: string;
  readonly rmf: string;
}

/**
 * The files of an ON/OFF spectrum by name: `<name>.fits` (PHA), `<name>_bkg.fits`, `<name>_arf.fits`, `<name>_rmf.fits`, in keV and cm2, with channels from 0.
 * `mask_fit` goes to a column MASK_FIT of the spectrum, which other readers ignore.
 * @throws SpecError where the dataset is no spectrum, or has a psf.
 */
export function writeOgip(
  dataset: OnOffDataset,
  options: NoteOptions & { readonly name: string },
): Record<string, Uint8Array> {
  const { counts, exposure, livetime, countsOff, acceptanceOff, edisp } = dataset;
  const at = `dataset "${dataset.name}"`;
  if (counts === undefined || counts.geom.kind !== "region") {
    throw new SpecError(
      `${at}: OGIP files hold spectra, found ${counts ? "images" : "no counts"}; use writeMapDataset`,
    );
  }
  if (exposure === undefined || livetime === undefined || !(livetime > 0)) {
    throw new SpecError(
      `${at}: OGIP files need an exposure and a livetime above 0 s, found ${exposure ? `the livetime ${livetime} s` : "no exposure"}; use writeMapDataset`,
    );
  }
  if (dataset.psf !== undefined) throw new SpecError(`${at}: OGIP files cannot hold a psf; use writeMapDataset`);
  const { geom } = counts;
  const names = { arf: `${options.name}_arf.fits`, bkg: `${options.name}_bkg.fits`, rmf: `${options.name}_rmf.fits` };
  const on: Spectrum = {
    counts: counts.data,
    error: dataset.countsError?.data,
    systematic: dataset.systematic?.data,
    backscal: dataset.acceptance.data,
    geom,
    role: "TOTAL",
  };
  const gti = dataset.gti === undefined ? [] : [gtiHdu(dataset.gti)];
  const files: Record<string, Uint8Array> = {
    [`${options.name}.fits`]: file([...spectrumHdus(on, dataset, names, options), ...gti], options),
    [names.arf]: file([arfHdu(exposure, livetime, dataset)], options),
  };
  if (countsOff !== undefined) {
    const n = countsOff.data.length;
    const off: Spectrum = {
      counts: countsOff.data,
      error: dataset.countsOffError?.data,
      systematic: dataset.systematicOff?.data,
      backscal: acceptanceOff?.data ?? new Float64Array(n).fill(1),
      geom: countsOff.geom.kind === "region" ? countsOff.geom : geom,
      role: "BKG",
    };
    files[names.bkg] = file(spectrumHdus(off, dataset, names, {}), options);
  }
  if (edisp !== undefined) files[names.rmf] = file(rmfHdus(edisp.map, geom.axes[0]!, dataset), options);
  return files;
}

function file(hdus: readonly Hdu[], options: NoteOptions): Uint8Array {
  return writeFits([imageHdu("PRIMARY", [], null, [card("CREATOR", "GammaTS")]), ...hdus], options);
}

/** Keywords that every OGIP file wants. */
function origin(dataset: OnOffDataset): Card[] {
  const text = (key: string, fallback: string) => card(key, String(dataset.meta?.[key] ?? fallback));
  return [text("TELESCOP", "unknown"), text("INSTRUME", "unknown"), text("FILTER", "none")];
}

function spectrumHdus(spectrum: Spectrum, dataset: OnOffDataset, names: Names, options: NoteOptions): Hdu[] {
  const { counts, error, systematic, backscal, geom, role } = spectrum;
  const n = counts.length;
  const total = role === "TOTAL";
  const safe = dataset.maskSafe?.data;
  const whole = counts.every((c) => Number.isInteger(c) && c < 2 ** 31);
  const channels = Int32Array.from({ length: n }, (_, i) => i);
  // Gammapy knows the column alone, threeML the keyword alone: a keyword too where one value serves all channels
  const everywhere = backscal.every((x) => x === backscal[0]) ? backscal[0] : undefined;
  const columns: Column[] = [
    makeColumn("CHANNEL", channels, { keywords: [card("TLMIN", 0), card("TLMAX", n - 1)] }),
    makeColumn("COUNTS", whole ? Int32Array.from(counts) : counts),
    ...(error === undefined ? [] : [makeColumn("STAT_ERR", error)]),
    ...(systematic === undefined ? [] : [makeColumn("SYS_ERR", systematic)]),
    makeColumn(
      "QUALITY",
      Int16Array.from({ length: n }, (_, i) => (safe === undefined || safe[i] === 1 ? 0 : 1)),
    ),
    makeColumn("BACKSCAL", backscal),
    ...(dataset.maskFit && total ? [makeColumn("MASK_FIT", dataset.maskFit.data, { format: "L" })] : []),
  ];
  const own = new Set(["TELESCOP", "INSTRUME", "FILTER"]);
  const cards = [
    ...origin(dataset),
    card("HDUCLASS", "OGIP"),
    card("HDUCLAS1", "SPECTRUM"),
    card("HDUCLAS2", role),
    card("HDUCLAS3", "COUNT"),
    card("HDUCLAS4", "TYPE:I"),
    card("HDUVERS", "1.2.1"),
    card("EXPOSURE", dataset.livetime ?? 0, "s"),
    card("OBS_ID", dataset.name),
    card("ANCRFILE", total ? names.arf : "none"),
    ...companion("RESPFILE", dataset.edisp && names.rmf, total),
    ...companion("BACKFILE", dataset.countsOff && names.bkg, total),
    card("CORRFILE", "none"),
    card("CORRSCAL", 0),
    ...(everywhere === undefined ? [] : [card("BACKSCAL", everywhere)]),
    card("AREASCAL", 1),
    card("POISSERR", error === undefined),
    ...(systematic === undefined ? [card("SYS_ERR", 0)] : []),
    card("GROUPING", 0),
    card("CHANTYPE", "PHA"),
    card("DETCHANS", n),
    ...(total ? statisticCards(dataset) : []),
    ...metaCards(dataset.meta, options).filter((c) => !own.has(c.key)),
  ];
  const region = geom.regions.length === 0 ? [] : [regionHdu("REGION", geom.regions, geom.wcs)];
  return [tableHdu("SPECTRUM", columns, cards), eboundsHdu(geom.axes[0]!, dataset), ...region];
}

/** Of a spectrum without such a file there is no keyword: Gammapy would look for a file named "none". */
function companion(key: string, name: string | undefined, isTotal: boolean): Card[] {
  if (!isTotal) return [card(key, "none")];
  return name === undefined ? [] : [card(key, name)];
}

function eboundsHdu(axis: MapAxis, dataset: OnOffDataset): TableHdu {
  const n = nBins(axis);
  const { low, high } = edgesInKev(axis);
  const channels = Int32Array.from({ length: n }, (_, i) => i);
  return tableHdu(
    "EBOUNDS",
    [
      makeColumn("CHANNEL", channels, { keywords: [card("TLMIN", 0), card("TLMAX", n - 1)] }),
      makeColumn("E_MIN", low, { unit: "keV" }),
      makeColumn("E_MAX", high, { unit: "keV" }),
    ],
    [...origin(dataset), card("CHANTYPE", "PHA"), card("DETCHANS", n), ...responseClass("EBOUNDS", "1.2.0")],
  );
}

function responseClass(name: string, version: string): Card[] {
  return [card("HDUCLASS", "OGIP"), card("HDUCLAS1", "RESPONSE"), card("HDUCLAS2", name), card("HDUVERS", version)];
}

function edgesInKev(axis: MapAxis): { low: Float64Array; high: Float64Array } {
  const edges = axisEdges(axis).map((x) => x * KEV);
  return { low: edges.slice(0, -1), high: edges.slice(1) };
}

function arfHdu(exposure: SkyMap, livetime: number, dataset: OnOffDataset): TableHdu {
  const { low, high } = edgesInKev(exposure.geom.axes[0]!);
  return tableHdu(
    "SPECRESP",
    [
      makeColumn("ENERG_LO", low, { unit: "keV" }),
      makeColumn("ENERG_HI", high, { unit: "keV" }),
      makeColumn(
        "SPECRESP",
        exposure.data.map((x) => x / livetime),
        { unit: "cm2" },
      ),
    ],
    [...origin(dataset), ...responseClass("SPECRESP", "1.1.0")],
  );
}

/** One group for each run of channels that are not zero; a row without any is one group without channels. */
function rmfHdus(kernel: SkyMap, energy: MapAxis, dataset: OnOffDataset): TableHdu[] {
  const [reco, trueAxis] = kernel.geom.axes;
  if (reco?.name !== "energy" || trueAxis?.name !== "energy_true" || nPix(kernel.geom) !== 1) {
    throw new SpecError(
      `dataset "${dataset.name}": an RMF holds one energy dispersion kernel, found a map of ${kernel.geom.axes.map((a) => a.name).join(", ")} with ${describePixels(kernel.geom)}; use writeMapDataset`,
    );
  }
  const channels = nBins(reco);
  const rows = Array.from({ length: nBins(trueAxis) }, (_, i) => runs(kernel.data, i * channels, channels));
  const { low, high } = edgesInKev(trueAxis);
  const column = (name: string, format: string, data: Column["data"], keywords: readonly Card[] = []): Column => ({
    name,
    format,
    shape: [],
    data,
    keywords,
  });
  const limits = [card("TLMIN", 0), card("TLMAX", channels - 1)];
  const groups = rows.map(({ start }) => Math.max(1, start.length));
  const orZero = (values: number[]) => Int16Array.from(values.length === 0 ? [0] : values);
  const matrix = tableHdu(
    "MATRIX",
    [
      makeColumn("ENERG_LO", low, { unit: "keV" }),
      makeColumn("ENERG_HI", high, { unit: "keV" }),
      makeColumn("N_GRP", Int16Array.from(groups)),
      column(
        "F_CHAN",
        "PI",
        rows.map(({ start }) => orZero(start)),
        limits,
      ),
      column(
        "N_CHAN",
        "PI",
        rows.map(({ width }) => orZero(width)),
      ),
      column(
        "MATRIX",
        "PD",
        rows.map(({ values }) => Float64Array.from(values)),
      ),
    ],
    [
      ...origin(dataset),
      card("CHANTYPE", "PHA"),
      card("DETCHANS", channels),
      ...responseClass("RSP_MATRIX", "1.3.0"),
      card("HDUCLAS3", "REDIST"),
      card(
        "NUMGRP",
        groups.reduce((a, b) => a + b, 0),
      ),
      card(
        "NUMELT",
        rows.reduce((sum, { values }) => sum + values.length, 0),
      ),
      card("LO_THRES", 0),
    ],
  );
  return [matrix, eboundsHdu(energy, dataset)];
}

function runs(data: Float64Array, begin: number, n: number) {
  const start: number[] = [];
  const width: number[] = [];
  const values: number[] = [];
  for (let k = 0; k < n; k++) {
    const value = data[begin + k]!;
    if (value === 0) continue;
    if (k > 0 && data[begin + k - 1] !== 0) width[width.length - 1]!++;
    else {
      start.push(k);
      width.push(1);
    }
    values.push(value);
  }
  return { start, width, values };
}
