#!/usr/bin/env node
import module from "node:module";
import { availableParallelism } from "node:os";

// before our own code is loaded: a stack names the lines of src/
if (process.env.GAMMATS_DEBUG) process.setSourceMapsEnabled(true);
// no more than there are cores: each thread that draws a picture keeps its memory
process.env.UV_THREADPOOL_SIZE ??= String(Math.min(4, Math.max(2, availableParallelism())));
// from Node 22 on a second start finds the code compiled
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { runCommandLine } = await import("./program.js");

// a reader that leaves early (head) is no error
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exitCode = 0;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
