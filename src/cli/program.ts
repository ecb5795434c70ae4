/** One command line, from its words to the exit status. */
import { Command, CommanderError } from "commander";
import { requireWorkingFolder } from "../node/file-errors.js";
import { type Interrupt, onInterrupt } from "../node/interrupt.js";
import { version } from "../node/version.js";
import { coloured } from "./colours.js";
import type { Again, Terminal } from "./context.js";
import type { CommandSpec } from "./declaration.js";
import { commands } from "./declarations/index.js";
import { declare, ownOptionsOf, type ParsedCommand, withPlainPaths } from "./parser.js";
import { EXIT, reportOf, wrongUse } from "./report.js";
import { visible } from "./visible.js";

type Env = Readonly<Record<string, string | undefined>>;

const ABOUT = `
Exit status: 0 success, 1 a fit that did not converge or a rerun that differs, 2 wrong use or input, 70 a fault of the program, 130 interrupted.
With --json an error is the last line on stderr: {"error": {"code": ..., "message": ..., ...}}.
A file called - is what comes in on stdin; --out - is stdout.
Defaults of workers, format (of the table in a folder), style and backend: .gammats.yaml here, or ~/.config/gammats/config.yaml.
Environment: GAMMAPY_DATA for paths in files, GAMMATS_MAX_BYTES for the memory that may be taken (default: what is free),
GAMMATS_REDIS_PASSWORD for the server of --executor and --redis (others see what stands on a command line),
NO_COLOR, GAMMATS_DEBUG=1 for stacks of errors.`;

/** Runs one command line and returns the exit status; never throws. `platform`: whose paths its words are. */
export async function runCommandLine(
  argv: readonly string[],
  own: Terminal,
  env: Env = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<number> {
  const colour = (text: string, kind: "error" | "note") => (own.hasColours?.() ? coloured(text, kind) : text);
  const terminal: Terminal = {
    ...own,
    stdout: (text) => own.stdout(typeof text === "string" ? visible(text) : text),
    stderr: (text) => own.stderr(colour(visible(text), "note")),
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
    .addHelpText("after", ABOUT);
  const isNamed = commands.some(({ name }) => argv.includes(name));
  for (const spec of commands) {
    const command = program.command(spec.name).description(spec.about);
    // the options of the others would only cost time
    if (isNamed && !argv.includes(spec.name)) continue;
    declare(command, spec, async (parsed) => {
      status = await runCommand(spec, withPlainPaths(spec, parsed, platform), { terminal, interrupt, env, platform });
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const options = { json: argv.includes("--json"), isDebugging: Boolean(env.GAMMATS_DEBUG) };
    const report = error instanceof CommanderError ? wrongUse(complaint, options) : reportOf(error, options);
    own.stderr(colour(visible(report.text), "error"));
    return report.status;
  } finally {
    interrupt.dispose();
  }
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
}

/** Runs a command in a context of its own. */
async function runCommand(spec: CommandSpec, parsed: ParsedCommand, surroundings: Surroundings): Promise<number> {
  const [{ contextOf }, { inputName }, { run }] = await Promise.all([
    import("./setup.js"),
    import("./input.js"),
    spec.load(),
  ]);
  requireWorkingFolder();
  const named = { ...parsed, args: parsed.args.map(inputName) };
  const again = againWith(named, surroundings);
  const { context, options } = await contextOf(spec, named, { ...surroundings, again });
  const start = performance.now();
  try {
    return (await run(context, named.args, options as never, commands)) ?? EXIT.ok;
  } finally {
    context.detail(`${spec.name} took ${((performance.now() - start) / 1000).toFixed(2)} s`);
  }
}

/** Runs commands with the options of their results, and no others: the defaults of the configuration are among them. */
function againWith({ options: { quiet, verbose } }: ParsedCommand, surroundings: Surroundings): Again {
  const recorded = (name: string) => commands.find((spec) => spec.name === name && spec.isRecorded);
  return {
    flagsOf(name) {
      const spec = recorded(name);
      return spec && ownOptionsOf(spec).map(([flags]) => flags);
    },
    async run(name, args, given) {
      let text = "";
      const terminal: Terminal = {
        stdout: (more) => {
          text += more;
        },
        stderr: surroundings.terminal.stderr,
      };
      const options = { ...given, quiet, verbose, json: true };
      await runCommand(recorded(name)!, { args, options, given: "all" }, { ...surroundings, terminal });
      return JSON.parse(text);
    },
  };
}
