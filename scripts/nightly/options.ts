/** The command line of `npm run nightly`. */
import { parseArgs } from "node:util";

/** One of the checks on random inputs. */
interface Part {
  readonly name: string;
  readonly about: string;
  readonly small: number;
  readonly large: number;
}

/** What says something about the tests, not about GammaTS. */
const measures = [
  { name: "coverage", about: "lines and branches that the tests reach" },
  { name: "mutation", about: "changes of the code that no test finds" },
] as const;

export interface NightlyOptions {
  readonly seed: number;
  readonly first: number;
  readonly count: number | undefined;
  readonly small: boolean;
  readonly all: boolean;
  readonly room: string | undefined;
  readonly wanted: (name: string) => boolean;
}

/** Options or names that there are not. */
export class WrongUse extends Error {
  override name = "WrongUse";
}

const OPTIONS = {
  help: { type: "boolean", short: "h", default: false },
  small: { type: "boolean", default: false },
  seed: { type: "string", default: "20261130" },
  first: { type: "string", default: "0" },
  count: { type: "string" },
  all: { type: "boolean", default: false },
  room: { type: "string" },
} as const;

/** What is to run, or the text of --help. */
export function parseOptions(argv: readonly string[], parts: readonly Part[]): NightlyOptions | string {
  const { values, positionals } = parsed(argv);
  if (values.help) return help(parts);
  const names = [...parts, ...measures].map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new WrongUse(`there is no part "${unknown}"; there are ${names.join(", ")}`);
  const { small, seed, first, count, all, room } = values;
  const wanted = (name: string) =>
    positionals.includes(name) || (positionals.length === 0 && !(small && measures.some((m) => m.name === name)));
  return {
    seed: whole(seed, "--seed"),
    first: whole(first, "--first"),
    count: count === undefined ? undefined : whole(count, "--count"),
    small,
    all,
    room,
    wanted,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // the rest of such messages is about arguments that begin with a hyphen
    throw new WrongUse((error as Error).message.replace(/\. To specify a positional argument.*/s, ""));
  }
}

function whole(text: string, option: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new WrongUse(`${option} "${text}": expected a whole number, 0 or more`);
}

const help = (parts: readonly Part[]) => `npm run nightly -- [parts] [options]

Long checks on random inputs, and what the tests reach and find (docs/limits.md). All parts run unless some are named.

Parts:
${parts.map(({ name, about, small, large }) => `  ${name.padEnd(10)} ${about}: ${large} cases, ${small} with --small`).join("\n")}
${measures.map(({ name, about }) => `  ${name.padEnd(10)} ${about}; not with --small`).join("\n")}

Options:
  --small       the checks on random inputs as the tests do them
  --seed N      of the random numbers
  --first N     the case to begin with; of coverage: which of the eight parts of the tests
  --count N     how many cases, parts of the tests, or mutants of each room
  --all         all mutants
  --room PATH   mutants of one room
  -h, --help    this text

Examples:
  npm run nightly -- --small
  npm run nightly -- fuzz --seed 7 --first 120 --count 1     # one case again
  npm run nightly -- coverage --first 3 --count 1            # the fourth part, put together with those that were run before
  npm run nightly -- mutation --room src/stats --count 300

Exit status: 0 nothing failed, 1 something failed, 2 wrong use.`;
