/** `--intervals` of a light curve. */

import { isBinned } from "../datasets/facets.js";
import type { Dataset, Gti } from "../datasets/types.js";
import { didYouMean, GammatsError, SpecError } from "../errors.js";
import { gtiOf } from "../io/formats/gti.js";
import { aboutOf, holding, wrongFile } from "../io/formats/recognise.js";
import { contentsOf, openKnown } from "../io/formats/use.js";
import { datasetIntervals, durationIntervals } from "../time/intervals.js";
import { nightIntervals } from "../time/nights.js";
import { conversionFactor, parseQuantity } from "../units/index.js";
import type { Context } from "./context.js";

/** Checks the option; the returned function makes the intervals, once the datasets are known. */
export async function intervalsOf(
  text: string,
  timeScale: string,
  context: Context,
): Promise<(datasets: readonly Dataset[]) => Gti> {
  const seen = (datasets: readonly Dataset[]) => {
    const binned = datasets.filter(isBinned);
    if (binned.length > 0) return binned;
    throw new SpecError({
      where: "light-curve",
      what: `none of the datasets has counts: ${datasets.map(({ name }) => name).join(", ")}`,
      remedy: "give counts with the times at which they were taken (GTI); flux points have none",
    });
  };
  if (text === "gti") return (datasets) => datasetIntervals(seen(datasets));
  if (text === "night") return (datasets) => nightIntervals(seen(datasets));
  const duration = durationOf(text);
  if (duration !== undefined) return (datasets) => durationIntervals(seen(datasets), duration);
  if (!(await context.files.exists(text))) {
    throw new SpecError(
      `--intervals "${text}": there is no such file${didYouMean(text, ["gti", "night"])}; expected gti, night, a duration like "30 min", or a file of intervals`,
      { code: "missing-file", where: "--intervals" },
    );
  }
  const intervals = await intervalsFromFile(text, timeScale, context);
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

async function intervalsFromFile(path: string, timeScale: string, { files, using }: Context): Promise<Gti> {
  const { formats } = using.registry;
  const file = await openKnown(path, files, formats);
  const holders = holding("intervals", formats);
  const { intervals } = holders.includes(file.format)
    ? await contentsOf(file, { files, ...using, timeScale })
    : { intervals: gtiOf(file) };
  if (intervals !== undefined) return intervals;
  throw wrongFile(file, formats, `${aboutOf(holders)}, or a FITS file with a table GTI`, "");
}
