/** Style files of pictures. */
import { openYaml } from "../io/yaml/open.js";
import { readFields, readPlain, report, throwProblems } from "../io/yaml/source.js";
import { faultOf, type PictureStyle, styleKeys } from "../plot/picture-style.js";

/** fontSize is written font_size. */
export const writtenKey = (key: string) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/**
 * The looks of pictures that a YAML text describes; its keys are those of `PictureStyle`, written with underscores.
 * @throws FormatError where a key is unknown or its value is not what it may be: all such places, with their lines.
 */
export function readPictureStyle(text: string, where = "style"): PictureStyle {
  const source = openYaml(text, where);
  const keys = new Map(styleKeys.map((key) => [writtenKey(key), key]));
  const style: Record<string, unknown> = {};
  const { contents } = source.document;
  const fields = contents === null ? undefined : readFields(source, contents, "", [...keys.keys()]);
  for (const name of fields?.keys ?? []) {
    const key = keys.get(name);
    if (key === undefined) continue;
    const { node } = fields!.get(name)!;
    const value = readPlain(source, node);
    const fault = faultOf(key, value);
    if (fault === "") style[key] = value;
    else report(source, node, name, fault);
  }
  throwProblems(where, source.problems);
  return style;
}
