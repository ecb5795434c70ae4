/** Commands that look around the best fit. */
import { ANALYSIS, BACKEND, type CommandSpec, JOBS, OVERWRITE, outFolder, SETTINGS, several } from "../declaration.js";

export const errorCommands: readonly CommandSpec[] = [
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
      ...JOBS,
      outFolder("profile.json and pictures (SVG, PNG)"),
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    tables: { names: ["profile"], takesFolder: true },
    examples: [
      'gammats profile datasets.yaml models.yaml "Crab Nebula.alpha" --points 41 --out profiles',
      "gammats profile datasets.yaml models.yaml alpha beta --sigma 2 --json",
    ],
    load: () => import("../commands/profile.js"),
  },
  {
    name: "contour",
    about: "confidence contours of two parameters, the others fitted again at each point",
    args: [...ANALYSIS, ["<x>", "a free parameter"], ["<y>", "another one"]],
    options: [
      ["--sigma <s>", "rise of -2 ln L is its square; default: 1 and 2", several],
      ["--cl <p>", "probability of the region instead: 0.68", several],
      ["--points <n>", "on each contour", { default: "40" }],
      ...JOBS,
      outFolder("contour.json and a picture (SVG, PNG)"),
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    tables: { names: ["contour"], takesFolder: true },
    examples: [
      "gammats contour datasets.yaml models.yaml alpha beta --sigma 1 --sigma 2 --out contour",
      'gammats contour datasets.yaml models.yaml "Crab Nebula.alpha" "Crab Nebula.beta" --cl 0.68 --cl 0.95 --json',
    ],
    load: () => import("../commands/contour.js"),
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
      outFolder("posterior.json, the samples, a corner and a trace plot (SVG, PNG)"),
      OVERWRITE,
      ...SETTINGS,
      BACKEND,
    ],
    tables: { names: ["samples", "quantiles"], takesFolder: true, folderFormat: "fits" },
    examples: [
      "gammats sample datasets.yaml models.yaml --out posterior",
      'gammats sample datasets.yaml models.yaml --sampler nested --live 100 --range "alpha=1,2" --json',
    ],
    load: () => import("../commands/sample.js"),
  },
];
