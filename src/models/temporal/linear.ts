import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

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
  mean: (t0, t1, p) => p[0]! + p[1]! * ((t0 + t1) / 2 - p[2]!),
};
