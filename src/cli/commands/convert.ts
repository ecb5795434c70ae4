import type { SedType } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { basename, dirname, writeFiles } from "../../io/files.js";
import { requireFormat } from "../../io/formats/dataset-files.js";
import { pairsOf } from "../../io/formats/pairs.js";
import { aboutOf, wrongFile } from "../../io/formats/recognise.js";
import { contentsOf, encodeContents, isConverted, openKnown } from "../../io/formats/use.js";
import type { Context } from "../context.js";

interface Options {
  readonly out?: string;
  readonly format?: string;
  readonly sedType?: SedType;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], { out, format, sedType, overwrite }: Options) {
  if (out === undefined) throw new SpecError("convert: say where to write with --out");
  const { files, onNote, using } = context;
  const { formats } = using.registry;
  if (format !== undefined) requireFormat(format, formats, "--format");
  const given = pairsOf(await Promise.all(paths.map((path) => openKnown(path, files, formats))));
  const [{ file, models }, ...others] = given as [(typeof given)[number]];
  if (others.length > 0) throw new SpecError("convert: give one file, or a datasets.yaml with its models.yaml");
  if (!isConverted(file.format)) throw wrongFile(file, formats, aboutOf(formats.filter(isConverted)));
  const contents = await contentsOf(file, { files, ...using, models });
  for (const warning of contents.warnings ?? []) context.note(`gammats: ${warning}`);
  const options = { name: basename(out), registry: using.registry, format, sedType, onNote };
  const entries = encodeContents(file, contents, options);
  const written = await writeFiles(entries, dirname(out), files, { overwrite });
  for (const path of written) context.said(`Wrote ${path}`);
  context.document({ from: paths, files: written });
}
