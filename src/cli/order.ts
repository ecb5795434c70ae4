/** Arguments in another order than the command has them. */
import type { Context } from "./context.js";
import { ANALYSIS, type CommandSpec } from "./declaration.js";

/** The order that the command has, by what is in the files; undefined where it cannot be told, or is the order they have. */
export async function inOrder(
  { files, using }: Context,
  { args: declared = [] }: CommandSpec,
  args: readonly string[],
): Promise<string[] | undefined> {
  const nameAt = (list: CommandSpec["args"], i: number) => list?.[i]?.[0].replace(/[<>[\]]/g, "");
  if (!ANALYSIS.every((_, i) => nameAt(declared, i) === nameAt(ANALYSIS, i))) return undefined;
  const { openFile } = await import("../io/formats/open.js");
  const { formatOf } = await import("../io/formats/recognise.js");
  let datasets: string | undefined;
  let models: string | undefined;
  for (const arg of args) {
    // a folder, or nothing: not what is looked for
    const file = await openFile(arg, files).catch(() => undefined);
    const format = file && formatOf(file, using.registry.formats);
    if (format?.isList) datasets ??= arg;
    else if (format?.holds.includes("models")) models ??= arg;
  }
  if (datasets === undefined || models === undefined) return undefined;
  const ordered = [datasets, models, ...args.filter((arg) => arg !== datasets && arg !== models)];
  return ordered.every((arg, i) => arg === args[i]) ? undefined : ordered;
}
