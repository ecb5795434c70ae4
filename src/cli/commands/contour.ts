import { SpecError } from "../../errors.js";
import { statContourOn } from "../../estimators/scans.js";
import { type StatContour, statContour } from "../../fit/contours.js";
import { isMinimum } from "../../fit/search.js";
import { shortNumber } from "../../io/table/digits.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { contourPlot, levelLabel } from "../../plot/contour.js";
import { filesAnd } from "../arguments.js";
import type { Context } from "../context.js";
import { type FitSettings, fitAnalysis, freeIds, notConverged, turn } from "../fitted.js";
import { axisLabel, fileName, labelOf, probability, sigmaNumber, wholeNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends FitSettings, WorkerOptions {
  readonly sigma?: readonly string[];
  readonly cl?: readonly string[];
  readonly points: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const { paths, words: names } = await filesAnd(context, args, ["x", "y"], "contour");
  const points = wholeNumber(options.points, "--points", 3);
  const levels = levelsOf(options);
  const withWorkers = workersOf(context, options);
  let ids: string[] = [];
  await refuseEarly(context, options, "contour.json");
  const { joint, result } = await fitAnalysis(context, paths, options, (j) => {
    ids = freeIds(j, names, "contour");
    if (ids[0] === ids[1])
      throw new SpecError(`contour: found the parameter "${ids[0]}" twice; give two different ones`);
  });
  if (!isMinimum(result)) return notConverged(context, result, "contour");

  const progress = context.progress("contour");
  const found: StatContour[] = [];
  await withWorkers(async (executor) => {
    for (const [k, level] of levels.entries()) {
      const settings = {
        ...level,
        points,
        signal: context.signal,
        onProgress: (done: number, total: number) => progress.update(k * total + done, levels.length * total),
      };
      const [x, y] = ids as [string, string];
      found.push(
        executor === undefined
          ? context.compute(() => statContour(joint, result, x, y, settings))
          : await statContourOn(executor, joint, result, x, y, settings),
      );
      await turn(context);
    }
  });
  progress.end();

  const [{ x, y }] = found as [StatContour];
  showTable(context, extentTable(found));
  for (const { sigma, messages } of found) {
    for (const message of messages) context.note(`gammats: contour at ${shortNumber(sigma)} sigma: ${message}`);
  }
  const success = found.every((c) => c.success);
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "contour",
    document: {
      success,
      total_stat: result.totalStat,
      x: { parameter: x.id, unit: x.unit, value: x.value },
      y: { parameter: y.id, unit: y.unit, value: y.value },
      contours: found.map((c) => ({
        sigma: c.sigma,
        cl: c.cl,
        delta_stat: c.delta,
        x: c.x.points,
        y: c.y.points,
        statuses: c.statuses,
        parameters: Object.fromEntries(
          c.ids.map((id, j) => [id, c.statuses.map((_, k) => c.parameters[k * c.ids.length + j]!)]),
        ),
        success: c.success,
        message: c.messages.join("; "),
      })),
    },
    tables: { contour: () => contourTable(found) },
    pictures: () => ({
      [`contour-${fileName(x.id)}-${fileName(y.id)}`]: contourPlot({
        contours: found.map((c) => ({
          label: levelLabel(c.delta),
          x: c.x.points,
          y: c.y.points,
        })),
        best: [{ label: "Best fit", x: x.value, y: y.value }],
        xLabel: axisLabel(x, result.free.ids),
        yLabel: axisLabel(y, result.free.ids),
        ...context.look,
      }),
    }),
  });
  return success ? 0 : 1;
}

/** The points of all contours, one after the other. */
function contourTable(found: readonly StatContour[]): Table {
  const [{ x, y }] = found as [StatContour];
  const rows = found.flatMap((c) =>
    c.statuses.map((status, k) => ({ ...c, status, a: c.x.points[k]!, b: c.y.points[k]! })),
  );
  const { text, number } = columnsOf(rows);
  const reason = "no point of the level was found";
  return {
    name: "contour",
    about: `Confidence contours of ${x.id} and ${y.id}`,
    columns: [
      number("sigma", (r) => r.sigma),
      number("cl", (r) => r.cl, { about: "probability of the region" }),
      number("delta_stat", (r) => r.delta, { about: "rise of -2 ln L" }),
      number(x.id, (r) => r.a, { unit: x.unit, reason }),
      number(y.id, (r) => r.b, { unit: y.unit, reason }),
      text("status", (r) => r.status),
    ],
  };
}

/** How far they reach. */
function extentTable(found: readonly StatContour[]): Table {
  const [{ x, y }] = found as [StatContour];
  const { text, number, whole } = columnsOf(found);
  const ends = (axis: "x" | "y") =>
    ([Math.min, Math.max] as const).map((end) => (c: StatContour) => end(...c[axis].points));
  const columns = (["x", "y"] as const).flatMap((axis) => {
    const [from, to] = ends(axis) as [(c: StatContour) => number, (c: StatContour) => number];
    const scale = (c: StatContour) => (to(c) - from(c)) / 2;
    const reason = "the contour is not closed";
    return [
      number(`${labelOf(axis === "x" ? x : y)} from`, from, { scale, reason }),
      number("to", to, { scale, reason }),
    ];
  });
  return {
    name: "contours",
    columns: [
      number("sigma", (c) => c.sigma),
      text("contains", (c) => `${(100 * c.cl).toFixed(2)} %`),
      number("-2 dlnL", (c) => c.delta),
      whole("points", (c) => c.statuses.filter((s) => s === "ok" || s === "at limit").length),
      ...columns,
    ],
  };
}

function levelsOf({ sigma, cl }: Options): ({ readonly sigma: number } | { readonly cl: number })[] {
  if (sigma !== undefined && cl !== undefined) {
    throw new SpecError("contour: found --sigma and --cl; give one of them, as often as there are contours");
  }
  if (cl === undefined) return (sigma ?? ["1", "2"]).map((text) => ({ sigma: sigmaNumber(text) }));
  return cl.map((text) => ({ cl: probability(text, "--cl") }));
}
