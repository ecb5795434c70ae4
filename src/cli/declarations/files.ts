/** Commands that draw, make and change files. */
import { type CommandSpec, FITTED, MODELS, OUT_FILE, OVERWRITE, outFolder, SETTINGS } from "../declaration.js";

const FORMAT = [
  "--format <name>",
  "that datasets are written in; of spectra gadf, which loses nothing (the default), or ogip",
] as const;

export const fileCommands: readonly CommandSpec[] = [
  {
    name: "plot",
    about: "pictures: the spectrum of models with flux points, counts and maps of datasets, light curves, TS maps",
    args: [
      ["<files...>", "models.yaml, flux points, datasets.yaml or dataset files, or alone a light curve or a TS map"],
    ],
    options: [
      ["--out <path>", "a file .svg, .png or .pdf; for datasets a folder", { default: "sed.svg" }],
      ["--source <model>", "source whose spectrum is drawn; default: all, of several models.yaml too"],
      ["--energy-range <range>", 'of the spectrum: "10 GeV,100 TeV"'],
      ["--title <text>", "above the picture"],
      ["--format <format>", "of the pictures in a folder", { choices: ["svg", "png", "pdf"], default: "svg" }],
      ...MODELS,
      FITTED,
      OVERWRITE,
    ],
    draws: true,
    examples: [
      "gammats plot models.yaml HAWC19_flux_points.fits --out sed.pdf",
      "gammats plot datasets.yaml models.yaml --out pictures --format png",
    ],
    load: () => import("../commands/plot.js"),
  },
  {
    name: "new",
    about: "write a commented datasets.yaml and models.yaml to begin with",
    args: [["[files...]", "data files; default: two spectra of the simulated example, which are copied"]],
    options: [["--out <folder>", "where to write", { default: "analysis" }], ...MODELS, OVERWRITE],
    examples: ["gammats new", 'gammats new run1.pha run2.pha --model "Crab = lp" --out crab'],
    load: () => import("../commands/new.js"),
  },
  {
    name: "stack",
    about: "one dataset from several of the same instrument",
    args: [["<files...>", "OGIP spectra (PHA) or dataset files"]],
    options: [
      ["--name <name>", "of the stacked dataset", { default: "stacked" }],
      ["--out <file>", "where to write, with a datasets.yaml beside it"],
      FORMAT,
      OVERWRITE,
    ],
    examples: ["gammats stack pha_obs23523.fits pha_obs23526.fits --name HESS --out hess.fits"],
    isRecorded: true,
    load: () => import("../commands/stack.js"),
  },
  {
    name: "simulate",
    about: "counts as the models predict them, with Poisson noise, reproducible by seed",
    args: [["[files...]", "datasets.yaml and models.yaml; or data files and --model"]],
    options: [
      ["--example <name>", "build an example from scratch", { choices: ["crab"] }],
      ["--seed <n>", "whole number that decides the noise; default: 0, of an example its own"],
      outFolder("the datasets and models"),
      OVERWRITE,
      ...MODELS,
      ...SETTINGS,
    ],
    tables: { names: ["simulated"], takesFolder: true },
    examples: [
      "gammats simulate datasets.yaml models.yaml --seed 7 --out toy",
      "gammats simulate --example crab --out examples/crab",
    ],
    isRecorded: true,
    load: () => import("../commands/simulate.js"),
  },
  {
    name: "convert",
    about: "write a file in its current form or another format",
    args: [
      [
        "<files...>",
        "models.yaml, datasets.yaml with its models.yaml, flux points or a light curve (.fits, .ecsv), or a dataset",
      ],
    ],
    options: [
      ["--out <path>", "the new file; for datasets the new datasets.yaml"],
      FORMAT,
      [
        "--sed-type <type>",
        "of flux points and light curves",
        { choices: ["dnde", "e2dnde", "flux", "eflux", "likelihood"] },
      ],
      OVERWRITE,
    ],
    examples: [
      "gammats convert old_models.yaml --out new_models.yaml",
      "gammats convert old_datasets.yaml old_models.yaml --out new/crab_datasets.yaml",
      "gammats convert points.fits --out points.ecsv --sed-type e2dnde",
    ],
    isRecorded: true,
    load: () => import("../commands/convert.js"),
  },
  {
    name: "rerun",
    about: "make a result again from what it says of its inputs, settings and seed, and compare: the same bits?",
    args: [["<result>", "a folder that --out wrote, one of its files, or JSON of --json"]],
    options: [
      ["--out <folder>", "keep what is made; default: a temporary folder"],
      ["--inputs <folder>", "where the inputs are; default: as seen from the result, else from here"],
      ["--workers <n>", "threads for what was computed in jobs; default: all cores, the digits are the same"],
      ["--allow-changed", "go on where inputs are missing or not what they were"],
      OVERWRITE,
    ],
    examples: [
      "gammats rerun fitted",
      "gammats rerun toys/toys.json --out again",
      "gammats profile datasets.yaml models.yaml alpha --json > profile.json && gammats rerun profile.json",
      "gammats rerun points.ecsv --inputs /archive/crab --json",
    ],
    load: () => import("../commands/rerun.js"),
  },
  {
    name: "validate",
    about: "name every problem of the files, with line or HDU",
    args: [["<files...>", "datasets.yaml, models.yaml, FITS files"]],
    examples: ["gammats validate datasets.yaml models.yaml", "gammats validate *.fits"],
    load: () => import("../commands/validate.js"),
  },
  {
    name: "models",
    about: "the models there are, or one of them with its parameters",
    args: [["[name]", "type or tag"]],
    options: [OUT_FILE, OVERWRITE],
    tables: { names: ["models"] },
    examples: ["gammats models", "gammats models LogParabolaSpectralModel", "gammats models --json"],
    load: () => import("../commands/models.js"),
  },
  {
    name: "schema",
    about: "JSON Schemas of files that are read and written, for editors, and of what commands print, for programs",
    args: [["[name]", "models (the default), datasets, fit-result, style, config, table, error, command-fit ..."]],
    options: [["--out <folder>", "write all of them there, as models.schema.json ..."], OVERWRITE],
    examples: ["gammats schema datasets", "gammats schema command-fit", "gammats schema --out schema"],
    load: () => import("../commands/schema.js"),
  },
  {
    name: "download",
    about: "fetch the files of the Crab analysis",
    options: [
      ["--out <folder>", "default: $GAMMAPY_DATA, else gammapy-data"],
      ["--url <address>", "another address of the same files; default: $GAMMATS_DATA_URL, else the Gammapy project's"],
      ["--list", "only list names, sizes and SHA-256"],
      OVERWRITE,
    ],
    tables: { names: ["files"], takesFolder: true },
    examples: ["gammats download --out gammapy-data", "gammats download --list --format csv"],
    load: () => import("../commands/download.js"),
  },
];
