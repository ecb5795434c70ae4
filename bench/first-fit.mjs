/** Prints how many seconds the first joint fit of a process takes: node first-fit.mjs [cpu] */
import { compileJoint, fitJoint } from "gammats";
import { jointCrab } from "./data.mjs";
import { measureCpu, now } from "./measure.mjs";

const { datasets, models } = await jointCrab();
const joint = compileJoint(datasets, models);
if (process.argv[2] === "cpu") measureCpu();
const start = now();
const result = fitJoint(joint);
const seconds = (now() - start) / 1e3;
process.stdout.write(JSON.stringify({ seconds, check: result.totalStat }));
