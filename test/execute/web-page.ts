/** What the test of Web Workers runs in the browser: toys of the embedded example, in this thread and in workers. */
import { extendRegistry, readDatasets, serialExecutor, standardRegistry, toys, webExecutor } from "../../src/index.js";
import { fetchedFiles } from "../house/browser-entry.js";

async function example() {
  const fermi = "/example/fermi-3fhl-crab/Fermi-LAT-3FHL";
  const { datasets, models } = await readDatasets(`${fermi}_datasets.yaml`, fetchedFiles(), {
    modelsPath: `${fermi}_models.yaml`,
  });
  return { datasets, models: models! };
}

const inWorkers = () => webExecutor(() => new Worker("/worker.js", { type: "module" }), 2);

export async function compareToys() {
  const { datasets, models } = await example();
  const options = { n: 12, seed: 3, jobSize: 3 };
  const here = await toys(datasets, models, { ...options, executor: serialExecutor() });
  const executor = inWorkers();
  const progress: number[] = [];
  const there = await toys(datasets, models, { ...options, executor, onProgress: (done) => progress.push(done) });
  await executor.close();
  const converged = there.success.reduce((sum, ok) => sum + ok, 0);
  return { same: JSON.stringify(plain(here)) === JSON.stringify(plain(there)), converged, progress };
}

/** How a run ends that is stopped, and one that needs what the workers do not know. */
export async function refusals() {
  const { datasets, models } = await example();
  const executor = inWorkers();
  const controller = new AbortController();
  const stop = () => controller.abort(new Error("enough"));
  const stopped = await toys(datasets, models, {
    n: 100_000,
    seed: 1,
    jobSize: 5,
    executor,
    signal: controller.signal,
    onProgress: stop,
  }).catch((error: Error) => error.message);
  const own = { ...standardRegistry.spectral.find((d) => d.type === "LogParabolaSpectralModel")!, type: "Mine" };
  const registry = extendRegistry(standardRegistry, { spectral: [own] });
  const components = models.components.map((m) =>
    m.type === "SkyModel" ? { ...m, spectral: { ...m.spectral, type: "Mine" } } : m,
  );
  const unknown = await toys(datasets, { components }, { n: 4, seed: 1, executor, registry }).catch(
    (error: Error) => `${error.name}: ${error.message}`,
  );
  await executor.close();
  return { stopped, unknown };
}

const plain = (value: object) =>
  Object.entries(value).map(([key, v]) => [key, ArrayBuffer.isView(v) ? [...(v as Float64Array)] : v]);
