import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Names that only parameters of models have: other rooms get them from the declarations (position, norm, reference ...). */
const NAMES = ["lon_0", "lat_0", "t_ref", "lambda_", "r_0", "edge_width", "redshift", "alpha_norm", "mu"];
/** Who may name them, and why. */
const MAY: Readonly<Record<string, string>> = {
  "estimators/hypotheses.ts": "tests of a cutoff build the model that they ask about",
};

const folder = new URL("../../src/", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.startsWith("models/"),
);

it("no room but models looks for the name of a parameter", () => {
  const quoted = new RegExp(`["'](${NAMES.join("|")})["']`);
  const found = files.filter((name) => quoted.test(readFileSync(new URL(name, folder), "utf8")));
  expect(found).toEqual(Object.keys(MAY));
});
