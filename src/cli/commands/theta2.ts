/** Counts by squared distance from a place, ON and OFF. */
import { createObservationReader } from "../../io/dl3/observations.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { pictureFormat } from "../../node/pictures.js";
import { linePlot } from "../../plot/line.js";
import { type Theta2, type Theta2Options, theta2 } from "../../reduce/theta2.js";
import { axisEdges, axisFromBounds, axisFromEdges } from "../../sky/axis.js";
import { wstatCountsStatistics } from "../../stats/counts-statistics.js";
import type { Context } from "../context.js";
import { turn } from "../fitted.js";
import { numberOf, wholeNumber } from "../numbers.js";
import { giveWithPicture, refuseEarly } from "../results.js";
import { angleOf, runsNear, type TargetOptions } from "../run-selection.js";
import { energyRange } from "../settings.js";
import { showTable } from "../tables.js";

interface Options extends TargetOptions {
  readonly maxTheta2: string;
  readonly bins: string;
  readonly offPositions: string;
  readonly cut: string;
  readonly energyRange?: string;
  readonly plot?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const [folder] = args as [string];
  const reach = numberOf(options.maxTheta2, "--max-theta2", "deg2, a number above 0", (x) => x > 0);
  const nOff = wholeNumber(options.offPositions, "--off-positions", 1);
  const cut = angleOf(options.cut, "--cut");
  const energies = options.energyRange && energyRange(options.energyRange, `--energy-range "${options.energyRange}"`);
  const distances = axisFromBounds(0, reach, wholeNumber(options.bins, "--bins", 1), { name: "theta2", unit: "deg2" });
  const below = axisFromEdges([0, cut ** 2], { name: "theta2", unit: "deg2" });
  if (options.plot !== undefined) pictureFormat(options.plot);
  await refuseEarly(context, options);

  const { target: position, entries } = await runsNear(context, folder, options, "theta2");
  const common = { position, nOff, ...(energies && { energies }) };
  const reader = createObservationReader(context.files, { onNote: context.onNote });
  const progress = context.progress("runs");
  const parts: [Theta2, Theta2][] = [];
  for (const [k, entry] of entries.entries()) {
    await turn(context);
    const observation = { ...(await reader.read(entry)), id: entry.id };
    const of = (axis: Theta2Options["axis"]) => theta2([observation], { ...common, axis });
    parts.push([of(distances), of(below)]);
    progress.update(k + 1, entries.length);
  }
  progress.end();
  const rows = rowsOf(parts.map(([all]) => all));
  const [inside] = rowsOf(parts.map(([, one]) => one));
  context.print(
    `Within ${cut} deg of the target ${inside!.counts} ON, ${inside!.counts_off} OFF, alpha ${shown(inside!.alpha)}, excess ${shown(inside!.excess)}, ${shown(inside!.sqrt_ts)} standard deviations`,
  );
  const table = tableOf(rows);
  showTable(context, table);
  const document = { observations: entries.length, cut, inside, theta2: rows };
  const { plot, overwrite } = options;
  const drawn = { plot, picture: () => picture(rows, context.look) };
  await giveWithPicture(context, { document, tables: { theta2: () => table }, overwrite }, drawn);
}

const shown = (x: number): string => String(Number(x.toPrecision(4)));

/** One bin of all observations. */
interface Row {
  /** deg2 */
  readonly theta2_min: number;
  readonly theta2_max: number;
  readonly counts: number;
  readonly counts_off: number;
  readonly alpha: number;
  readonly excess: number;
  readonly excess_err: number;
  readonly sqrt_ts: number;
}

function rowsOf(parts: readonly Theta2[]): Row[] {
  const [{ axis, alpha }] = parts as [Theta2];
  const edges = axisEdges(axis);
  return Array.from(alpha, (a, k) => {
    const sum = (name: "counts" | "countsOff") => parts.reduce((total, part) => total + part[name][k]!, 0);
    const [counts, off] = [sum("counts"), sum("countsOff")];
    const { excess, sqrtTs } = wstatCountsStatistics(counts, off, a);
    return {
      theta2_min: edges[k]!,
      theta2_max: edges[k + 1]!,
      counts,
      counts_off: off,
      alpha: a,
      excess,
      excess_err: Math.sqrt(counts + a ** 2 * off),
      sqrt_ts: sqrtTs,
    };
  });
}

function tableOf(rows: readonly Row[]): Table {
  const { number, whole } = columnsOf(rows);
  return {
    name: "theta2",
    about: "Counts by the squared distance from the target",
    columns: [
      number("theta2_min", (r) => r.theta2_min, { unit: "deg2" }),
      number("theta2_max", (r) => r.theta2_max, { unit: "deg2" }),
      whole("counts", (r) => r.counts),
      whole("counts_off", (r) => r.counts_off),
      number("alpha", (r) => r.alpha, { decimals: 5 }),
      number("excess", (r) => r.excess, { err: (r) => r.excess_err }),
      number("sqrt_ts", (r) => r.sqrt_ts, { decimals: 2 }),
    ],
  };
}

function picture(rows: readonly Row[], look: Context["look"]): string {
  const x = rows.map((r) => (r.theta2_min + r.theta2_max) / 2);
  const series = (label: string, y: number[], error: number[]) =>
    ({ label, x, y, errn: error, errp: error, draw: "points" }) as const;
  return linePlot({
    title: "Counts by distance from the target",
    series: [
      series(
        "ON",
        rows.map((r) => r.counts),
        rows.map((r) => Math.sqrt(r.counts)),
      ),
      series(
        "alpha x OFF",
        rows.map((r) => r.alpha * r.counts_off),
        rows.map((r) => r.alpha * Math.sqrt(r.counts_off)),
      ),
    ],
    xLabel: "theta² [deg²]",
    yLabel: "counts",
    ...look,
  });
}
