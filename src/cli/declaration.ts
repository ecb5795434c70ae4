/** How a command is declared: its arguments, options and help; what it does is loaded when it is called. */
import type { Context } from "./context.js";

/** What a command's module exports: `options` are of its own type, the number is the exit status. */
interface CommandModule {
  run(context: Context, args: readonly string[], options: never): Promise<number> | Promise<void>;
}

export interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** As commander writes them: `<one>`, `[maybe]`, `<several...>`. */
  readonly args?: readonly (readonly [name: string, about: string])[];
  readonly options?: readonly (readonly [flags: string, about: string, settings?: OptionSettings])[];
  readonly examples: readonly string[];
  /** Its results say how they were made, and `gammats rerun` makes them again. */
  readonly isRecorded?: boolean;
  load(): Promise<CommandModule>;
}

interface OptionSettings {
  readonly default?: string;
  readonly choices?: readonly string[];
  /** May be given more than once. */
  readonly several?: boolean;
  readonly required?: boolean;
}

export const several = { several: true } as const;
export const BACKEND = [
  "--backend <name>",
  "minimiser",
  { choices: ["newton", "minuit", "simplex"], default: "newton" },
] as const;
export const OVERWRITE = ["--overwrite", "replace files that exist"] as const;
/** Of what is computed in jobs. */
export const JOBS = [
  ["--workers <n>", "threads; the digits are the same for any number; default: none, all in one go"],
  ["--executor <url>", "redis://HOST:PORT instead of threads, with processes of `gammats worker`"],
] as const;
/** Of everything that draws toys. */
export const TOYS = [
  ["--seed <n>", "whole number that decides the toys, whoever runs them", { default: "1" }],
  ["--workers <n>", "threads; default: all cores"],
  ["--executor <url>", "redis://HOST:PORT instead of threads, with processes of `gammats worker`"],
  ["--resume <folder>", "keep what is done there, and go on from what is there"],
] as const;
export const SETTINGS = [
  ["--set <parameter=value>", 'change a parameter: --set "Crab Nebula.alpha=1.3"', several],
  ["--free <parameter>", "let a parameter vary", several],
  ["--freeze <parameter>", "hold a parameter", several],
  ["--energy-range <range>", 'restrict the fit: "HESS=0.66 TeV,30 TeV", or without a name for all datasets', several],
] as const;
export const ANALYSIS = [
  ["<datasets>", "datasets.yaml"],
  ["<models>", "models.yaml"],
] as const;
