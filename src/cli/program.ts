/** One command line, from its words to the exit status. */
import { Argument, Command, CommanderError, Option } from "commander";
import { onInterrupt } from "../node/interrupt.js";
import { version } from "../node/version.js";
import type { Again, Terminal } from "./context.js";
import { type CommandSpec, LOOKS } from "./declaration.js";
import { appCommands } from "./declarations/app.js";
import { errorCommands } from "./declarations/errors.js";
import { fileCommands } from "./declarations/files.js";
import { fitCommands } from "./declarations/fits.js";
import { toyCommands } from "./declarations/toys.js";
import { EXIT, reportOf, wrongUse } from "./report.js";
import { visible } from "./visible.js";

export const commands: readonly CommandSpec[] = [
  ...fitCommands,
  ...errorCommands,
  ...toyCommands,
  ...fileCommands,
  ...appCommands,
];

/** Runs one command line and returns the exit status; never throws. */
export async function runCommandLine(
  argv: readonly string[],
  own: Terminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const terminal: Terminal = {
    stdout: (text) => own.stdout(visible(text)),
    stderr: (text) => own.stderr(visible(text)),
  };
  let status: number = EXIT.ok;
  /** What commander says of wrong use. */
  let complaint = "";
  const writeErr = (text: string) => {
    complaint += text;
  };
  const interrupt = onInterrupt();
  const program = new Command("gammats")
    .description("Joint likelihood modelling, fitting and serialization of heterogeneous gamma-ray data")
    .version(version)
    .configureOutput({ writeOut: terminal.stdout, writeErr })
    .exitOverride()
    .addHelpText(
      "after",
      '\nExit status: 0 success, 1 a fit that did not converge or a rerun that differs, 2 wrong use or input, 70 a fault of the program, 130 interrupted.\nWith --json an error is the last line on stderr: {"error": {"code": ..., "message": ..., ...}}.\nEnvironment: GAMMAPY_DATA for paths in files, GAMMATS_MAX_BYTES for the memory that may be taken (default: what is free),\nGAMMATS_REDIS_PASSWORD for the server of --executor and --redis (others see what stands on a command line).',
    );
  /** Runs a command in a context of its own. */
  async function start(spec: CommandSpec, args: readonly string[], options: Options, own: Terminal, json: boolean) {
    const [{ createContext, registryWith }, { createRecorder }, { run }] = await Promise.all([
      import("./context.js"),
      import("./provenance.js"),
      spec.load(),
    ]);
    const plugins = (options.plugin as readonly string[] | undefined) ?? [];
    const registry = await registryWith(plugins);
    const recorder = spec.isRecorded ? createRecorder({ command: spec.name, args, options, plugins, env }) : undefined;
    const basis = createContext({ terminal: own, json, interrupt, env, registry, plugins, recorder, again });
    const context = spec.draws ? await (await import("./looks.js")).withLooks(basis, options) : basis;
    return (await run(context, args, options as never)) ?? EXIT.ok;
  }
  const recorded = (name: string) => commands.find((spec) => spec.name === name && spec.isRecorded);
  const again: Again = {
    flagsOf(name) {
      const spec = recorded(name);
      return spec && allOptions(spec).map(([flags]) => flags);
    },
    async run(name, args, options) {
      let text = "";
      const own = { stdout: (more: string) => void (text += more), stderr: terminal.stderr };
      await start(recorded(name)!, args, options, own, true);
      return JSON.parse(text);
    },
  };
  const isNamed = commands.some(({ name }) => argv.includes(name));
  for (const spec of commands) {
    const command = program.command(spec.name).description(spec.about);
    // the options of the others would only cost time
    if (isNamed && !argv.includes(spec.name)) continue;
    declare(command, spec, async (args, options) => {
      status = await start(spec, args, options, terminal, options.json === true);
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const options = { json: argv.includes("--json"), isDebugging: Boolean(env.GAMMATS_DEBUG) };
    const report = error instanceof CommanderError ? wrongUse(complaint, options) : reportOf(error, options);
    terminal.stderr(report.text);
    return report.status;
  } finally {
    interrupt.dispose();
  }
}

type Options = Readonly<Record<string, unknown>>;
type Action = (args: readonly string[], options: Options) => Promise<void>;

const allOptions = ({ options = [], draws }: CommandSpec): NonNullable<CommandSpec["options"]> =>
  draws ? [...options, ...LOOKS] : options;

function declare(command: Command, spec: CommandSpec, action: Action): void {
  const nArguments = declareArguments(command, spec.args ?? []);
  for (const [flags, about, settings = {}] of allOptions(spec)) {
    const option = new Option(flags, about);
    if (settings.choices !== undefined) option.choices([...settings.choices]);
    if (settings.default !== undefined) option.default(settings.default);
    if (settings.several) option.argParser((value: string, before: string[] = []) => [...before, value]);
    command.addOption(option.makeOptionMandatory(settings.required === true));
  }
  command.addOption(
    new Option(
      "--plugin <file>",
      "a JavaScript module with models and the like of your own; it is run, so trust it",
    ).argParser((value: string, before: string[] = []) => [...before, value]),
  );
  command.option("--json", "results as one JSON document on stdout");
  command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join("\n")}`);
  command.action((...all: unknown[]) => {
    const given = all.slice(0, nArguments);
    return action(
      given.flat().filter((arg): arg is string => typeof arg === "string"),
      command.opts(),
    );
  });
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
