import { resolve } from "node:path";
import type { SedType } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { readFits, writeFits } from "../../fits/index.js";
import { basename, dirname, writeFiles } from "../../io/files.js";
import { requireFormat } from "../../io/formats/dataset-files.js";
import { pairsOf } from "../../io/formats/pairs.js";
import { joinParts } from "../../io/formats/parts.js";
import { aboutOf, wrongFile } from "../../io/formats/recognise.js";
import { contentsOf, encodeContents, isConverted } from "../../io/formats/use.js";
import { writeMap } from "../../io/map-fits.js";
import type { Context } from "../context.js";
import { requireEnding } from "../endings.js";
import { openGiven } from "../given-files.js";
import { hasPixels, inPixels, type PixelOptions } from "../map-pixels.js";

interface Options extends PixelOptions {
  readonly out?: string;
  readonly format?: string;
  readonly sedType?: SedType;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const { out, format, sedType, overwrite } = options;
  if (out === undefined) throw new SpecError("convert: say where to write with --out");
  const { files, onNote, using } = context;
  const { formats } = using.registry;
  if (format !== undefined) requireFormat(format, formats, "--format");
  const opened = await openGiven(context, paths, ["datasets", "models"]);
  // a part that stands alone is a map like any other
  const given = pairsOf(opened.length === 1 ? opened : joinParts(opened));
  const [{ file, models }, ...others] = given as [(typeof given)[number]];
  if (others.length > 0)
    throw new SpecError("convert: give one file, a datasets.yaml with its models.yaml, or the files of one dataset");
  const name = basename(out);
  const encoded = async () => {
    if (hasPixels(options)) {
      const { map } = file.format.holds.includes("map") ? await contentsOf(file, { files, ...using }) : {};
      if (map === undefined) throw wrongFile(file, formats, "a sky map, for --pixel-size and --nside");
      return new Map([[name, writeMap(inPixels(map, options, files.freeBytes?.(), onNote))]]);
    }
    if (!isConverted(file.format)) {
      if (file.hdus !== undefined && FITS_NAME.test(name)) return new Map([[name, writeFits(file.hdus, { onNote })]]);
      throw wrongFile(file, formats, aboutOf(formats.filter(isConverted)));
    }
    const contents = await contentsOf(file, { files, ...using, models });
    for (const warning of contents.warnings ?? []) context.note(`gammats: ${warning}`);
    const moved = resolve(dirname(out)) !== resolve(dirname(file.path));
    return encodeContents(file, contents, { name, moved, registry: using.registry, format, sedType, onNote });
  };
  const entries = new Map(Array.from(await encoded(), (entry) => compressed(entry, onNote)));
  const bytes = entries.get(name);
  if (bytes !== undefined) requireEnding("--out", out, bytes);
  const written = await writeFiles(entries, dirname(out), files, { overwrite });
  for (const path of written) context.said(`Wrote ${path}`);
  context.document({ from: paths, files: written });
}

const FITS_NAME = /\.(fits?|fits?\.fz)$/i;

/** Images of a file called .fz as compressed tiles; tables and 64-bit integers stay as they are, which is said. */
function compressed([name, bytes]: readonly [string, Uint8Array], onNote: Context["onNote"]): [string, Uint8Array] {
  if (!/\.fz$/i.test(name)) return [name, bytes];
  const hdus = readFits(bytes, { where: name });
  if (!hdus.some((hdu) => hdu.kind === "image" && (hdu.data?.length ?? 0) > 0)) {
    onNote(`${name}: there is no image to compress, and tables stay as they are`);
  }
  for (const hdu of hdus) {
    if (hdu.kind !== "image" || !(hdu.data instanceof BigInt64Array || hdu.data instanceof BigUint64Array)) continue;
    onNote(`${name}: HDU ${hdu.name} holds 64-bit integers, which stay as they are`);
  }
  return [name, writeFits(hdus, { compress: true })];
}
