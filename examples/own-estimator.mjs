/**
 * Which data decide? The fit without each dataset in turn (leave one out): an estimator of one's own with a command line.
 *   node own-estimator.mjs datasets.yaml models.yaml --workers 4 --plugin own-kind.mjs
 */
import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { createResponses, fit, readDatasets, serialExecutor } from "gammats";
import { defineTask, eachItem, payloadOf, runPlanOn } from "gammats/extend";
import {
  INTERRUPTED,
  nodeFiles,
  onInterrupt,
  progressLine,
  readPlugins,
  serveTasks,
  threadsExecutor,
} from "gammats/node";

/** What is still seen without some datasets. */
function seenBy({ components, calibration = [], ...rest }, datasets) {
  const names = datasets.map((d) => d.name);
  const isSeen = ({ datasetsNames = names }) => datasetsNames.some((name) => names.includes(name));
  return { ...rest, components: components.filter(isSeen), calibration: calibration.filter(isSeen) };
}

/** Item i: the fit without dataset i. What it gives goes from worker to worker: plain data, no functions. */
const leaveOneOut = defineTask(
  "leave one out",
  ({ datasets, jobSize }, context) =>
    (index) =>
      eachItem(index, { total: datasets.length, jobSize }, (i) => {
        const kept = datasets.filter((_, k) => k !== i);
        const { success, free } = fit(kept, seenBy(context.models, kept), context);
        return { without: datasets[i].name, success, ...free };
      }),
);

/** The work cut into jobs, for any executor. */
function planLeaveOneOut(datasets, context) {
  const payload = payloadOf(datasets, context, 1);
  return { kind: leaveOneOut, payload, context, total: datasets.length, collect: (parts) => parts.flat() };
}

async function main() {
  const options = {
    workers: { type: "string", default: "1" },
    plugin: { type: "string", multiple: true, default: [] },
  };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [path, modelsPath] = positionals;
  const workers = Number(values.workers);
  const registry = await readPlugins(values.plugin);
  const { datasets, models } = await readDatasets(path, nodeFiles(), { modelsPath, registry });
  const script = new URL(import.meta.url);
  const executor = workers > 1 ? threadsExecutor({ workers, script, plugins: values.plugin }) : serialExecutor();
  const { signal, dispose } = onInterrupt();
  const progress = progressLine("leave one out");
  try {
    const plan = planLeaveOneOut(datasets, { models, registry, responses: createResponses({ immutable: true }) });
    const rows = await runPlanOn(executor, plan, { signal, onProgress: progress.update });
    for (const { without, success, ids, values, errors } of rows) {
      const found = ids.map((id, i) => `${id} = ${values[i].toPrecision(6)} +- ${errors[i].toPrecision(3)}`);
      console.log(`without ${without}: ${success ? found.join(", ") : "the fit did not converge"}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    progress.end();
    dispose();
    await executor.close();
  }
}

// threads run this file too, and answer jobs
if (isMainThread) await main();
else await serveTasks([leaveOneOut]);
