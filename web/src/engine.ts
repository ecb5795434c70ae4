/** The analysis behind the page: datasets, models and the last fit. Runs in a worker; everything that goes out is plain data. */
import {
  allParameters,
  type BinnedDataset,
  compileJoint,
  confidence,
  createResponses,
  type Dataset,
  estimateFluxPoints,
  type FitResult,
  type FluxPoints,
  fitJoint,
  fluxSources,
  isBinned,
  type Joint,
  type Models,
  npred,
  npredBackground,
  type OnOffDataset,
  SpecError,
  stackReduce,
  statProfile,
  updateParameters,
} from "gammats";
import { jointAt, type Minimizer, unknownName } from "gammats/extend";
import { countsPlot, countsSpecOf, mapPlot, mapSpecOf } from "gammats/plot";
import { writeAll } from "./downloads.js";
import { type Opened, openFiles, openMade, pageRegistry } from "./open.js";
import { createSed, fluxPointEdges, type Sed, wide } from "./sed.js";
import {
  type Change,
  type DatasetRow,
  type Engine,
  type FitSummary,
  type Origin,
  type Progress,
  SPECTRUM,
  type View,
} from "./types.js";

interface State {
  readonly opened: Opened;
  datasets: readonly Dataset[];
  models: Models;
  joint: Joint;
  sed: Sed;
  origin: Origin;
  /** Of the models as they are. */
  result?: FitResult;
  /** The last fit of these free parameters, from which sliders find the best of the others. */
  base?: { readonly joint: Joint; readonly result: FitResult };
  fit?: FitSummary;
  points: Record<string, FluxPoints>;
}

/** `registry`: models, kinds of datasets and file formats that the page knows. */
export function createEngine(progress: Progress = () => {}, registry = pageRegistry): Engine {
  // the page changes no dataset in place
  const using = { registry, responses: createResponses({ immutable: true }) };
  let state: State | undefined;
  /** px of the spectra that are shown. */
  let shownWidth: number | undefined;
  const current = (): State => {
    if (state === undefined) throw new SpecError("nothing is open; open the example or your own files first");
    return state;
  };
  const fitted = (): State & Required<Pick<State, "result">> => {
    const s = current();
    if (s.result === undefined) throw new SpecError("the models have changed since the last fit; fit first");
    return s as State & Required<Pick<State, "result">>;
  };

  function replace(
    s: State,
    models: Models,
    datasets = s.datasets,
    joint = compileJoint(datasets, models, using),
    origin: Origin = "changed",
  ): void {
    s.models = models;
    s.datasets = datasets;
    s.joint = joint;
    s.result = undefined;
    s.fit = undefined;
    s.sed = createSed(datasets, models, s.points, registry, origin);
    s.origin = origin;
  }

  function minimize(s: State, backend: Minimizer["name"]): void {
    const start = performance.now();
    const result = fitJoint(s.joint, { backend });
    const milliseconds = performance.now() - start;
    const { success, message, warnings, nfev, free } = result;
    s.base = success ? { joint: s.joint, result } : undefined;
    replace(s, result.models, s.datasets, jointAt(s.joint, result.models), success ? "fit" : "changed");
    s.result = result;
    s.fit = { success, message, warnings, nfev, milliseconds, ids: free.ids, correlation: free.correlation };
  }

  return {
    async open(given, { stack, models, origin = "as read", fit } = {}) {
      const opened = "datasets" in given ? openMade(given) : await openFiles(given, registry);
      const datasets = stack === undefined ? opened.datasets : stacked(opened.datasets, stack);
      const start = models ?? opened.models;
      const joint = compileJoint(datasets, start, using);
      const sed = createSed(datasets, start, {}, registry, origin);
      state = { opened, datasets, models: start, joint, sed, origin, points: {} };
      if (fit) minimize(state, "newton");
      return view(state, shownWidth);
    },
    async change(changes) {
      const s = current();
      replace(s, changed(s.models, changes));
      // values alone leave the likelihood as it was
      if (Object.values(changes).some((change) => typeof change !== "number")) s.base = undefined;
      return view(s, shownWidth);
    },
    async fit(backend) {
      const s = current();
      minimize(s, backend);
      return view(s, shownWidth);
    },
    async slide(id, value, refit) {
      const s = current();
      const at = s.joint.parameters.findIndex((p) => p.id === id);
      if (at < 0) throw new SpecError(`"${id}" is frozen or follows another parameter; free it first`);
      const x = slid(s, at, value, refit);
      const values = Object.fromEntries(s.joint.parameters.map((p, i) => [p.id, x[i]!]));
      return {
        totalStat: s.joint.objective.value(x),
        values,
        datasets: predicted(s, x),
        sed: s.sed.draw(updateParameters(s.models, values), shownWidth),
      };
    },
    async stack(name) {
      const s = current();
      replace(s, s.models, stacked(s.datasets, name));
      s.base = undefined;
      return view(s, shownWidth);
    },
    async minos() {
      const s = fitted();
      return s.result.free.ids.map((id, i, all) => {
        progress(i, all.length, "MINOS");
        const { errn, errp, message } = confidence(s.joint, s.result, id);
        return { id, errn, errp, message };
      });
    },
    async fluxPoints(source) {
      const s = current();
      for (const dataset of s.datasets.filter(isBinned)) {
        s.points[dataset.name] = estimateFluxPoints([dataset], s.models, {
          source,
          energyEdges: fluxPointEdges(dataset),
          onProgress: (done, total) => progress(done, total, `flux points of ${dataset.name}`),
          ...using,
        });
      }
      s.sed = createSed(s.datasets, s.models, s.points, registry, s.origin);
      return view(s, shownWidth);
    },
    async paper(width) {
      shownWidth = width;
      return state === undefined ? "" : state.sed.draw(state.models, width);
    },
    async picture(name, width) {
      const s = current();
      if (name === SPECTRUM) return s.sed.draw(s.models, width);
      const [kind, dataset] = pictured(s.datasets).get(name) ?? [];
      if (dataset === undefined) throw unknownName("", "picture", name, pictured(s.datasets).keys());
      const total = npred(dataset, s.models, using);
      if (kind === "maps") return mapPlot({ ...mapSpecOf(dataset, total), ...wide(width) });
      const background = npredBackground(dataset, s.models, using);
      return countsPlot({ ...countsSpecOf(dataset, { npred: total, background }), ...wide(width) });
    },
    async downloads() {
      const { datasets, models, result, points, opened } = current();
      return writeAll({
        datasets,
        models,
        points,
        registry,
        ...(result && { result }),
        ...(opened.text && { text: opened.text }),
      });
    },
  };
}

/** Counts by energy of every dataset that has counts, and maps of those with images, by name. */
function pictured(datasets: readonly Dataset[]): Map<string, ["counts" | "maps", BinnedDataset]> {
  const out = new Map<string, ["counts" | "maps", BinnedDataset]>();
  for (const dataset of datasets) {
    if (!isBinned(dataset) || dataset.counts === undefined) continue;
    out.set(`counts-${dataset.name}`, ["counts", dataset]);
    if (dataset.counts.geom.kind === "wcs") out.set(`maps-${dataset.name}`, ["maps", dataset]);
  }
  return out;
}

/** Where a step of a slider leads: one parameter moved, the others as they are or, after a fit, at their best. */
function slid({ joint, base }: State, at: number, value: number, refit: boolean): Float64Array {
  if (refit && base !== undefined && joint.parameters.length > 1) {
    const { id } = joint.parameters[at]!;
    const { parameters, success } = statProfile(base.joint, base.result, id, { values: [value] });
    if (success) return parameters;
  }
  const x = joint.start.slice();
  x[at] = value;
  return x;
}

/** Statistic and predicted counts of the datasets. */
function predicted({ joint }: State, x: Float64Array): Pick<DatasetRow, "stat" | "npred">[] {
  return joint.predict(x).map(({ stat, total }) => ({ stat, npred: total }));
}

/** Sum of the counts in the fit, of an ON/OFF dataset those of ON; NaN for flux points. */
function countsOf({ datasets, joint }: State, i: number): number {
  if (!isBinned(datasets[i]!)) return Number.NaN;
  const { data, nBins } = joint.terms[i]!;
  return data.measured.subarray(0, nBins).reduce((sum, n) => sum + n, 0);
}

function changed(models: Models, changes: Readonly<Record<string, Change>>): Models {
  const known = new Set(allParameters(models).map((entry) => entry.id));
  for (const [id, change] of Object.entries(changes)) {
    if (!known.has(id)) throw unknownName("", "parameter", id, known);
    const numbers = typeof change === "number" ? [change] : [];
    if (numbers.some((x) => !Number.isFinite(x)))
      throw new SpecError(`${id}: expected a number, found nothing or text`);
  }
  return updateParameters(models, changes);
}

function stacked(datasets: readonly Dataset[], name: string): readonly Dataset[] {
  const spectra = datasets.filter((d): d is OnOffDataset => d.type === "SpectrumDatasetOnOff");
  const sum = stackReduce(spectra, { name });
  return datasets.flatMap((d) => (d === spectra[0] ? [sum] : spectra.includes(d as OnOffDataset) ? [] : [d]));
}

function view(s: State, width: number | undefined): View {
  const { joint, models, result } = s;
  const free = new Set(joint.parameters.map((p) => p.id));
  const statuses = new Map(result?.parameters.map((p) => [p.id, p.errorStatus]));
  const predictions = predicted(s, joint.start);
  return {
    totalStat: joint.objective.value(joint.start),
    parameters: allParameters(models).map(({ id, parameter }) => {
      const { value, error, unit, min, max, frozen } = parameter;
      const status = statuses.get(id) ?? "ok";
      const follows = !frozen && !free.has(id);
      return { id, value, error, unit, min, max, frozen, follows, status: status === "ok" || frozen ? "" : status };
    }),
    datasets: s.datasets.map(({ name, type }, i) => ({
      name,
      type,
      bins: joint.terms[i]!.nBins,
      counts: countsOf(s, i),
      ...predictions[i]!,
    })),
    sources: fluxSources(models).map(({ name }) => name),
    ...(s.fit && { fit: s.fit }),
    sed: s.sed.draw(models, width),
    pictures: [...pictured(s.datasets).keys()],
    models,
    origin: s.origin,
    notes: s.opened.notes,
    canStack: s.datasets.filter((d) => d.type === "SpectrumDatasetOnOff").length > 1,
  };
}
