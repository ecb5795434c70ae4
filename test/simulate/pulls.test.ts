import { it } from "vitest";
import { eventPulls, problemsOf, summary } from "./pulls.js";

it("x", { timeout: 600_000 }, () => {
  const t = performance.now();
  const found = eventPulls({ seed: 1, first: 0, count: Number(process.env.N ?? 20) });
  for (const [name, x] of Object.entries(found.pulls)) console.log(name, summary(x));
  console.log(problemsOf(found), performance.now() - t);
});
