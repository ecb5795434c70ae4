/** `--intervals` of a light curve. */

import { isBinned } from "../datasets/facets.js";
import type { Dataset, Gti } from "../datasets/types.js";
import { didYouMean, FormatError, GammatsError, SpecError } from "../errors.js";
import type { FileAccess } from "../io/files.js";
import { readLightCurve } from "../io/flux-points/light-curve.js";
import { readGti } from "../io/gti.js";
import { decodeText } from "../io/text.js";
import { datasetIntervals, durationIntervals, mjdIntervals } from "../time/intervals.js";
import { nightIntervals } from "../time/nights.js";
import { conversionFactor, parseQuantity } from "../units/index.js";
import { readAny } from "./read-any.js";

/** Checks the option; the returned function makes the intervals, once the datasets are known. */
export async function intervalsOf(
  text: string,
  timeScale: string,
  files: FileAccess,
): Promise<(datasets: readonly Dataset[]) => Gti> {
  const seen = (datasets: readonly Dataset[]) => datasets.filter(isBinned);
  if (text === "gti") return (datasets) => datasetIntervals(seen(datasets));
  if (text === "night") return (datasets) => nightIntervals(seen(datasets));
  const duration = durationOf(text);
  if (duration !== undefined) return (datasets) => durationIntervals(seen(datasets), duration);
  if (!(await files.exists(text))) {
    throw new SpecError(
      `--intervals "${text}": there is no such file${didYouMean(text, ["gti", "night"])}; expected gti, night, a duration like "30 min", or a file of intervals`,
      { code: "missing-file", where: "--intervals" },
    );
  }
  const intervals = await intervalsFromFile(text, timeScale, files);
  return () => intervals;
}

/** s; undefined for what is no time. */
function durationOf(text: string): number | undefined {
  if (!/^[\d.]/.test(text)) return undefined;
  try {
    const { value, unit } = parseQuantity(text, "--intervals");
    return value * conversionFactor(unit, "s", "--intervals");
  } catch (error) {
    if (error instanceof GammatsError) return undefined;
    throw error;
  }
}

async function intervalsFromFile(path: string, timeScale: string, files: FileAccess): Promise<Gti> {
  const { kind, bytes, hdus, about } = await readAny(path, files);
  if (kind === "light-curve") return readLightCurve(bytes, { where: path }).time;
  if (hdus !== undefined) {
    const gti = hdus.find((hdu) => hdu.kind === "table" && hdu.name === "GTI");
    if (gti?.kind === "table") return readGti(gti, path);
    throw new FormatError(`${path}: no table GTI; found ${hdus.map((hdu) => hdu.name).join(", ")}`);
  }
  if (kind !== "text") {
    throw new FormatError(
      `${path}: this is a ${about}; expected good time intervals, a light curve, or a text of two columns of MJD`,
    );
  }
  const pairs = decodeText(bytes, path)
    .split(/\r?\n/)
    .flatMap((line, i) => {
      const cells = line
        .replace(/#.*/, "")
        .split(/[\s,;]+/)
        .filter((cell) => cell !== "");
      if (cells.length === 0) return [];
      const [start, stop] = cells.map(Number) as [number, number];
      if (cells.length === 2 && stop > start) return [[start, stop] as const];
      throw new FormatError(
        `${path}:${i + 1}: found "${line.trim()}", expected the MJD of a start and of a later stop`,
      );
    });
  return mjdIntervals(pairs, timeScale);
}
