/**
 * Ours and the peers side by side: npm run bench [-- --only NAME,NAME] [--quick] [--json] [--runs N] [--no-peer] [--cpu] [--out FILE]
 * Peers: GAMMATS_PEER_PYTHON (or GAMMATS_PYTHON), a Python with gammapy 2.1; GAMMATS_THREEML_PYTHON, one with threeML 2.6.1.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { consumed, measureCpu } from "./measure.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    runs: { type: "string" },
    "no-peer": { type: "boolean", default: false },
    cpu: { type: "boolean", default: false },
    out: { type: "string" },
  },
});

if (options.cpu) measureCpu();
if (!existsSync(new URL("../dist/index.js", import.meta.url))) {
  process.stderr.write("bench: there is no dist/; run npm run build first\n");
  process.exit(2);
}
const { measureAll, names } = await import("./rows.mjs");
const wanted = options.only?.split(",");
const unknown = wanted?.find((name) => !names.some((known) => matches(known, name)));
if (unknown !== undefined) {
  process.stderr.write(`bench: there is no row "${unknown}"; the rows are ${names.join(", ")}\n`);
  process.exit(2);
}

/** `ten-datasets` names both ten-datasets-gammapy and ten-datasets-threeml. */
function matches(name, given) {
  return name === given || (given === "ten-datasets" && name.startsWith(given));
}

const report = await measureAll({
  quick: options.quick,
  runs: options.runs === undefined ? undefined : Number(options.runs),
  peers: !options["no-peer"],
  wants: (name) => wanted === undefined || wanted.some((given) => matches(name, given)),
  log: options.json ? () => {} : (line) => process.stdout.write(`${line}\n`),
  write:
    options.out ??
    (wanted === undefined && !options.quick ? new URL("results.md", import.meta.url).pathname : undefined),
});
if (options.json) {
  const single = report.rows.length === 1 && wanted?.length === 1;
  process.stdout.write(`${JSON.stringify(single ? report.rows[0] : report)}\n`);
}
if (Number.isNaN(consumed())) process.stderr.write("bench: a row returned NaN\n");
process.exitCode = report.rows.some((row) => row.error) ? 1 : 0;
