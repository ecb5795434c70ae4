import type { Dataset } from "../datasets/types.js";
import { jobRange } from "../execute/run.js";
import type { Executor, TaskKind } from "../execute/types.js";
import { type ContourOptions, type StatContour, statContour } from "../fit/contours.js";
import { compileJoint, type Joint } from "../fit/joint.js";
import {
  type Grid,
  type ScanOptions,
  type StatProfile,
  type StatSurface,
  scanAxis,
  statProfile,
  statSurface,
} from "../fit/profiles.js";
import { type Fitted, twoSlots } from "../fit/search.js";
import type { Models } from "../models/types.js";
import { type PartsOptions, partSize, runParts } from "./parts.js";

interface PartSize {
  /** Points (rows of a surface) in a job; default: a tenth of them. The last digits depend on it, on the workers nothing does. */
  readonly jobSize?: number;
}

interface Likelihood {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly fitted: Fitted;
  readonly jobSize: number;
}

interface ProfilePayload extends Likelihood {
  readonly id: string;
  readonly values: Float64Array;
  readonly reoptimize: boolean | undefined;
}

export const profileTask: TaskKind<ProfilePayload, StatProfile> = {
  name: "profile",
  prepare({ datasets, models, fitted, jobSize, id, values, reoptimize }) {
    const joint = compileJoint(datasets, models);
    return (index) =>
      statProfile(joint, fitted, id, { values: values.slice(...jobRange(index, values.length, jobSize)), reoptimize });
  },
};

/** `statProfile` in jobs: the same for any executor and number of workers. */
export async function statProfileOn(
  executor: Executor,
  joint: Joint,
  fitted: Fitted,
  id: string,
  options: Grid & ScanOptions & PartSize = {},
): Promise<StatProfile> {
  const { values } = scanAxis(joint, fitted, id, options, "statProfile");
  const payload: ProfilePayload = {
    ...likelihoodOf(joint, fitted, options.jobSize ?? partSize(values.length)),
    id,
    values,
    reoptimize: options.reoptimize,
  };
  const parts = await runParts(executor, profileTask, payload, values.length, options);
  return { ...parts[0]!, ...joinScanned(parts), values };
}

interface SurfacePayload extends Likelihood {
  readonly ids: readonly [string, string];
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly reoptimize: boolean | undefined;
}

/** A job: some values of x, all of y. */
export const surfaceTask: TaskKind<SurfacePayload, StatSurface> = {
  name: "surface",
  prepare({ datasets, models, fitted, jobSize, ids, x, y, reoptimize }) {
    const joint = compileJoint(datasets, models);
    return (index) => {
      const values = x.slice(...jobRange(index, x.length, jobSize));
      return statSurface(joint, fitted, ...ids, { x: { values }, y: { values: y }, reoptimize });
    };
  },
};

/** `statSurface` in jobs: the same for any executor and number of workers. */
export async function statSurfaceOn(
  executor: Executor,
  joint: Joint,
  fitted: Fitted,
  idX: string,
  idY: string,
  options: ScanOptions & PartSize & { readonly x?: Grid; readonly y?: Grid } = {},
): Promise<StatSurface> {
  twoSlots(joint, idX, idY, "statSurface");
  const x = scanAxis(joint, fitted, idX, options.x ?? {}, "statSurface");
  const y = scanAxis(joint, fitted, idY, options.y ?? {}, "statSurface");
  const rows = x.values.length;
  const payload: SurfacePayload = {
    ...likelihoodOf(joint, fitted, options.jobSize ?? partSize(rows)),
    ids: [idX, idY],
    x: x.values,
    y: y.values,
    reoptimize: options.reoptimize,
  };
  const parts = await runParts(executor, surfaceTask, payload, rows, scaled(options, y.values.length));
  return { ...joinScanned(parts), x, y };
}

interface ContourPayload extends Likelihood {
  readonly ids: readonly [string, string];
  readonly points: number;
  readonly level: Pick<ContourOptions, "sigma" | "cl">;
}

export const contourTask: TaskKind<ContourPayload, StatContour> = {
  name: "contour",
  prepare({ datasets, models, fitted, jobSize, ids, points, level }) {
    const joint = compileJoint(datasets, models);
    return (index) => statContour(joint, fitted, ...ids, { ...level, points, part: jobRange(index, points, jobSize) });
  },
};

/** `statContour` in jobs: the same for any executor and number of workers. */
export async function statContourOn(
  executor: Executor,
  joint: Joint,
  fitted: Fitted,
  idX: string,
  idY: string,
  options: Omit<ContourOptions, "part"> & PartSize = {},
): Promise<StatContour> {
  const { points = 20, sigma, cl } = options;
  const level = { sigma, cl };
  // checks all that is given
  statContour(joint, fitted, idX, idY, { ...level, points, part: [0, 0] });
  const payload: ContourPayload = {
    ...likelihoodOf(joint, fitted, options.jobSize ?? partSize(points)),
    ids: [idX, idY],
    points,
    level,
  };
  const parts = await runParts(executor, contourTask, payload, points, options);
  const first = parts[0]!;
  return {
    ...first,
    x: { ...first.x, points: concat(parts.map((p) => p.x.points)) },
    y: { ...first.y, points: concat(parts.map((p) => p.y.points)) },
    parameters: concat(parts.map((p) => p.parameters)),
    statuses: parts.flatMap((p) => p.statuses),
    success: parts.every((p) => p.success),
    // a lower minimum is met by many
    message: [...new Set(parts.flatMap((p) => (p.message === "" ? [] : p.message.split("; "))))].join("; "),
    nfev: total(parts),
  };
}

function likelihoodOf({ datasets, models }: Joint, given: Fitted, jobSize: number): Likelihood {
  const { success, message, free, models: best } = given;
  return { datasets, models, fitted: { success, message, free, models: best }, jobSize };
}

function scaled({ signal, onProgress }: PartsOptions, columns: number): PartsOptions {
  return { signal, onProgress: onProgress && ((done, rows) => onProgress(done * columns, rows * columns)) };
}

function joinScanned(parts: readonly (StatProfile | StatSurface)[]) {
  return {
    stat: concat(parts.map((p) => p.stat)),
    deltaStat: concat(parts.map((p) => p.deltaStat)),
    ids: parts[0]!.ids,
    parameters: concat(parts.map((p) => p.parameters)),
    messages: parts.flatMap((p) => p.messages),
    success: parts.every((p) => p.success),
    nfev: total(parts),
  };
}

const total = (parts: readonly { readonly nfev: number }[]) => parts.reduce((sum, p) => sum + p.nfev, 0);

function concat(arrays: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(arrays.reduce((n, a) => n + a.length, 0));
  let at = 0;
  for (const a of arrays) {
    out.set(a, at);
    at += a.length;
  }
  return out;
}
