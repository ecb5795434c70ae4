import { statProfileOn } from "../../estimators/scans.js";
import { type Confidence, confidence } from "../../fit/intervals.js";
import { type StatProfile, statProfile } from "../../fit/profiles.js";
import { isMinimum } from "../../fit/search.js";
import { columnsOf } from "../../io/table/rows.js";
import { scanPlot } from "../../plot/scan.js";
import { filesAndWords } from "../arguments.js";
import type { Context } from "../context.js";
import { type FitSettings, fitAnalysis, freeIds, notConverged, turn } from "../fitted.js";
import { axisLabel, fileName, labelOf, parameterValues, sigmaNumber, signed, wholeNumber } from "../numbers.js";
import { giveResults, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";
import { type WorkerOptions, workersOf } from "../workers.js";

interface Options extends FitSettings, WorkerOptions {
  readonly points: string;
  readonly sigma: string;
  readonly values?: string;
  readonly hold?: boolean;
  readonly overwrite?: boolean;
}

export async function run(context: Context, args: readonly string[], options: Options) {
  const { paths, words: names } = await filesAndWords(context, args);
  const n = wholeNumber(options.points, "--points", 2);
  const sigmas = sigmaNumber(options.sigma);
  const withWorkers = workersOf(context, options);
  let ids: string[] = [];
  await refuseEarly(context, options, "profile.json");
  const { joint, result } = await fitAnalysis(context, paths, options, (j) => {
    ids = names.length === 0 ? j.parameters.map((p) => p.id) : freeIds(j, names, "profile");
  });
  if (!isMinimum(result)) return notConverged(context, result, "profile");

  const { signal } = context;
  const progress = context.progress("profile");
  const found: { profile: StatProfile; intervals: Confidence[]; best: number }[] = [];
  await withWorkers(async (executor) => {
    for (const [k, id] of ids.entries()) {
      const { unit } = joint.parameters.find((p) => p.id === id)!;
      const grid = {
        n,
        sigmas,
        values: options.values === undefined ? undefined : parameterValues(options.values, unit, "--values"),
        reoptimize: options.hold !== true,
        signal,
        onProgress: (done: number, total: number) => progress.update(k * total + done, ids.length * total),
      };
      const profile =
        executor === undefined
          ? context.compute(() => statProfile(joint, result, id, grid))
          : await statProfileOn(executor, joint, result, id, grid);
      // where the others are held there is no interval to quote
      const intervals = options.hold ? [] : [1, 2].map((sigma) => confidence(joint, result, id, { sigma, signal }));
      found.push({ profile, intervals, best: result.free.values[result.free.ids.indexOf(id)]! });
      await turn(context);
    }
  });
  progress.end();

  const profiles = found.map(({ profile }) => profile);
  const errorOf = ({ id }: StatProfile) => result.free.errors[result.free.ids.indexOf(id)]!;
  const profileColumns = (of: readonly StatProfile[]) => {
    const { text, number } = columnsOf(of.flatMap((profile) => rowsOf(profile, errorOf(profile))));
    const reason = (row: ProfileRow) => row.message || "the others could not be fitted there";
    return [
      text("parameter", (row) => row.id),
      number("value", (row) => row.value, { units: (row) => row.unit, scale: (row) => row.scale }),
      number("stat", (row) => row.stat, { decimals: 4, reason }),
      number("delta_stat", (row) => row.deltaStat, { decimals: 4, about: "rise of -2 ln L", reason }),
    ];
  };
  for (const { profile, intervals } of found) {
    context.print(`${labelOf(profile)}, ${options.hold ? "the others held" : "the others fitted again at each value"}`);
    showTable(context, { name: "profile", columns: profileColumns([profile]).filter((c) => SHOWN.has(c.name)) });
    for (const { sigma, cl, value, errn, errp, message } of intervals) {
      const share = `${(100 * cl).toFixed(1)} %`;
      context.print(`${sigma} sigma (${share}): ${signed(value, errn, errp)}${message === "" ? "" : ` (${message})`}`);
    }
    context.print("");
  }
  for (const { profile } of found) {
    profile.messages.forEach((message, i) => {
      if (message !== "") context.note(`gammats: ${profile.id} at ${profile.values[i]}: ${message}`);
    });
  }
  await giveResults(context, {
    overwrite: options.overwrite,
    name: "profile",
    document: {
      success: found.every((f) => f.profile.success && f.intervals.every((c) => c.success)),
      total_stat: result.totalStat,
      profiles: found.map(({ profile, intervals, best }) => ({
        parameter: profile.id,
        unit: profile.unit,
        value: best,
        reoptimized: options.hold !== true,
        values: profile.values,
        stat: profile.stat,
        delta_stat: profile.deltaStat,
        parameters: othersOf(profile),
        messages: profile.messages,
        intervals: intervals.map(({ sigma, cl, errn, errp, success, message }) => ({
          sigma,
          cl,
          errn,
          errp,
          success,
          message,
        })),
      })),
    },
    tables: {
      profile: () => ({ name: "profile", about: "Likelihood profiles", columns: profileColumns(profiles) }),
    },
    pictures: () =>
      Object.fromEntries(
        found.map(({ profile, best, intervals }) => [
          `profile-${fileName(profile.id)}`,
          scanPlot({
            curves: [{ label: profile.id, ...smooth(profile, best, intervals), best: 0 }],
            xLabel: axisLabel(profile, profile.ids),
            bestFit: best,
            ...context.look,
          }),
        ]),
      ),
  });
  return found.every((f) => f.profile.success) ? 0 : 1;
}

/** Of the table that people read. */
const SHOWN = new Set(["value", "delta_stat"]);

interface ProfileRow {
  readonly id: string;
  readonly unit: string;
  readonly value: number;
  /** To which size the value is shown. */
  readonly scale: number;
  readonly stat: number;
  readonly deltaStat: number;
  readonly message: string;
}

function rowsOf(profile: StatProfile, error: number): ProfileRow[] {
  const { id, unit, values, stat, deltaStat, messages } = profile;
  const scale = scaleOfValues(profile, error);
  return Array.from(values, (value, i) => ({
    id,
    unit,
    value,
    scale,
    stat: stat[i]!,
    deltaStat: deltaStat[i]!,
    message: messages[i]!,
  }));
}

/** To which size values are printed: the error, or the least distance of two of them. */
function scaleOfValues({ values }: StatProfile, error: number): number {
  const distances = Array.from(values.slice(1), (v, i) => Math.abs(v - values[i]!)).filter((d) => d > 0);
  return Math.min(...[...distances, error].filter((x) => x > 0 && Number.isFinite(x)));
}

/** Every free parameter along the profile. */
function othersOf({ ids, parameters }: StatProfile): Record<string, number[]> {
  const n = ids.length;
  return Object.fromEntries(
    ids.map((id, j) => [id, Array.from({ length: parameters.length / n }, (_, k) => parameters[k * n + j]!)]),
  );
}

/**
 * The curve to draw: through the points, the best fit and the ends of the intervals; between them the signed root of -2 dlnL, which is
 * nearly straight, is taken to be straight.
 */
function smooth({ values, deltaStat }: StatProfile, best: number, intervals: readonly Confidence[]) {
  const points: [value: number, rise: number][] = [[best, 0]];
  for (const [i, value] of values.entries()) if (deltaStat[i]! >= 0) points.push([value, deltaStat[i]!]);
  for (const { lower, upper } of intervals) {
    for (const end of [lower, upper]) if (end.status === "ok") points.push([end.value, end.delta]);
  }
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const inside = points.filter(([value]) => value >= least && value <= most).sort((a, b) => a[0] - b[0]);
  const fine: [number, number][] = [];
  for (const [k, [value, rise]] of inside.entries()) {
    // after the last point there is nothing to fill
    const [nextValue, nextRise] = inside[k + 1] ?? [value, rise];
    const steps = k + 1 < inside.length ? 8 : 1;
    for (let i = 0; i < steps; i++) {
      // the best fit is a point, so both ends are on one side of it
      const root = Math.sqrt(rise) + (i / steps) * (Math.sqrt(nextRise) - Math.sqrt(rise));
      fine.push([value + (i / steps) * (nextValue - value), root * root]);
    }
  }
  return { values: fine.map(([value]) => value), stat: fine.map(([, rise]) => rise) };
}
