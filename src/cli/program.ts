/** The commands, their options and help; what a command does is loaded when it is called. */
import { createRequire } from "node:module";
import { Command, CommanderError, Option } from "commander";
import { INTERRUPTED, onInterrupt } from "../node/interrupt.js";
import { type Context, createContext, type Terminal } from "./context.js";

export const version = (createRequire(import.meta.url)("gammats/package.json") as { version: string }).version;

/** Exit status: success, a fit that did not converge, wrong use or input, a fault of the program. */
export const EXIT = { ok: 0, notConverged: 1, wrongUse: 2, fault: 70 } as const;

/** What a command's module exports: `options` are of its own type, the number is the exit status. */
interface CommandModule {
  run(context: Context, args: readonly string[], options: never): Promise<number> | Promise<void>;
}

interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** As commander writes them: `<one>`, `[maybe]`, `<several...>`. */
  readonly args?: readonly (readonly [name: string, about: string])[];
  readonly options?: readonly (readonly [flags: string, about: string, settings?: OptionSettings])[];
  readonly examples: readonly string[];
  load(): Promise<CommandModule>;
}

interface OptionSettings {
  readonly default?: string;
  readonly choices?: readonly string[];
  /** May be given more than once. */
  readonly several?: boolean;
}

const several = { several: true } as const;
const BACKEND = [
  "--backend <name>",
  "minimiser",
  { choices: ["newton", "minuit", "simplex"], default: "newton" },
] as const;
const OVERWRITE = ["--overwrite", "replace files that exist"] as const;
const SETTINGS = [
  ["--set <parameter=value>", 'change a parameter: --set "Crab Nebula.alpha=1.3"', several],
  ["--free <parameter>", "let a parameter vary", several],
  ["--freeze <parameter>", "hold a parameter", several],
  ["--energy-range <range>", 'restrict the fit: "HESS=0.66 TeV,30 TeV", or without a name for all datasets', several],
] as const;
const ANALYSIS = [
  ["<datasets>", "datasets.yaml"],
  ["<models>", "models.yaml"],
] as const;

export const commands: readonly CommandSpec[] = [
  {
    name: "crab",
    about: "the joint Crab analysis: Fermi-LAT, H.E.S.S. and HAWC, fitted together",
    options: [
      ["--out <folder>", "where to write", { default: "out/crab" }],
      ["--data <folder>", "the real files; default: $GAMMAPY_DATA, else the simulated example that comes with GammaTS"],
      ["--example", "the simulated example, whatever $GAMMAPY_DATA says"],
      ["--pdf", "the pictures as PDF too, beside SVG and PNG"],
      BACKEND,
    ],
    examples: ["gammats crab", "gammats download && GAMMAPY_DATA=gammapy-data gammats crab --out crab --json"],
    load: () => import("./commands/crab.js"),
  },
  {
    name: "info",
    about: "what a file holds: FITS structure, datasets, spectra, flux points, models, fit results",
    args: [["<files...>", "any file that GammaTS reads"]],
    examples: ["gammats info crab_datasets.yaml", "gammats info pha_obs23523.fits HAWC19_flux_points.fits --json"],
    load: () => import("./commands/info.js"),
  },
  {
    name: "fit",
    about: "fit models to datasets, all together",
    args: ANALYSIS,
    options: [
      ["--minos [parameters...]", "errors from the profile likelihood too, of all or these free parameters"],
      ["--impacts", "what each nuisance parameter (of a calibration, or with a prior) does to the others"],
      [
        "--out <folder>",
        "write datasets, fitted models, covariance and fit-result.yaml; pulls and impacts with pictures",
      ],
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    examples: [
      "gammats fit datasets.yaml models.yaml --out fitted",
      'gammats fit datasets.yaml models.yaml --set "Crab Nebula.alpha=1.3" --freeze "Crab Nebula.beta" --json',
      'gammats fit datasets.yaml models.yaml --energy-range "HESS=0.66 TeV,30 TeV"',
      "gammats fit datasets.yaml models.yaml --minos",
      "gammats fit datasets.yaml models.yaml --minos alpha beta --impacts",
    ],
    load: () => import("./commands/fit.js"),
  },
  {
    name: "flux-points",
    about: "flux points of a source, its spectral shape held, in energy bins",
    args: ANALYSIS,
    options: [
      ["--source <model>", "name of the source; default: the only one"],
      ["--dataset <name>", "use only this dataset", several],
      ["--edges <energies>", 'edges of the points: "1 TeV,3 TeV,10 TeV"'],
      ["--range <range>", 'lowest and highest edge: "1 TeV,15 TeV", with --bins'],
      ["--bins <n>", "number of points in --range, logarithmic"],
      ["--reoptimize", "fit the other free parameters again in each bin"],
      ["--workers <n>", "threads; the digits are the same for any number; default: none, all in one go"],
      ["--out <file>", ".fits or .ecsv"],
      [
        "--sed-type <type>",
        "what to write",
        { choices: ["dnde", "e2dnde", "flux", "eflux", "likelihood"], default: "dnde" },
      ],
      OVERWRITE,
      ...SETTINGS,
    ],
    examples: [
      'gammats flux-points datasets.yaml models.yaml --source "Crab Nebula" --dataset HESS --range "1 TeV,15 TeV" --bins 6',
      'gammats flux-points datasets.yaml models.yaml --edges "10 GeV,100 GeV,1 TeV" --out points.ecsv',
    ],
    load: () => import("./commands/flux-points.js"),
  },
  {
    name: "profile",
    about: "likelihood profiles: -2 ln L along a parameter, the others fitted again at each value",
    args: [
      ...ANALYSIS,
      ["[parameters...]", 'like "Crab Nebula.alpha", or alpha where one model has it; default: all free ones'],
    ],
    options: [
      ["--points <n>", "number of values", { default: "31" }],
      ["--sigma <s>", "errors on either side of the best fit", { default: "3" }],
      ["--values <list>", 'the values instead: "1.2,1.25,1.3"'],
      ["--hold", "hold the other parameters at the best fit"],
      ["--workers <n>", "threads; the digits are the same for any number; default: none, all in one go"],
      ["--out <folder>", "write profile.json and pictures (SVG, PNG)"],
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    examples: [
      'gammats profile datasets.yaml models.yaml "Crab Nebula.alpha" --points 41 --out profiles',
      "gammats profile datasets.yaml models.yaml alpha beta --sigma 2 --json",
    ],
    load: () => import("./commands/profile.js"),
  },
  {
    name: "contour",
    about: "confidence contours of two parameters, the others fitted again at each point",
    args: [...ANALYSIS, ["<x>", "a free parameter"], ["<y>", "another one"]],
    options: [
      ["--sigma <s>", "rise of -2 ln L is its square; default: 1 and 2", several],
      ["--cl <p>", "probability of the region instead: 0.68", several],
      ["--points <n>", "on each contour", { default: "40" }],
      ["--workers <n>", "threads; the digits are the same for any number; default: none, all in one go"],
      ["--out <folder>", "write contour.json and a picture (SVG, PNG)"],
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    examples: [
      "gammats contour datasets.yaml models.yaml alpha beta --sigma 1 --sigma 2 --out contour",
      'gammats contour datasets.yaml models.yaml "Crab Nebula.alpha" "Crab Nebula.beta" --cl 0.68 --cl 0.95 --json',
    ],
    load: () => import("./commands/contour.js"),
  },
  {
    name: "sample",
    about: "samples of the posterior: means, quantiles, convergence, evidence",
    args: ANALYSIS,
    options: [
      [
        "--sampler <name>",
        "NUTS with exact gradients, affine-invariant ensemble, or nested sampling with evidence",
        { choices: ["nuts", "ensemble", "nested"], default: "nuts" },
      ],
      ["--samples <n>", "of all chains together", { default: "10000" }],
      ["--seed <n>", "whole number that decides the samples", { default: "1" }],
      ["--range <limits>", 'of a flat prior: "alpha=1,2", in the unit of the parameter', several],
      ["--chains <n>", "nuts: chains; ensemble: walkers"],
      ["--warmup <n>", "steps of each chain before the kept ones"],
      ["--live <n>", "nested: live points"],
      ["--format <format>", "of the samples", { choices: ["fits", "csv"], default: "fits" }],
      ["--out <folder>", "write posterior.json, the samples, a corner and a trace plot (SVG, PNG)"],
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    examples: [
      "gammats sample datasets.yaml models.yaml --out posterior",
      'gammats sample datasets.yaml models.yaml --sampler nested --range "alpha=1,2" --json',
    ],
    load: () => import("./commands/sample.js"),
  },
  {
    name: "toys",
    about: "simulate the best fit many times and fit again: bias, pulls, coverage",
    args: [...ANALYSIS, ["<n>", "number of toys"]],
    options: [
      ["--seed <n>", "whole number that decides the toys, whatever the number of workers", { default: "1" }],
      ["--workers <n>", "threads; default: all cores"],
      ["--minos <parameter>", "coverage of its MINOS errors too", several],
      ["--no-fit", "simulate the models as they are in the file"],
      ["--format <format>", "of the values", { choices: ["fits", "csv"], default: "fits" }],
      ["--out <folder>", "write toys.json, the values of all toys and histograms (SVG, PNG)"],
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    examples: [
      "gammats toys datasets.yaml models.yaml 1000 --seed 7 --out toys",
      "gammats toys datasets.yaml models.yaml 10000 --workers 8 --minos alpha --json",
    ],
    load: () => import("./commands/toys.js"),
  },
  {
    name: "plot",
    about: "pictures: the spectrum of models with flux points, counts and maps of datasets",
    args: [["<files...>", "models.yaml, flux points, datasets.yaml"]],
    options: [
      ["--out <path>", "a file .svg, .png or .pdf; for datasets a folder", { default: "sed.svg" }],
      ["--source <model>", "source whose spectrum is drawn; default: all"],
      ["--energy-range <range>", 'of the spectrum: "10 GeV,100 TeV"'],
      ["--title <text>", "above the picture"],
      ["--format <format>", "of the pictures in a folder", { choices: ["svg", "png", "pdf"], default: "svg" }],
      OVERWRITE,
    ],
    examples: [
      "gammats plot models.yaml HAWC19_flux_points.fits --out sed.pdf",
      "gammats plot datasets.yaml models.yaml --out pictures --format png",
    ],
    load: () => import("./commands/plot.js"),
  },
  {
    name: "stack",
    about: "one dataset from several of the same instrument",
    args: [["<files...>", "OGIP spectra (PHA) or dataset files"]],
    options: [
      ["--name <name>", "of the stacked dataset", { default: "stacked" }],
      ["--out <file>", "where to write"],
      ["--format <format>", "of spectra; gadf loses nothing", { choices: ["gadf", "ogip"], default: "gadf" }],
      OVERWRITE,
    ],
    examples: ["gammats stack pha_obs23523.fits pha_obs23526.fits --name HESS --out hess.fits"],
    load: () => import("./commands/stack.js"),
  },
  {
    name: "simulate",
    about: "counts as the models predict them, with Poisson noise, reproducible by seed",
    args: [
      ["[datasets]", "datasets.yaml"],
      ["[models]", "models.yaml"],
    ],
    options: [
      ["--example <name>", "build an example from scratch", { choices: ["crab"] }],
      ["--seed <n>", "whole number that decides the noise; default: 0, of an example its own"],
      ["--out <folder>", "where to write"],
      OVERWRITE,
      ...SETTINGS,
    ],
    examples: [
      "gammats simulate datasets.yaml models.yaml --seed 7 --out toy",
      "gammats simulate --example crab --out examples/crab",
    ],
    load: () => import("./commands/simulate.js"),
  },
  {
    name: "convert",
    about: "write a file in its current form or another format",
    args: [
      ["<files...>", "models.yaml, datasets.yaml with its models.yaml, flux points (.fits, .ecsv) or an OGIP spectrum"],
    ],
    options: [
      ["--out <path>", "the new file; for datasets the new datasets.yaml"],
      ["--sed-type <type>", "of flux points", { choices: ["dnde", "e2dnde", "flux", "eflux", "likelihood"] }],
      OVERWRITE,
    ],
    examples: [
      "gammats convert old_models.yaml --out models.yaml",
      "gammats convert old_datasets.yaml old_models.yaml --out new/crab_datasets.yaml",
      "gammats convert points.fits --out points.ecsv --sed-type e2dnde",
    ],
    load: () => import("./commands/convert.js"),
  },
  {
    name: "validate",
    about: "name every problem of the files, with line or HDU",
    args: [["<files...>", "datasets.yaml, models.yaml, FITS files"]],
    examples: ["gammats validate datasets.yaml models.yaml", "gammats validate *.fits"],
    load: () => import("./commands/validate.js"),
  },
  {
    name: "models",
    about: "the models there are, or one of them with its parameters",
    args: [["[name]", "type or tag"]],
    examples: ["gammats models", "gammats models LogParabolaSpectralModel", "gammats models --json"],
    load: () => import("./commands/models.js"),
  },
  {
    name: "download",
    about: "fetch the files of the Crab analysis",
    options: [
      ["--out <folder>", "default: $GAMMAPY_DATA, else gammapy-data"],
      ["--url <address>", "another address of the same files; default: $GAMMATS_DATA_URL, else the Gammapy project's"],
      ["--list", "only list names, sizes and SHA-256"],
    ],
    examples: ["gammats download --out gammapy-data", "gammats download --list --json"],
    load: () => import("./commands/download.js"),
  },
];

/** Runs one command line and returns the exit status; never throws. */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  let status: number = EXIT.ok;
  const interrupt = onInterrupt();
  const program = new Command("gammats")
    .description("Joint likelihood modelling, fitting and serialization of heterogeneous gamma-ray data")
    .version(version)
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .exitOverride()
    .addHelpText("after", "\nExit status: 0 success, 1 a fit that did not converge, 2 wrong use or input.");
  for (const spec of commands) {
    declare(program, spec, async (args, options) => {
      const context = createContext({ terminal, json: options.json === true, signal: interrupt.signal, env });
      const { run } = await spec.load();
      status = (await run(context, args, options as never)) ?? EXIT.ok;
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return status;
  } catch (error) {
    return report(error, terminal, env);
  } finally {
    interrupt.dispose();
  }
}

type Action = (args: readonly string[], options: Readonly<Record<string, unknown>>) => Promise<void>;

function declare(program: Command, spec: CommandSpec, action: Action): void {
  const command = program.command(spec.name).description(spec.about);
  for (const [name, about] of spec.args ?? []) command.argument(name, about);
  for (const [flags, about, settings = {}] of spec.options ?? []) {
    const option = new Option(flags, about);
    if (settings.choices !== undefined) option.choices([...settings.choices]);
    if (settings.default !== undefined) option.default(settings.default);
    if (settings.several) option.argParser((value: string, before: string[] = []) => [...before, value]);
    command.addOption(option);
  }
  command.option("--json", "results as one JSON document on stdout");
  command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join("\n")}`);
  command.action((...all: unknown[]) => {
    const given = all.slice(0, spec.args?.length ?? 0);
    return action(
      given.flat().filter((arg): arg is string => typeof arg === "string"),
      command.opts(),
    );
  });
}

/** Prints what went wrong and says which exit status it means. */
function report(error: unknown, terminal: Terminal, env: Readonly<Record<string, string | undefined>>): number {
  // commander has printed its message already
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
  const { name, message, stack } = error as Error;
  if (name === "AbortError") {
    terminal.stderr("gammats: interrupted; nothing half-written was left\n");
    return INTERRUPTED;
  }
  const expected = /^(Format|Spec|Unsupported)Error$/.test(name);
  if (expected && !env.GAMMATS_DEBUG) {
    terminal.stderr(`gammats: ${message}\n`);
    return EXIT.wrongUse;
  }
  terminal.stderr(
    expected
      ? `${stack}\n`
      : `gammats: this should not happen: ${name}: ${message}\nPlease report it with the output of GAMMATS_DEBUG=1 gammats ...\n${env.GAMMATS_DEBUG ? `${stack}\n` : ""}`,
  );
  return expected ? EXIT.wrongUse : EXIT.fault;
}
