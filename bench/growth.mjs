/** How the cost of an evaluation (value, gradient, Hessian) grows with bins, datasets, parameters and events, and memory with the input. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compileJoint, createSubmodel, simulate, skyModel } from "gammats";
import { linePlot } from "gammats/plot";
import { files, mapDataset, mapModels } from "./data.mjs";
import { timeCalls, warmBatch } from "./measure.mjs";

async function evaluationSeconds(datasets, models, runs = 25) {
  const { objective, start } = compileJoint(datasets, models);
  const { n } = objective;
  const [g, h, x] = [new Float64Array(n), new Float64Array(n * n), start.slice()];
  let sign = 1;
  const run = () => {
    sign = -sign;
    x[0] = start[0] * (1 + sign * 1e-6);
    return objective.hessian(x, g, h);
  };
  const batch = await warmBatch(run, 0.004, 0.2);
  const samples = [];
  for (let k = 0; k < runs; k++) samples.push(await timeCalls(run, batch));
  // the least: what others on the machine add is not growth
  return Math.min(...samples);
}

/** The same number of events over ever more pixels of the same field. */
async function bins(sizes) {
  const x = [];
  const y = [];
  const events = [];
  for (const npix of sizes) {
    const models = mapModels(1);
    const dataset = sparse(npix);
    x.push(dataset.counts.data.length);
    events.push(dataset.counts.data.filter((n) => n > 0).length);
    y.push(await evaluationSeconds([dataset], models));
  }
  return { x, y, events };
}

/** 300 bins with counts inside the innermost 12 x 12 pixels, whatever is around them. */
function sparse(npix) {
  const base = mapDataset("map0", 0, npix, { nTrue: 20 });
  const data = base.counts.data.slice();
  const middle = Math.floor(npix / 2) - 6;
  for (let k = 0; k < 300; k++) {
    const [r, i] = [Math.floor(k / 30), (k * 37) % 144];
    data[(r * npix + middle + Math.floor(i / 12)) * npix + middle + (i % 12)] = 1 + (k % 2);
  }
  return { ...base, counts: { ...base.counts, data } };
}

async function datasets(counts) {
  const y = [];
  for (const count of counts) {
    const models = mapModels(count);
    const maps = Array.from({ length: count }, (_, i) => ({ ...sparse(24), name: `map${i}` }));
    y.push(await evaluationSeconds(maps, models));
  }
  return { x: counts, y };
}

/** Point sources with amplitude and index each, over one map. */
async function parameters(counts) {
  const y = [];
  const dataset = sparse(60);
  const [source, background] = mapModels(1).components;
  for (const count of counts) {
    const sources = Array.from({ length: count }, (_, i) => {
      const lon = { value: 83.63 + 0.06 * (i % 4) - 0.09, frozen: true };
      const lat = { value: 22.01 + 0.06 * Math.floor(i / 4) - 0.09, frozen: true };
      const spatial = createSubmodel("PointSpatialModel", { lon_0: lon, lat_0: lat });
      return skyModel({ name: `source${i}`, spectral: source.spectral, spatial });
    });
    y.push(await evaluationSeconds([dataset], { components: [...sources, background] }));
  }
  return { x: counts.map((count) => 2 * count + 1), y };
}

/** Longer exposures of one map. */
async function events(factors) {
  const x = [];
  const y = [];
  const models = mapModels(1);
  for (const factor of factors) {
    const base = mapDataset("map0", 0, 100, { nTrue: 20 });
    const times = (map) => ({ ...map, data: map.data.map((v) => v * factor) });
    const dataset = simulate(
      { ...base, exposure: times(base.exposure), background: times(base.background) },
      models,
      5,
    );
    x.push(dataset.counts.data.reduce((sum, n) => sum + n, 0));
    y.push(await evaluationSeconds([dataset], models));
  }
  return { x, y };
}

/** Bytes of arrays that are held once the garbage is gone. */
function heldBytes() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().arrayBuffers;
}

/** What a compiled map holds in all, over the bytes of the arrays that went in. */
function memory(npix) {
  const dataset = sparse(npix);
  const maps = [dataset.counts, dataset.background, dataset.exposure, dataset.edisp.map, dataset.psf.map];
  const input = maps.reduce((sum, map) => sum + map.data.byteLength, dataset.maskSafe.data.byteLength);
  const before = heldBytes();
  const { objective, start } = compileJoint([dataset], mapModels(1));
  const after = heldBytes();
  // still in use here, so that it is not garbage above
  if (!Number.isFinite(objective.value(start))) throw new Error("growth: the statistic of the map is not finite");
  return { input, ratio: (input + after - before) / input };
}

/** Measures all curves and draws them into bench/growth-*.svg. */
export async function growth({ quick, draw = true }) {
  const curves = {
    bins: await bins(quick ? [12, 120] : [12, 24, 60, 120, 240]),
    datasets: await datasets(quick ? [1, 4] : [1, 2, 4, 8, 16]),
    parameters: await parameters(quick ? [1, 4] : [1, 2, 4, 8, 16]),
    events: await events(quick ? [0.1, 1] : [0.01, 0.1, 1, 10, 100]),
  };
  const labels = {
    bins: "bins, of which 300 with counts",
    datasets: "datasets",
    parameters: "free parameters",
    events: "events",
  };
  if (draw) {
    for (const [name, { x, y }] of Object.entries(curves)) {
      const svg = linePlot({
        series: [{ label: "value, gradient and Hessian", x, y: y.map((s) => s * 1e6), draw: "both" }],
        xLabel: labels[name],
        yLabel: "time of an evaluation (µs)",
        xScale: "log",
        yScale: "log",
        legend: false,
      });
      const path = new URL(`growth-${name}.svg`, import.meta.url).pathname;
      await files.write(path, new TextEncoder().encode(svg), { overwrite: true });
    }
  }
  const [first, last] = [0, curves.bins.x.length - 1];
  const { bins: b, datasets: d } = curves;
  const share = (c) => c.y.at(-1) / c.y[0];
  return {
    curves,
    bins: { factor: b.x[last] / b.x[first], time: share(b), goal: 1.2 },
    datasets: { factor: d.x.at(-1) / d.x[0], time: share(d) },
    memory: memory(quick ? 120 : 240),
  };
}
