#!/usr/bin/env node
import module from "node:module";
import { availableParallelism } from "node:os";
import { wantsColours } from "./colours.js";
import { faultOf } from "./report.js";
import { visible } from "./visible.js";

const isDebugging = Boolean(process.env.GAMMATS_DEBUG);
// before the rest is loaded: a stack names the lines of src/
if (isDebugging) process.setSourceMapsEnabled(true);
// of rejected promises too; Node's own status would be 1, which says that a fit did not converge
process.on("uncaughtException", (error) => {
  const { status, text } = faultOf(error, { json: process.argv.includes("--json"), isDebugging });
  process.stderr.write(visible(text));
  process.exit(status);
});
// no more than there are cores: each thread that draws a picture keeps its memory
process.env.UV_THREADPOOL_SIZE ??= String(Math.min(4, Math.max(2, availableParallelism())));
// from Node 22 on a second start finds the code compiled
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { runCommandLine } = await import("./program.js");

// a reader that leaves early (head) is no error, nor one of the notes (2>&1 | head)
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exitCode = 0;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: async (signal) => (await import("../node/read-stdin.js")).readStdin(process.availableMemory(), signal),
  isTerminal: () => process.stdout.isTTY,
  hasColours: () => wantsColours(process.stderr.isTTY, process.env),
});
