/** One command line, from its words to the exit status. */
import { Command, CommanderError } from "commander";
import { GammatsError } from "../errors.js";
import { type Interrupt, onInterrupt } from "../node/interrupt.js";
import { version } from "../node/version.js";
import { coloured } from "./colours.js";
import type { Terminal } from "./context.js";
import type { CommandSpec } from "./declaration.js";
import { commands } from "./declarations/index.js";
import { declare, type ParsedCommand } from "./parser.js";
import { EXIT, reportOf, wrongUse } from "./report.js";
import { visible } from "./visible.js";

type Env = Readonly<Record<string, string | undefined>>;

const ABOUT = `
Exit status: 0 success, 1 a fit that did not converge, 2 wrong use or input, 70 a fault of the program, 130 interrupted.
With --json an error is the last line on stderr: {"error": {"code": ..., "message": ..., ...}}.
A file called - is what comes in on stdin; --out - is stdout.
Defaults of workers, format, style and backend: .gammats.yaml here, or ~/.config/gammats/config.yaml.
Environment: GAMMAPY_DATA for paths in files, GAMMATS_MAX_BYTES for the memory that may be taken (default: what is free),
GAMMATS_REDIS_PASSWORD for the server of --executor, NO_COLOR, GAMMATS_DEBUG=1 for stacks of errors.`;

/** Runs one command line and returns the exit status; never throws. */
export async function runCommandLine(argv: readonly string[], own: Terminal, env: Env = process.env): Promise<number> {
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
      status = await runCommand(spec, parsed, { terminal, interrupt, env });
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
}

async function runCommand(spec: CommandSpec, parsed: ParsedCommand, { terminal, interrupt, env }: Surroundings) {
  const [{ contextOf }, { run }] = await Promise.all([import("./setup.js"), spec.load()]);
  const { context, options } = await contextOf(spec, parsed, { terminal, interrupt, env });
  const start = performance.now();
  const { inputName } = await import("./input.js");
  const args = parsed.args.map(inputName);
  const runWith = async (words: readonly string[]) =>
    (await run(context, words, options as never, commands)) ?? EXIT.ok;
  try {
    return await runWith(args);
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    const { inOrder } = await import("./order.js");
    const ordered = await inOrder(context, spec, args);
    if (ordered === undefined) throw error;
    context.note(`gammats: the order of the arguments is taken to be: ${spec.name} ${ordered.join(" ")}`);
    return await runWith(ordered);
  } finally {
    context.detail(`${spec.name} took ${((performance.now() - start) / 1000).toFixed(2)} s`);
  }
}
