/** Commands that begin with event lists. */
import { type CommandSpec, OUT_FILE, OVERWRITE, outFolder, several } from "../declaration.js";

const FOLDER = [
  "<folder>",
  "observations: a folder with hdu-index.fits.gz and obs-index.fits.gz, or one with files of events and responses (GADF)",
] as const;

const SELECTION = [
  ["--ids <ids>", 'these observations: "23523,23526"'],
  ["--cone <place>", 'those that looked at a place, with the largest distance [deg]: "83.63 22.01 2.5"'],
  ["--time <range>", 'those in an interval of time, MJD in the scale of the files: "53343,53344"'],
  ["--where <condition>", 'those with a value of a column of their table: "ZEN_PNT=0..30", "OBJECT=Crab"', several],
] as const;

export const eventCommands: readonly CommandSpec[] = [
  {
    name: "observations",
    about: "the observations of a folder: where they looked, when, how long, and what responses they have",
    args: [FOLDER],
    options: [...SELECTION, OUT_FILE, OVERWRITE],
    tables: { names: ["observations"] },
    examples: [
      "gammats observations hess-dl3-dr1",
      'gammats observations hess-dl3-dr1 --cone "83.63 22.01 2.5" --where "LIVETIME=900..2000"',
      "gammats observations hess-dl3-dr1 --ids 23523,23526 --json",
    ],
    isRecorded: true,
    load: () => import("../commands/observations.js"),
  },
  {
    name: "reduce",
    about: "spectra or maps from event lists and their responses, and what was counted in each run",
    args: [FOLDER],
    options: [
      ["--target <place>", 'the source: "83.63 22.01", "184.55 -5.78 galactic"'],
      ["--geometry <kind>", "spectrum (the default) or map"],
      ["--max-offset <angle>", 'use runs that looked within this distance of the target; default: "2.5 deg"'],
      ...SELECTION,
      ["--range <range>", 'energies that are reconstructed; default: "0.1 TeV,40 TeV"'],
      ["--bins <n>", "number of bins in --range, logarithmic; default: 26, of maps 13"],
      ["--edges <energies>", 'edges of the bins instead: "1 TeV,3 TeV,10 TeV"'],
      ["--true-range <range>", "true energies; default: from a third of the lowest to three times the highest energy"],
      ["--true-bins <n>", "number of bins in --true-range; default: 20 a decade"],
      [
        "--radius <angle>",
        'of the ON region, of maps of the circle in which the table counts; default: "0.11 deg"; "rad-max": that of point-like responses, which is the default with them',
      ],
      [
        "--background <how>",
        "of spectra reflected (the default), wobble or response; of maps fov (the background response, scaled to the counts; the default) or response",
      ],
      ["--off-regions <n>", "wobble: number of OFF regions (default: 3); reflected: at most so many"],
      [
        "--exclude <regions>",
        'take no background from there: a file of DS9 or CASA, or "icrs;circle(83.63,22.01,0.5)", which is the default of fov',
        several,
      ],
      [
        "--safe-mask <rules>",
        'what is used: aeff-max=10, edisp-bias=10 [percent], aeff-default, bkg-peak, offset-max=2.5 [deg], none; default: "aeff-max=10", of maps "aeff-max=10,offset-max=2.5"',
      ],
      ["--stack", "one dataset of all runs; default of maps"],
      ["--no-stack", "a dataset for each run; default of spectra"],
      ["--name <name>", 'of the stacked dataset; default: "stacked"'],
      ["--width <angle>", 'of maps; default: "5 deg"'],
      ["--binsz <angle>", 'size of the pixels of maps; default: "0.02 deg"'],
      ["--frame <frame>", "of maps: icrs or galactic; default: that of the target"],
      ["--proj <name>", "projection of maps; default: TAN"],
      ["--config <file>", "a reduce.yaml: options that are not given are taken from it"],
      ["--skip-broken", "leave out runs that cannot be read, and say so"],
      [
        "--spectra <format>",
        "that ON/OFF spectra are written in: ogip or gadf",
        { choices: ["ogip", "gadf"], default: "ogip" },
      ],
      outFolder("the datasets (datasets.yaml) and reduce.yaml, which repeats it"),
      OVERWRITE,
    ],
    tables: { names: ["runs"], takesFolder: true },
    examples: [
      'gammats reduce hess-dl3-dr1 --target "83.63 22.01" --out spectra',
      'gammats reduce hess-dl3-dr1 --target "83.63 22.01" --background wobble --off-regions 3 --stack --out stacked',
      'gammats reduce hess-dl3-dr1 --target "83.63 22.01" --geometry map --width "4 deg" --out maps',
      "gammats reduce hess-dl3-dr1 --config spectra/reduce.yaml --out again",
    ],
    isRecorded: true,
    load: () => import("../commands/reduce.js"),
  },
  {
    name: "events",
    about:
      "event lists drawn from models, as runs like those of a folder would have them: sources and background through their responses",
    args: [FOLDER],
    options: [
      ["--models <file>", "the sources (models.yaml), with their shapes and changes with time", { required: true }],
      ...SELECTION,
      [
        "--seed <n>",
        "of the random numbers: the same list for the same seed, run and names of models",
        { default: "0" },
      ],
      ["--count <n>", "how many runs like each of those that are chosen", { default: "1" }],
      ["--pointing <place>", 'look there instead: "83.63 22.51", "184.55 -5.28 galactic"'],
      ["--livetime <time>", 'observe for so long instead, from the start of the run on: "30 min", "5 h"'],
      outFolder("the event files (GADF) with their responses and hdu-index.fits.gz, obs-index.fits.gz"),
      OVERWRITE,
    ],
    tables: { names: ["events"], takesFolder: true },
    examples: [
      "gammats events hess-dl3-dr1 --ids 23523,23526 --models models.yaml --out simulated",
      'gammats events hess-dl3-dr1 --ids 23523,23526 --models models.yaml --livetime "2 h" --pointing "83.63 22.71" --seed 5',
      "gammats events hess-dl3-dr1 --ids 23523,23526 --models models.yaml --count 3 --out runs",
    ],
    isRecorded: true,
    load: () => import("../commands/events.js"),
  },
];
