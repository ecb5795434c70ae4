import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

const mean = (t0: number, t1: number, p: Float64Array) => p[0]! + p[1]! * ((t0 + t1) / 2 - p[2]!);

export const linearTemporal: TemporalDeclaration = {
  type: "LinearTemporalModel",
  tag: "linear",
  about: "Linear change with time",
  latex: String.raw`\alpha + \beta (t - t_{ref})`,
  reference: "t_ref",
  parameters: {
    alpha: { unit: "", value: 1, about: "value at the reference time" },
    beta: { unit: "d-1", value: 0, about: "change per day" },
    t_ref: referenceTime,
  },
  mean,
  derivatives(t0, t1, p, g, h) {
    g[0] = 1;
    g[1] = (t0 + t1) / 2 - p[2]!;
    g[2] = -p[1]!;
    h.fill(0);
    h[1 * 3 + 2] = h[2 * 3 + 1] = -1;
    return mean(t0, t1, p);
  },
};
