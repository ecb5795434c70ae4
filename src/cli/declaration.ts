/** How a command is declared: its arguments, options and help; what it does is loaded when it is called. */
import type { TableFormat } from "../io/table/types.js";
import type { Context } from "./context.js";

/** What a command's module exports: `options` are of its own type, `commands` are all there are, the number is the exit status. */
interface CommandModule {
  run(
    context: Context,
    args: readonly string[],
    options: never,
    commands: readonly CommandSpec[],
  ): Promise<number> | Promise<void>;
}

export interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** As commander writes them: `<one>`, `[maybe]`, `<several...>`. */
  readonly args?: readonly (readonly [name: string, about: string])[];
  readonly options?: readonly OptionSpec[];
  /** It draws pictures, so that it takes --style, --size and --font-file. */
  readonly draws?: boolean;
  /** Its tables have --format, --table and --unit; --out says where to. */
  readonly tables?: TablesSpec;
  readonly examples: readonly string[];
  /** Its results say how they were made, and `gammats rerun` makes them again. */
  readonly isRecorded?: boolean;
  load(): Promise<CommandModule>;
}

export type OptionSpec = readonly [flags: string, about: string, settings?: OptionSettings];

interface TablesSpec {
  /** Names of --out that are no tables: the command writes them itself. */
  readonly notTables?: RegExp;
  /** Values of --table; the first is meant without it. */
  readonly names: readonly string[];
  /** There may be others, of formats that are added: --table takes any name. */
  readonly isOpen?: boolean;
  /** A folder is another place of --out, with all results. */
  readonly takesFolder?: boolean;
  /** What the table is written as in a folder where --format says nothing; absent: it is not. */
  readonly folderFormat?: TableFormat;
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
export const LIKE = [
  "--like <program>",
  "predict counts as this program does: psf and energy dispersion of where a source starts, shapes sampled as there (docs/differences.md); for comparisons",
  { choices: ["gammapy"] },
] as const;
export const OUT_FILE = [
  "--out <file>",
  "write the table: .csv, .tex, .ecsv, .fits, .json or .txt, or - for stdout",
] as const;
/** Of commands with many results; `what`: they, in a folder. */
export const outFolder = (what: string) =>
  ["--out <path>", `a folder for ${what}; or a file .csv, .tex, .ecsv, .fits, .json or .txt for the table`] as const;
export const OVERWRITE = ["--overwrite", "replace files that exist"] as const;
/** Of what draws pictures. */
export const LOOKS = [
  ["--style <file>", "looks of pictures, YAML: sizes, fonts, colours, units, ranges, labels (docs/pictures.md)"],
  ["--size <size>", 'of the paper: "88mm" (the height follows), "88x60mm" or "640x480px"'],
  ["--font-file <file>", ".ttf or .otf for PNG and PDF, for scripts that DejaVu Sans has not"],
] as const;
/** Of what is computed in jobs. */
export const JOBS = [
  ["--workers <n>", "threads; the digits are the same for any number; default: none, all in one go"],
  ["--executor <url>", "redis://HOST:PORT instead of threads, with processes of `gammats worker`"],
] as const;
/** How sure upper limits of points are. */
export const LIMITS = [
  ["--ul-sigma <s>", "standard deviations of upper limits; default: 2"],
  ["--ul-cl <p>", "the same as the probability of two sides: 0.9"],
] as const;
/** Of everything that draws toys. */
export const TOYS = [
  ["--seed <n>", "whole number that decides the toys, whoever runs them", { default: "1" }],
  ["--workers <n>", "threads; default: all cores"],
  ["--executor <url>", "redis://HOST:PORT instead of threads, with processes of `gammats worker`"],
  ["--resume <folder>", "keep what is done there, and go on from what is there"],
] as const;
/** Of parameters. */
export const CHANGES = [
  ["--set <parameter=value>", 'change a parameter: --set "Crab Nebula.alpha=1.3"', several],
  ["--free <parameter>", "let a parameter vary", several],
  ["--freeze <parameter>", "hold a parameter", several],
] as const;
export const SETTINGS = [
  ...CHANGES,
  ["--energy-range <range>", 'restrict the fit: "HESS=0.66 TeV,30 TeV", or without a name for all datasets', several],
  [
    "--within <regions>",
    'fit maps inside of regions: a file of DS9 or CASA, or "icrs;circle(83.63,22.01,0.5)"',
    several,
  ],
  ["--exclude <regions>", "leave regions out of maps; as --within", several],
  [
    "--group <rule>",
    'put channels of spectra together: "min 20" counts in a bin, "snr 5", "significance 3", "width 4", "bins 30"; "HESS=min 20"; what is left at the end is not in the fit, "min 20 join" puts it into the last bin',
    several,
  ],
  [
    "--statistic <name>",
    'cash, wstat, chi2, profile, distrib ..., or "HAWC=profile"; default: that of the files',
    several,
  ],
  ["--replace-spectrum <text>", 'another spectrum for a source of models.yaml: "Crab Nebula = ecpl"', several],
] as const;
/** Models without a models.yaml, or beside those of one. */
export const MODELS = [
  ["--model <text>", 'a source: "pl", "Crab = pl(index=2.3) + lp", "pl + ebl(z=0.116)"; docs/model-texts.md', several],
  ["--at <place>", 'where it is on maps: "83.63 22.01", "184.55 -5.78 galactic"; default: what the data say', several],
  ["--shape <text>", 'its shape on maps: "gauss(sigma=0.1)"; default: point', several],
  ["--time <text>", 'its change with time: "exp-decay(t0=5 h)"; default: constant', several],
] as const;
/** Of what takes models as they are. */
export const FITTED = ["--fitted", "fit the models to the data first"] as const;
/** Of what measures by their shapes. */
export const FITTED_OR_NOT = [
  ["--fitted", "fit the models to the data first; default: where there are some of --model"],
  ["--no-fitted", "use the models of --model as they stand"],
] as const;
export const ANALYSIS = [
  [
    "<files...>",
    "datasets.yaml and models.yaml (or a source list .xml), or the folder (fit-result.yaml) of a fit; or data files (PHA, flux points, datasets in FITS, files of the Fermi tools) and --model; or a configuration of fermipy",
  ],
] as const;
