/** Everything that can be taken home, as files. */
import {
  type Dataset,
  type FitResult,
  type FluxPoints,
  type Models,
  memoryFiles,
  writeDatasets,
  writeFit,
} from "gammats";
import { type FileRegistry, writeFluxPoints } from "gammats/io";
import type { NamedBytes } from "./types.js";

interface Kept {
  readonly datasets: readonly Dataset[];
  readonly models: Models;
  readonly result?: FitResult;
  readonly points: Readonly<Record<string, FluxPoints>>;
  readonly registry: FileRegistry;
  /** YAML that the analysis was read from: its comments survive. */
  readonly text?: { readonly datasets?: string; readonly models?: string };
}

export async function writeAll({ datasets, models, result, points, text, registry }: Kept): Promise<NamedBytes[]> {
  const files = memoryFiles();
  const options = { folder: "", prefix: "analysis", registry, ...(text && { text }) };
  if (result === undefined) await writeDatasets({ datasets, models }, files, options);
  else await writeFit(result, datasets, files, options);
  for (const [name, table] of Object.entries(points)) {
    for (const format of ["fits", "ecsv"] as const) {
      await files.write(`flux-points-${name.replace(/[^\w.+-]+/g, "_")}.${format}`, writeFluxPoints(table, { format }));
    }
  }
  return [...files.entries];
}
