/** What a file is, told from its content. */
import { FormatError } from "../errors.js";
import { getCard, type Hdu, readFits } from "../fits/index.js";
import { isEcsv } from "./flux-points/ecsv.js";
import { isOgipSpectrum, keyword } from "./ogip/pha.js";
import { isRmf } from "./ogip/response.js";

export type FileKind =
  | "map-dataset"
  | "ogip-pha"
  | "ogip-background"
  | "ogip-arf"
  | "ogip-rmf"
  | "flux-points"
  | "light-curve"
  | "flux-maps"
  | "events"
  | "map"
  | "gti"
  | "fits"
  | "ecsv"
  | "datasets-yaml"
  | "models-yaml"
  | "fit-result"
  | "covariance"
  | "yaml"
  | "json"
  | "text"
  | "unknown";

export interface Recognised {
  readonly kind: FileKind;
  /** In words, for people. */
  readonly about: string;
  /** Of FITS files. */
  readonly hdus?: readonly Hdu[];
}

const ABOUT: Readonly<Record<FileKind, string>> = {
  "map-dataset": "dataset of maps or region spectra (Gammapy)",
  "ogip-pha": "counts spectrum (OGIP PHA)",
  "ogip-background": "background spectrum (OGIP PHA)",
  "ogip-arf": "effective area (OGIP ARF)",
  "ogip-rmf": "energy redistribution (OGIP RMF)",
  "flux-points": "flux points (GADF SED)",
  "light-curve": "light curve (Gammapy)",
  "flux-maps": "maps of fluxes and significances (Gammapy)",
  events: "event list",
  map: "sky map",
  gti: "good time intervals",
  fits: "FITS file",
  ecsv: "ECSV table",
  "datasets-yaml": "datasets of an analysis (Gammapy YAML)",
  "models-yaml": "models (Gammapy YAML)",
  "fit-result": "fit result (GammaTS)",
  covariance: "covariance of models (Gammapy)",
  yaml: "YAML file",
  json: "JSON file",
  text: "text file",
  unknown: "file of unknown kind",
};

/** `bytes` plain (inflated). Damaged files are recognised as far as they go. */
export function recognise(bytes: Uint8Array, name: string): Recognised {
  if (startsWith(bytes, "SIMPLE")) return recogniseFits(bytes, name);
  const sample = bytes.subarray(0, 4096);
  if (sample.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return named("unknown");
  const text = new TextDecoder().decode(bytes);
  return named(recogniseText(text));
}

function named(kind: FileKind): Recognised {
  return { kind, about: ABOUT[kind] };
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((c, i) => bytes[i] === c.charCodeAt(0));
}

function recogniseFits(bytes: Uint8Array, name: string): Recognised {
  let hdus: Hdu[];
  try {
    hdus = readFits(bytes, { where: name });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return named("fits");
  }
  return { ...named(fitsKind(hdus)), hdus };
}

function fitsKind(hdus: readonly Hdu[]): FileKind {
  const has = (name: string) => hdus.some((hdu) => hdu.name.toUpperCase() === name);
  if (isOgipSpectrum(hdus)) {
    const spectrum = hdus.find((hdu) => keyword(hdu, "HDUCLAS1") === "SPECTRUM");
    return spectrum && keyword(spectrum, "HDUCLAS2") === "BKG" ? "ogip-background" : "ogip-pha";
  }
  if (isRmf(hdus)) return "ogip-rmf";
  if (has("SPECRESP")) return "ogip-arf";
  if (has("EVENTS")) return "events";
  if (has("COUNTS_BANDS") || has("MASK_SAFE_BANDS") || has("BACKGROUND_BANDS")) return "map-dataset";
  if (hdus.some(isSed)) return hdus.some(isLightCurve) ? "light-curve" : "flux-points";
  if (hdus.some(isMap)) return getCard(hdus[0]!.header, "SED_TYPE") === undefined ? "map" : "flux-maps";
  return has("GTI") ? "gti" : "fits";
}

function isSed(hdu: Hdu): boolean {
  if (hdu.kind !== "table") return false;
  const names = hdu.columns.map((column) => column.name.toLowerCase());
  const energy = names.includes("e_ref") || names.includes("e_min");
  return energy && ["dnde", "e2dnde", "flux", "eflux", "norm"].some((name) => names.includes(name));
}

function isLightCurve(hdu: Hdu): boolean {
  return hdu.kind === "table" && hdu.columns.some((column) => column.name.toLowerCase() === "time_min");
}

function isMap(hdu: Hdu): boolean {
  if (hdu.kind === "table") return hdu.columns.some((column) => column.name === "DATA") && hasAxes(hdu);
  return hdu.shape.length >= 2 && getCard(hdu.header, "CTYPE1") !== undefined;
}

function hasAxes(hdu: Hdu): boolean {
  return getCard(hdu.header, "AXCOLS1") !== undefined;
}

function recogniseText(text: string): FileKind {
  if (isEcsv(text)) {
    if (!/name: (e_ref|e_min)\b/.test(text)) return "ecsv";
    return /name: time_min\b/.test(text) ? "light-curve" : "flux-points";
  }
  if (/^\s*[{[]/.test(text)) return "json";
  if (/^\s*\|?\s*Parameters\b.*\|/.test(text)) return "covariance";
  const keys = new Set(Array.from(text.matchAll(/^([A-Za-z_]\w*):/gm), (match) => match[1]!));
  if (keys.has("parameters") && (keys.has("total_stat") || keys.has("success"))) return "fit-result";
  if (keys.has("datasets")) return "datasets-yaml";
  if (keys.has("components")) return "models-yaml";
  return keys.size > 0 ? "yaml" : text.trim() === "" ? "unknown" : "text";
}
