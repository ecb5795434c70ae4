import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Terminal } from "../../src/cli/context.js";
import { runCommandLine } from "../../src/cli/program.js";
import { checkDocuments } from "./documents.js";

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stderr as people read it: the error of `--json` as its message. */
  readonly said: string;
  /** stdout as the one JSON document that it is. */
  // biome-ignore lint/suspicious/noExplicitAny: documents of many shapes
  json(): any;
}

/** Runs a command line in this process; `env` is all that it sees, beside a clock that stands still. */
export async function gammats(
  argv: readonly string[],
  env: Record<string, string | undefined> = {},
  terminal: Partial<Terminal> = {},
  platform: NodeJS.Platform = process.platform,
): Promise<Run> {
  let stdout = "";
  let stderr = "";
  const status = await runCommandLine(
    argv,
    {
      stdout: (text) => {
        stdout += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
      },
      stderr: (text) => {
        stderr += text;
      },
      ...terminal,
    },
    { SOURCE_DATE_EPOCH: "0", ...env },
    platform,
  );
  checkDocuments(argv, { stdout, stderr });
  const said = stderr.replace(/^\{"error":.*\}$/m, (line) => `gammats: ${JSON.parse(line).error.message}`);
  return { status, stdout, stderr, said, json: () => JSON.parse(stdout) };
}

export interface Folder {
  path(name: string): string;
  remove(): Promise<void>;
}

/** A folder that is gone after the tests of a file. */
export async function temporaryFolder(): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), "gammats-cli-"));
  return { path: (name) => join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
}

export const fermi = "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL";
export const spectra = "examples/crab/joint-crab/spectra/hess";
export const hawc = "examples/crab/hawc_crab/HAWC19_flux_points.fits";
