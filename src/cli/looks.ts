/** `--style`, `--size` and `--font-file`: how pictures are to look. */
import { readPictureStyle } from "../api/picture-style.js";
import { dirname, joinPath } from "../io/files.js";
import { openFile, textOf } from "../io/formats/open.js";
import { checkStyle } from "../plot/picture-style.js";
import type { Context } from "./context.js";

interface LookOptions {
  readonly style?: string;
  readonly size?: string;
  readonly fontFile?: string;
}

/** The context with the looks that the command line asks for. */
export async function withLooks(context: Context, { style: path, size, fontFile }: LookOptions): Promise<Context> {
  const own = { ...(size !== undefined && { size }), ...(fontFile !== undefined && { fontFile }) };
  checkStyle(own, "--size, --font-file");
  if (path === undefined) return Object.keys(own).length === 0 ? context : { ...context, look: { style: own } };
  const written = readPictureStyle(textOf(await openFile(path, context.files), "a style of pictures (YAML)"), path);
  // files are named as seen from the one that names them
  const font = written.fontFile && { fontFile: joinPath(dirname(path), written.fontFile) };
  return { ...context, look: { style: { ...written, ...font, ...own } } };
}
