/** Arguments of commands that take files, and words behind them: the data, and a parameter or a number. */
import { SpecError } from "../errors.js";
import type { Context } from "./context.js";

const FILE = /[/\\]|\.(ya?ml|json|fits?|pha|pi|arf|rmf|rsp|ecsv|csv|txt|dat|gz)$/i;

/** What looks like a file, or is one; from the first that does not on, all are words. Words before all files are told apart too. */
export async function filesAndWords(
  { files, onNote }: Pick<Context, "files" | "onNote">,
  args: readonly string[],
): Promise<{ readonly paths: readonly string[]; readonly words: readonly string[] }> {
  const isFile = await Promise.all(args.map(async (arg) => FILE.test(arg) || (await files.exists(arg))));
  const first = isFile.indexOf(true);
  if (first > 0 && isFile.slice(first).every(Boolean)) {
    const [words, paths] = [args.slice(0, first), args.slice(first)];
    onNote(`the order of the arguments is taken to be: ${[...paths, ...words].join(" ")}`);
    return { paths, words };
  }
  const n = isFile.includes(false) ? isFile.indexOf(false) : args.length;
  return { paths: args.slice(0, n), words: args.slice(n) };
}

/** The same, with as many words as there are names of them. */
export async function filesAnd(
  context: Pick<Context, "files" | "onNote">,
  args: readonly string[],
  names: readonly string[],
  command: string,
) {
  const found = await filesAndWords(context, args);
  const { paths, words } = found;
  const missing = paths.length === 0 ? "files" : names[words.length];
  if (missing !== undefined) {
    throw new SpecError(
      `${command}: the argument <${missing}> is missing; the files come first, then ${names.map((name) => `<${name}>`).join(" ")}`,
    );
  }
  const [more] = words.slice(names.length);
  if (more !== undefined)
    throw new SpecError(
      `${command}: there is no file "${more}", and nothing is expected behind ${words
        .slice(0, names.length)
        .map((word) => `"${word}"`)
        .join(" ")}`,
    );
  return found;
}
