import type { Contents, DatasetFiles, DatasetFormat, FileFormat } from "./types.js";

/**
 * A format of datasets that is written too, and whatever else only some need of it. Where it is called stands @__PURE__: a page that reads and writes
 * nothing then loads no writers.
 */
export function withWriter<C extends Contents>(
  reader: DatasetFormat<C>,
  files: Pick<DatasetFiles, "fileName" | "write">,
  more: Pick<FileFormat<C>, "write"> = {},
): DatasetFormat<C> {
  return { ...reader, ...more, dataset: { ...reader.dataset, ...files } };
}
