/** Rows on the joint Crab: what a fit and what follows it cost. */
import {
  compileJoint,
  confidence,
  createResponses,
  estimateFluxPoints,
  fitJoint,
  statContour,
  statProfile,
  updateParameters,
} from "gammats";
import { analyseCrab } from "gammats/node";
import { extendedFolder, jointCrab, readExtended, SOURCE } from "../data.mjs";

const ALPHA = `${SOURCE}.alpha`;
const BETA = `${SOURCE}.beta`;

async function compiled() {
  const { datasets, models } = await jointCrab();
  return compileJoint(datasets, models);
}

async function fitted() {
  const joint = await compiled();
  return { joint, result: fitJoint(joint) };
}

/** One evaluation: value, gradient and Hessian of ours against the reference's value. */
const evaluation = {
  name: "evaluation",
  what: "one joint Crab evaluation: value, gradient and Hessian (peer: value alone)",
  goal: 700,
  peer: { name: "gammapy", request: { repeat: 20 } },
  async prepare() {
    const { objective, start } = await compiled();
    const n = objective.n;
    const [g, h] = [new Float64Array(n), new Float64Array(n * n)];
    const x = start.slice();
    let sign = -1;
    let above = 0;
    return () => {
      // another point each time, as a fit has it
      sign = -sign;
      x[1] = start[1] + sign * 1e-4;
      const value = objective.hessian(x, g, h);
      if (sign > 0) above = value;
      return above;
    };
  },
};

const jointFit = {
  name: "joint-fit",
  what: "joint Crab fit with errors, warm",
  goal: 20000,
  peer: { name: "gammapy" },
  async prepare() {
    const joint = await compiled();
    return () => fitJoint(joint).totalStat;
  },
};

const minos = {
  name: "minos",
  what: "asymmetric errors of one parameter",
  goal: 10000,
  peer: { name: "gammapy" },
  async prepare() {
    const { joint, result } = await fitted();
    return () => confidence(joint, result, ALPHA).errp;
  },
};

const profile = {
  name: "profile",
  what: "11-point profile, the others fitted again",
  goal: 10000,
  peer: { name: "gammapy", request: { points: 11 } },
  async prepare() {
    const { joint, result } = await fitted();
    return () => statProfile(joint, result, ALPHA, { n: 11 }).stat[0];
  },
};

const contour = {
  name: "contour",
  what: "10-point contour in two parameters",
  goal: 10000,
  peer: { name: "gammapy", request: { points: 10 }, slow: true },
  async prepare() {
    const { joint, result } = await fitted();
    return () => Math.max(...statContour(joint, result, ALPHA, BETA, { points: 10 }).x.points);
  },
};

const fluxPoints = {
  name: "flux-points",
  what: "flux points of Fermi-LAT (5) and H.E.S.S. (6) with asymmetric errors, limits and scans",
  goal: 2000,
  peer: { name: "gammapy" },
  async prepare() {
    const { datasets, models } = await jointCrab();
    const crab = analyseCrab({ datasets, models });
    const [fermi, hess] = ["Fermi-LAT", "HESS"].map((name) => {
      const { nodes } = crab.fluxPoints[name].energy;
      return { dataset: datasets.find((d) => d.name === name), energyEdges: nodes };
    });
    // what was folded is kept from call to call, as commands and page keep it
    const responses = createResponses({ immutable: true });
    const estimate = ({ dataset, energyEdges }) =>
      estimateFluxPoints([dataset], crab.result.models, { source: SOURCE, energyEdges, responses });
    return () => {
      estimate(fermi);
      return estimate(hess).norm[0];
    };
  },
};

async function fermiOnly(change) {
  const { datasets, models } = await jointCrab();
  const joint = compileJoint([datasets.find((d) => d.name === "Fermi-LAT")], change(models));
  return () => fitJoint(joint).totalStat;
}

const freePosition = {
  name: "free-position",
  what: "Fermi-LAT fit with the position free",
  goal: 10000,
  peer: { name: "gammapy" },
  prepare: () =>
    fermiOnly((models) =>
      updateParameters(models, { [`${SOURCE}.lon_0`]: { frozen: false }, [`${SOURCE}.lat_0`]: { frozen: false } }),
    ),
};

const freeGaussian = {
  name: "free-gaussian",
  what: "an extended source seen by Fermi-LAT (simulated, 0.25 deg): fit of a Gaussian with free position and width",
  goal: 300,
  peer: { name: "gammapy", request: async () => ({ folder: await extendedFolder() }), slow: true },
  async prepare() {
    const { datasets, models } = await readExtended();
    const joint = compileJoint(datasets, models);
    return () => fitJoint(joint).totalStat;
  },
};

export const crabRows = [evaluation, jointFit, minos, profile, contour, fluxPoints, freePosition, freeGaussian];
