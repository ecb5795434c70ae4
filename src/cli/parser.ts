/** Commands as commander takes them. */
import { Argument, type Command, Option } from "commander";
import { TABLE_FORMATS } from "../io/table/formats.js";
import { plainPath } from "../node/plain-path.js";
import { type CommandSpec, LOOKS, type OptionSpec } from "./declaration.js";
import { attributeOf } from "./options.js";

export interface ParsedCommand {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Names of the options that stand on the command line; "all": there is no other place that they may come from. */
  readonly given: ReadonlySet<string> | "all";
}

/** Of every command. */
const COMMON: readonly OptionSpec[] = [
  [
    "--plugin <file>",
    "a JavaScript module with models and the like of your own; it is run, so trust it",
    { several: true },
  ],
  ["--json", "results as one JSON document on stdout"],
  ["-q, --quiet", "results and errors only: no notes, no progress"],
  ["-v, --verbose", "what is read, which defaults are used, how long it took"],
];

/** All options of a command, those of every command after its own. */
export const optionsOf = (spec: CommandSpec): readonly OptionSpec[] => [...ownOptionsOf(spec), ...COMMON];

/** Those that not every command has: its own, and of its pictures and tables. */
export function ownOptionsOf({ options = [], draws, tables }: CommandSpec): readonly OptionSpec[] {
  const looks = draws ? LOOKS : [];
  if (tables === undefined) return [...options, ...looks];
  const { names, isOpen = false } = tables;
  const about = isOpen ? `which table: ${names.join(", ")}` : "which table; default: the first";
  const choice: OptionSpec[] = names.length === 1 ? [] : [["--table <name>", about, isOpen ? {} : { choices: names }]];
  return [
    ...options,
    ...looks,
    ["--format <name>", "the table, on stdout or in the folder of --out, as", { choices: TABLE_FORMATS }],
    ...choice,
    ["--unit <unit>", 'the table, with what can be in this unit: "erg cm-2 s-1", GeV', { several: true }],
  ];
}

export function declare(command: Command, spec: CommandSpec, action: (parsed: ParsedCommand) => Promise<void>): void {
  const nArguments = declareArguments(command, spec.args ?? []);
  for (const [flags, about, settings = {}] of optionsOf(spec)) {
    const option = new Option(flags, about);
    if (settings.choices !== undefined) option.choices([...settings.choices]);
    if (settings.default !== undefined) option.default(settings.default);
    if (settings.several) option.argParser((value: string, before: string[] = []) => [...before, value]);
    command.addOption(option.makeOptionMandatory(settings.required === true));
  }
  command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join("\n")}`);
  command.action((...all: unknown[]) => {
    const words = all.slice(0, nArguments).flat();
    const options = command.opts();
    const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
    return action({
      args: words.filter((word): word is string => typeof word === "string"),
      options,
      given: new Set(Object.keys(options).filter(isGiven)),
    });
  });
}

/** The words with paths as the rest of GammaTS has them. */
export function withPlainPaths(spec: CommandSpec, parsed: ParsedCommand, platform: NodeJS.Platform): ParsedCommand {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === "string" ? plainPath(value, platform) : value;
  };
  const paths = optionsOf(spec).filter(([flags]) => /<(file|folder|path)>/.test(flags));
  const given = paths.map(([flags]) => attributeOf(flags)).filter((name) => parsed.options[name] !== undefined);
  return {
    ...parsed,
    args: parsed.args.map((arg) => plainPath(arg, platform)),
    options: { ...parsed.options, ...Object.fromEntries(given.map((name) => [name, plain(parsed.options[name])])) },
  };
}

/** Declares them, and returns how many commander gives: behind several of one kind it knows no others, so that all of them are taken together. */
function declareArguments(command: Command, args: NonNullable<CommandSpec["args"]>): number {
  const several = args.findIndex(([name]) => name.includes("..."));
  const known = several < 0 ? args : args.slice(0, several + 1);
  for (const [name, about] of known) command.argument(name, about);
  if (known.length === args.length) return args.length;
  command.usage(`[options] ${args.map(([name]) => name).join(" ")}`);
  command.configureHelp({ visibleArguments: () => args.map(([name, about]) => new Argument(name, about)) });
  return known.length;
}
