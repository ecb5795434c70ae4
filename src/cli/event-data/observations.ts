/** What `info` says of the runs of a folder or of an index file. */
import type { ObservationEntry } from "../../events/index-types.js";
import type { ObservationFiles } from "../../io/dl3/types.js";
import type { Summary } from "../../io/formats/types.js";
import { shortNumber } from "../../io/table/digits.js";
import { columnsOf } from "../../io/table/rows.js";
import { tableText } from "../../io/table/text.js";
import type { Table } from "../../io/table/types.js";
import { isoTime } from "../../time/iso.js";
import { observationsTable } from "./observations-table.js";

/** Missing files that are named one by one. */
const LISTED = 5;

export function observationsSummary({ index, instruments, named, missing }: ObservationFiles): Summary {
  const { entries, timeScale } = index;
  const [from, to] = [entries.flatMap(({ start = [] }) => start), entries.flatMap(({ stop = [] }) => stop)];
  const [first, last] = [
    from.reduce((a, b) => Math.min(a, b), Infinity),
    to.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  const hasTimes = first <= last;
  const unknown = entries.some(({ columns }) => "TSTART" in columns)
    ? "TSTART and TSTOP, of no reference (MJDREFI)"
    : "";
  const livetime = livetimeOf(entries);
  const targets = targetsOf(entries);
  const classes = classesOf(entries);
  const scale = timeScale === undefined ? "" : ` (${timeScale.toUpperCase()})`;
  const lines: (readonly [string, string])[] = [
    ["Observations", String(entries.length)],
    ["Instrument", instruments.join("; ")],
    [
      "Times",
      hasTimes
        ? `${isoTime(first)} to ${isoTime(last)}${scale}, MJD ${first.toFixed(5)} to ${last.toFixed(5)}`
        : unknown,
    ],
    ["Livetime", livetime === null ? "" : `${shortNumber(livetime)} s together`],
    [
      "HDUs",
      Object.entries(classes)
        .map(([name, n]) => `${n} ${name}`)
        .join(", "),
    ],
    [
      "Files",
      named.length === 0
        ? ""
        : `${named.length}, of which ${missing.length === 0 ? "none is" : `${missing.length} are`} missing`,
    ],
  ];
  const table = targetsTable(targets);
  return {
    text: `${lines.flatMap(([name, text]) => (text === "" ? [] : [`  ${name.padEnd(12)} ${text}\n`])).join("")}${missingText(missing)}${targets.length === 0 ? "" : `\n${table.about}:\n${tableText(table)}`}`,
    data: {
      n_observations: entries.length,
      instruments,
      time_scale: timeScale ?? null,
      time_min: hasTimes ? first : null,
      time_max: hasTimes ? last : null,
      livetime,
      classes,
      targets,
      missing,
    },
    tables: { observations: () => observationsTable(entries), ...(targets.length > 0 && { targets: () => table }) },
  };
}

const missingText = (missing: readonly string[]): string =>
  missing
    .slice(0, LISTED)
    .map((path) => `               ${path}\n`)
    .join("") +
  (missing.length > LISTED ? `               and ${missing.length - LISTED} more (--json has all)\n` : "");

/** s; null where an observation does not say it. */
function livetimeOf(entries: readonly ObservationEntry[]): number | null {
  const sum = entries.reduce((s, { columns }) => s + Number(columns.LIVETIME ?? Number.NaN), 0);
  return entries.length > 0 && Number.isFinite(sum) ? sum : null;
}

function classesOf(entries: readonly ObservationEntry[]): Record<string, number> {
  const found = new Map<string, number>();
  for (const { type, hduClass } of entries.flatMap(({ hdus }) => hdus)) {
    const name = hduClass || type;
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(found);
}

interface Target {
  readonly target: string;
  readonly observations: number;
  readonly livetime: number | null;
}

/** Those that were observed most first. */
function targetsOf(entries: readonly ObservationEntry[]): Target[] {
  const byName = new Map<string, ObservationEntry[]>();
  for (const entry of entries) {
    const name = String(entry.columns.OBJECT ?? "");
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return [...byName]
    .filter(([target]) => target !== "")
    .map(([target, of]) => ({ target, observations: of.length, livetime: livetimeOf(of) }))
    .sort((a, b) => b.observations - a.observations || (a.target < b.target ? -1 : 1));
}

function targetsTable(targets: readonly Target[]): Table {
  const { text, number, whole } = columnsOf(targets);
  return {
    name: "targets",
    about: "Targets",
    columns: [
      text("target", ({ target }) => target),
      whole("observations", ({ observations }) => observations),
      number("livetime", ({ livetime }) => livetime, { unit: "s", decimals: 1, reason: "the files do not say" }),
    ],
  };
}
