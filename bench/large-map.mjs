/**
 * A map of ten million bins: node bench/large-map.mjs [pixels a side]. Simulates it, then reads, compiles and fits it in a process of its own, and
 * prints seconds and the peak memory (Linux) over that of the input arrays.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileJoint, fitJoint, readDatasets, simulate, writeDatasets } from "gammats";
import { datasetMemory, fitMemory } from "gammats/extend";
import { files, mapDataset, mapModels, outFolder } from "./data.mjs";

const [first = "1000", folder] = process.argv.slice(2);
if (folder === undefined) {
  await write(Number(first));
} else await measure(folder);

async function write(npix) {
  const target = `${outFolder}/large-${npix}`;
  await mkdir(target, { recursive: true });
  const models = mapModels(1);
  const dataset = simulate(mapDataset("map0", 0, npix, { nTrue: 20 }), models, 5);
  await writeDatasets({ datasets: [dataset], models }, files, { folder: target, prefix: "large", overwrite: true });
  const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), first, target], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}

async function measure(source) {
  // getrusage would count the process that started this one
  const peak = () => 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  const start = peak();
  const clock = performance.now();
  const seconds = () => (performance.now() - clock) / 1e3;
  const { datasets, models } = await readDatasets(`${source}/large_datasets.yaml`, files, {
    modelsPath: `${source}/large_models.yaml`,
  });
  const read = seconds();
  const peakRead = peak();
  const joint = compileJoint(datasets, models, { maxBytes: files.freeBytes() });
  const compiled = seconds();
  const result = fitJoint(joint);
  const fitted = seconds();
  const bytes = (needs) => needs.reduce((sum, need) => sum + need.bytes, 0);
  const input = bytes(datasetMemory(datasets[0]));
  const report = {
    bins: datasets[0].counts.data.length,
    read_s: read,
    compile_s: compiled - read,
    fit_s: fitted - compiled,
    input_bytes: input,
    estimate_bytes: bytes(fitMemory(datasets[0], models.components)),
    peak_bytes: peak() - start,
    peak_ratio: (peak() - start) / input,
    read_ratio: (peakRead - start) / input,
    success: result.success,
    total_stat: result.totalStat,
  };
  process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
}
