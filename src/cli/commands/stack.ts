import { countsGeom, isBinned, isOnOff } from "../../datasets/facets.js";
import { stackReduce } from "../../datasets/stack.js";
import type { MapDataset, OnOffDataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { basename, dirname, writeFiles } from "../../io/files.js";
import { readMapDataset, writeMapDataset } from "../../io/map-dataset.js";
import { readOgip } from "../../io/ogip/read.js";
import { writeOgip } from "../../io/ogip/write.js";
import type { Context } from "../context.js";
import { readAny } from "../read-any.js";
import { documented } from "../results.js";

interface Options {
  readonly name: string;
  readonly out?: string;
  readonly format: "gadf" | "ogip";
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const datasets: (MapDataset | OnOffDataset)[] = [];
  for (const path of paths) datasets.push(await readDataset(context, path));
  const stacked = stackReduce(datasets, { name: options.name });
  const total = (map: { data: Float64Array } | undefined) => map?.data.reduce((a, b) => a + b, 0);
  const summary = {
    name: stacked.name,
    type: stacked.type,
    stacked: datasets.map((d) => d.name),
    counts: total(stacked.counts),
    ...(isOnOff(stacked) ? { counts_off: total(stacked.countsOff) } : { background: total(stacked.background) }),
    livetime: stacked.livetime,
  };
  context.print(`${stacked.type} "${stacked.name}" of ${datasets.map((d) => d.name).join(", ")}`);
  for (const [name, value] of Object.entries(summary).slice(3)) context.print(`  ${name.padEnd(10)} : ${value}`);
  const { out } = options;
  const files = await documented(
    context,
    summary,
    out === undefined ? undefined : () => write(context, stacked, out, options),
  );
  for (const path of files) context.print(`Wrote ${path}`);
}

async function readDataset(context: Context, path: string): Promise<MapDataset | OnOffDataset> {
  const { kind, bytes, about } = await readAny(path, context.files);
  if (kind === "ogip-pha") return readOgip(path, context.files);
  if (kind === "map-dataset") {
    const dataset = readMapDataset(bytes, { where: path, maxBytes: context.files.freeBytes?.() });
    if (isBinned(dataset)) return dataset;
  }
  throw new SpecError(`${path}: this is a ${about}; expected an OGIP spectrum (PHA) or a dataset file`);
}

async function write(
  { files, onNote }: Context,
  dataset: MapDataset | OnOffDataset,
  path: string,
  { format, overwrite }: Options,
): Promise<string[]> {
  if (format === "gadf") {
    await files.write(path, writeMapDataset(dataset, { onNote }), { overwrite });
    return [path];
  }
  if (!isOnOff(dataset) || countsGeom(dataset)?.kind !== "region") {
    throw new SpecError(`--format ogip: OGIP files hold ON/OFF spectra, this is a ${dataset.type}; use --format gadf`);
  }
  const name = basename(path).replace(/\.(fits?|pha)$/, "");
  const entries = new Map(Object.entries(writeOgip(dataset, { name, onNote })));
  return writeFiles(entries, dirname(path), files, { overwrite });
}
