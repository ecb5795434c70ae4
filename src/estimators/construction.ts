import { jobRange } from "../execute/run.js";
import { holding } from "../fit/holding.js";
import { compileJoint, type Joint } from "../fit/joint.js";
import { type JointMinimum, minimizeJoint } from "../fit/minimize-joint.js";
import { defineTask, type Payload } from "./plan.js";
import { measuredData, setData, type ToySource, toySource } from "./toy-data.js";

/** What speaks against a value: estimates on either side of it, only those below (an upper limit), only those above (a lower one). */
export type IntervalSide = "both" | "upper" | "lower";

export interface ConstructionPayload extends Payload {
  readonly slot: number;
  readonly side: IntervalSide;
  /** Free parameters at each value [m][k], the others as the data have them there. */
  readonly points: readonly Float64Array[];
  readonly n: number;
  readonly seed: number;
}

/** Result: the rises of the toys of a job; NaN where a fit failed. */
export const constructionTask = defineTask<ConstructionPayload, Float64Array>(
  "construction",
  ({ datasets, slot, side, points, n, seed, jobSize }, context) => {
    const joint = compileJoint(datasets, context);
    const jobsPerPoint = Math.ceil(n / jobSize);
    const known = new Map<number, { held: Joint; source: ToySource }>();
    const at = (point: number) => {
      let entry = known.get(point);
      if (entry === undefined) {
        const x = points[point]!;
        setData(joint, measuredData(joint));
        entry = { held: holding(joint, slot, x[slot]!), source: toySource(joint, x) };
        known.set(point, entry);
      }
      return entry;
    };
    return (index) => {
      const point = Math.floor(index / jobsPerPoint);
      const [first, last] = jobRange(index % jobsPerPoint, n, jobSize);
      const { held, source } = at(point);
      const out = new Float64Array(last - first);
      for (let k = first; k < last; k++) {
        setData(joint, source(seed, point * n + k));
        const free = minimizeJoint(joint, points[point]!);
        const fixed = minimizeJoint(held, points[point]!);
        out[k - first] = fixed.success ? riseOf(free, fixed, slot, side) : Number.NaN;
      }
      return out;
    };
  },
);

/** Rise of the statistic from its minimum to where a parameter is held; 0 where the estimate lies on the side that does not count; NaN without a minimum. */
export function riseOf(free: JointMinimum, fixed: JointMinimum, slot: number, side: IntervalSide): number {
  if (!free.success) return Number.NaN;
  const off = free.x[slot]! - fixed.x[slot]!;
  if ((side === "upper" && off > 0) || (side === "lower" && off < 0)) return 0;
  return Math.max(0, fixed.value - free.value);
}
