/** Commands as commander takes them. */
import { type Command, Option } from "commander";
import { TABLE_FORMATS } from "../io/table/formats.js";
import type { CommandSpec, OptionSpec } from "./declaration.js";

export interface ParsedCommand {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** Names of the options that stand on the command line. */
  readonly given: ReadonlySet<string>;
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

/** All options of a command, those of its tables and of every command after its own. */
export function optionsOf({ options = [], tables }: CommandSpec): readonly OptionSpec[] {
  if (tables === undefined) return [...options, ...COMMON];
  const { names, isOpen = false } = tables;
  const about = isOpen ? `which table: ${names.join(", ")}` : "which table; default: the first";
  const choice: OptionSpec[] = names.length === 1 ? [] : [["--table <name>", about, isOpen ? {} : { choices: names }]];
  return [
    ...options,
    ["--format <name>", "the table, on stdout or in the folder of --out, as", { choices: TABLE_FORMATS }],
    ...choice,
    ["--unit <unit>", 'the table, with what can be in this unit: "erg cm-2 s-1", GeV', { several: true }],
    ...COMMON,
  ];
}

export function declare(command: Command, spec: CommandSpec, action: (parsed: ParsedCommand) => Promise<void>): void {
  for (const [name, about] of spec.args ?? []) command.argument(name, about);
  for (const [flags, about, settings = {}] of optionsOf(spec)) {
    const option = new Option(flags, about);
    if (settings.choices !== undefined) option.choices([...settings.choices]);
    if (settings.default !== undefined) option.default(settings.default);
    if (settings.several) option.argParser((value: string, before: string[] = []) => [...before, value]);
    command.addOption(option.makeOptionMandatory(settings.required === true));
  }
  command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join("\n")}`);
  command.action((...all: unknown[]) => {
    const words = all.slice(0, spec.args?.length ?? 0).flat();
    const options = command.opts();
    const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
    return action({
      args: words.filter((word): word is string => typeof word === "string"),
      options,
      given: new Set(Object.keys(options).filter(isGiven)),
    });
  });
}
