import { SpecError } from "../../errors.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { CRAB_DATA_LICENCE, CRAB_DATA_URL, crabDataFiles } from "../../node/crab-data.js";
import { download } from "../../node/download.js";
import type { Context } from "../context.js";
import { giveTable } from "../results.js";
import { showTable } from "../tables.js";

interface Options {
  readonly out?: string;
  readonly url?: string;
  readonly list?: boolean;
  readonly overwrite?: boolean;
}

export async function run(context: Context, _: readonly string[], options: Options) {
  const url = options.url ?? context.files.env("GAMMATS_DATA_URL") ?? CRAB_DATA_URL;
  const folder = options.out ?? context.files.env("GAMMAPY_DATA") ?? "gammapy-data";
  if (options.list) {
    const document = { url, licence: CRAB_DATA_LICENCE, files: crabDataFiles };
    showTable(context, filesTable());
    context.print(`${url}\n${CRAB_DATA_LICENCE}`);
    return giveTable(context, { document, tables: { files: filesTable }, overwrite: options.overwrite });
  }
  if (context.place.kind === "stdout" || context.place.kind === "file") {
    throw new SpecError("download: a table of the files comes with --list; without it --out is a folder");
  }
  const progress = context.progress("download");
  const done = await download(crabDataFiles, { url, folder, signal: context.signal, onProgress: progress.update });
  progress.end();
  const fetched = done.filter((file) => file.state === "fetched").length;
  context.print(
    `${fetched} files fetched, ${done.length - fetched} were there already; all have the right SHA-256.\n${CRAB_DATA_LICENCE}\nNow: export GAMMAPY_DATA=${folder}`,
  );
  context.document({ url, folder, licence: CRAB_DATA_LICENCE, files: done });
}

function filesTable(): Table {
  const { text, whole } = columnsOf(crabDataFiles);
  return {
    name: "files",
    about: "Files of the Crab analysis",
    columns: [text("file", (f) => f.path), whole("bytes", (f) => f.size), text("sha256", (f) => f.sha256)],
  };
}
