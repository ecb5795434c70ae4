import { jobRange } from "../execute/run.js";
import type { Executor } from "../execute/types.js";
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
import { defineTask, type Payload, type PlanOptions, partSize, payloadOf, runPlanOn } from "./plan.js";

/** How large the jobs of a scan are. */
export interface PartSize {
  /** Points (rows of a surface) in a job; default: a tenth of them. The last digits depend on it, on the workers nothing does. */
  readonly jobSize?: number;
}

interface ScanPayload extends Payload {
  readonly fitted: Fitted;
}

interface ProfilePayload extends ScanPayload {
  readonly id: string;
  readonly values: Float64Array;
  readonly reoptimize: boolean | undefined;
}

export const profileTask = defineTask<ProfilePayload, StatProfile>(
  "profile",
  ({ datasets, fitted, jobSize, id, values, reoptimize }, context) => {
    const joint = compileJoint(datasets, context);
    return (index, signal) => {
      const part = values.slice(...jobRange(index, values.length, jobSize));
      return statProfile(joint, fitted, id, { values: part, reoptimize, ...(signal && { signal }) });
    };
  },
);

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
    ...scanPayload(joint, fitted, options.jobSize ?? partSize(values.length)),
    id,
    values,
    reoptimize: options.reoptimize,
  };
  const collect = (parts: readonly StatProfile[]) => ({ ...parts[0]!, ...joinScanned(parts), values });
  return runPlanOn(executor, { kind: profileTask, payload, context: joint, total: values.length, collect }, options);
}

interface SurfacePayload extends ScanPayload {
  readonly ids: readonly [string, string];
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly reoptimize: boolean | undefined;
}

/** A job: some values of x, all of y. */
export const surfaceTask = defineTask<SurfacePayload, StatSurface>(
  "surface",
  ({ datasets, fitted, jobSize, ids, x, y, reoptimize }, context) => {
    const joint = compileJoint(datasets, context);
    return (index, signal) => {
      const values = x.slice(...jobRange(index, x.length, jobSize));
      const grid = { x: { values }, y: { values: y } };
      return statSurface(joint, fitted, ...ids, { ...grid, reoptimize, ...(signal && { signal }) });
    };
  },
);

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
    ...scanPayload(joint, fitted, options.jobSize ?? partSize(rows)),
    ids: [idX, idY],
    x: x.values,
    y: y.values,
    reoptimize: options.reoptimize,
  };
  const collect = (parts: readonly StatSurface[]) => ({ ...joinScanned(parts), x, y });
  const plan = { kind: surfaceTask, payload, context: joint, total: rows, collect };
  return runPlanOn(executor, plan, scaled(options, y.values.length));
}

interface ContourPayload extends ScanPayload {
  readonly ids: readonly [string, string];
  readonly points: number;
  readonly level: Pick<ContourOptions, "sigma" | "cl">;
}

export const contourTask = defineTask<ContourPayload, StatContour>(
  "contour",
  ({ datasets, fitted, jobSize, ids, points, level }, context) => {
    const joint = compileJoint(datasets, context);
    return (index, signal) => {
      const part = jobRange(index, points, jobSize);
      return statContour(joint, fitted, ...ids, { ...level, points, part, ...(signal && { signal }) });
    };
  },
);

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
    ...scanPayload(joint, fitted, options.jobSize ?? partSize(points)),
    ids: [idX, idY],
    points,
    level,
  };
  return runPlanOn(executor, { kind: contourTask, payload, context: joint, total: points, collect: joinArcs }, options);
}

/** The parts of one contour. */
function joinArcs(parts: readonly StatContour[]): StatContour {
  const first = parts[0]!;
  return {
    ...first,
    x: { ...first.x, points: concat(parts.map((p) => p.x.points)) },
    y: { ...first.y, points: concat(parts.map((p) => p.y.points)) },
    parameters: concat(parts.map((p) => p.parameters)),
    statuses: parts.flatMap((p) => p.statuses),
    success: parts.every((p) => p.success),
    // a lower minimum is met by many
    messages: [...new Set(parts.flatMap((p) => p.messages))],
    nfev: total(parts),
  };
}

function scanPayload(joint: Joint, given: Fitted, jobSize: number): ScanPayload {
  const { success, reason, message, free, models } = given;
  return { ...payloadOf(joint.datasets, joint, jobSize), fitted: { success, reason, message, free, models } };
}

function scaled({ signal, onProgress }: PlanOptions, columns: number): PlanOptions {
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
