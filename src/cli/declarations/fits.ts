/** Commands that fit models to datasets. */
import { ANALYSIS, BACKEND, type CommandSpec, JOBS, OVERWRITE, SETTINGS, several } from "../declaration.js";

export const fitCommands: readonly CommandSpec[] = [
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
    load: () => import("../commands/crab.js"),
  },
  {
    name: "info",
    about: "what a file holds: FITS structure, datasets, spectra, flux points, models, fit results",
    args: [["<files...>", "any file that GammaTS reads"]],
    examples: ["gammats info crab_datasets.yaml", "gammats info pha_obs23523.fits HAWC19_flux_points.fits --json"],
    load: () => import("../commands/info.js"),
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
    load: () => import("../commands/fit.js"),
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
      ...JOBS,
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
    load: () => import("../commands/flux-points.js"),
  },
  {
    name: "ts-map",
    about: "the significance of one more point source at each pixel of a map, and its peaks",
    args: ANALYSIS,
    options: [
      ["--dataset <name>", "use this dataset; the first one's pixels are tested; default: all maps", several],
      ["--remove <model>", "leave a source out of the models, to see it in the map", several],
      ["--index <gamma>", "of the test source's power law", { default: "2" }],
      ["--edges <energies>", 'a map for each bin: "10 GeV,100 GeV,2 TeV"; default: one of all energies'],
      ["--every-pixel", "test pixels outside the mask too"],
      ["--threshold <sigma>", "list and mark peaks of sqrt(TS) above this", { default: "5" }],
      ["--distance <angle>", "no two peaks nearer than this", { default: "0.3 deg" }],
      ...JOBS,
      ["--out <folder>", "write ts-map.fits (Gammapy's FluxMaps), ts-map.json and a picture (SVG, PNG)"],
      [
        "--sed-type <type>",
        "what the file holds",
        { choices: ["likelihood", "flux", "dnde", "eflux", "e2dnde"], default: "likelihood" },
      ],
      OVERWRITE,
      ...SETTINGS,
    ],
    examples: [
      'gammats ts-map datasets.yaml models.yaml --remove "Crab Nebula" --out ts-map',
      'gammats ts-map datasets.yaml fitted_models.yaml --edges "10 GeV,100 GeV,2 TeV" --workers 4 --json',
    ],
    load: () => import("../commands/ts-map.js"),
  },
];
