/** Blocks of code of a page, as markdown has them: ```language flags ... ``` */

/** Parts of a text in their order: `{ text }` between the blocks, `{ language, flags, code, text }` for a block. */
export function partsOf(markdown) {
  const parts = [];
  let at = 0;
  for (const match of markdown.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)) {
    if (match.index > at) parts.push({ text: markdown.slice(at, match.index) });
    const [text, language, flags, code] = match;
    parts.push({ text, language, flags: flags.trim().split(/\s+/).filter(Boolean), code });
    at = match.index + text.length;
  }
  parts.push({ text: markdown.slice(at) });
  return parts;
}

/** The value of a flag `name=value`. */
export const flagOf = (flags, name) => flags.find((flag) => flag.startsWith(`${name}=`))?.slice(name.length + 1);
