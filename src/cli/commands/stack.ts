import { isBinned, isOnOff } from "../../datasets/facets.js";
import { stackReduce } from "../../datasets/stack.js";
import type { MapDataset, OnOffDataset } from "../../datasets/types.js";
import { basename, dirname, stemOf, writeFiles } from "../../io/files.js";
import { requireFormat } from "../../io/formats/dataset-files.js";
import { wrongFile } from "../../io/formats/recognise.js";
import type { Contents } from "../../io/formats/types.js";
import { contentsOf, encodeDatasetAs, openKnown } from "../../io/formats/use.js";
import { shortNumber } from "../../io/table/digits.js";
import { withChecksum } from "../../io/yaml/pyyaml.js";
import { datasetsText } from "../../io/yaml/write-datasets.js";
import type { Context } from "../context.js";
import { requireEnding } from "../endings.js";
import { documented } from "../results.js";

interface Options {
  readonly name: string;
  readonly out?: string;
  readonly format?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  if (options.format !== undefined) requireFormat(options.format, context.using.registry.formats, "--format");
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
  for (const [name, value] of Object.entries(summary).slice(3))
    context.print(`  ${name.padEnd(10)} : ${shortNumber(Number(value))}`);
  const { out } = options;
  const files = await documented(
    context,
    summary,
    out === undefined ? undefined : () => write(context, stacked, out, options),
  );
  for (const path of files) context.said(`Wrote ${path}`);
}

async function readDataset({ files, using, note }: Context, path: string): Promise<MapDataset | OnOffDataset> {
  const { formats } = using.registry;
  const file = await openKnown(path, files, formats);
  const holdsOne = file.format.dataset !== undefined;
  const contents: Contents = holdsOne ? await contentsOf(file, { files, ...using }) : {};
  for (const warning of contents.warnings ?? []) note(`gammats: ${warning}`);
  const [dataset] = contents.datasets ?? [];
  if (dataset !== undefined && isBinned(dataset)) return dataset as MapDataset | OnOffDataset;
  throw wrongFile(file, formats, "counts in bins of energy: an OGIP spectrum (PHA) or a dataset file");
}

async function write(
  { files, onNote, using }: Context,
  dataset: MapDataset | OnOffDataset,
  path: string,
  { format, overwrite }: Options,
): Promise<string[]> {
  const entries = encodeDatasetAs(dataset, basename(path), { formats: using.registry.formats, format, onNote });
  const name = basename(path);
  requireEnding("--out", path, entries.get(name)!);
  const text = withChecksum(datasetsText([{ name: dataset.name, type: dataset.type, filename: name }]));
  const all = new Map([...entries, [`${stemOf(name)}_datasets.yaml`, new TextEncoder().encode(text)]]);
  return writeFiles(all, dirname(path), files, { overwrite });
}
