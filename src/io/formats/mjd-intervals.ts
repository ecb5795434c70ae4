import type { Gti } from "../../datasets/types.js";
import { FormatError } from "../../errors.js";
import { mjdIntervals } from "../../time/intervals.js";
import { textOf } from "./open.js";
import { LIKELY, NO } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface Intervals extends Contents {
  readonly intervals: Gti;
}

/** Cells of each line, apart from comments. */
const rowsOf = (text: string): string[][] =>
  text.split("\n").map((line) =>
    line
      .replace(/#.*/, "")
      .split(/[\s,;]+/)
      .filter((cell) => cell !== ""),
  );

export const mjdIntervalsFormat: FileFormat<Intervals> = {
  name: "mjd-intervals",
  about: "intervals of time (text of two columns of MJD)",
  holds: ["intervals"],
  sniff({ text = "" }) {
    const first = rowsOf(text.slice(0, 4096)).find((cells) => cells.length > 0);
    return first?.length === 2 && first.every((cell) => Number.isFinite(Number(cell))) ? LIKELY : NO;
  },
  read(file, { timeScale = "utc" }) {
    const pairs = rowsOf(textOf(file, mjdIntervalsFormat.about)).flatMap((cells, i) => {
      if (cells.length === 0) return [];
      const [start, stop] = cells.map(Number) as [number, number];
      if (cells.length === 2 && stop > start) return [[start, stop] as const];
      const expected = "the MJD of a start and of a later stop";
      throw new FormatError({ where: `${file.path}:${i + 1}`, found: `"${cells.join(" ")}"`, expected });
    });
    return { intervals: mjdIntervals(pairs, timeScale) };
  },
};
