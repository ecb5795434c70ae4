/** The projections of `sky/projections` with their derivatives. */
import { parametersOf } from "../projections/index.js";
import type { Wcs } from "../types.js";
import { cylindricalEqualArea, cylindricalPerspective, mercator, plateCarree } from "./cylindrical.js";
import { angle, chain } from "./jet.js";
import type { Project, Work } from "./project.js";
import { hammerAitoff, mollweide, parabolic, sansonFlamsteed } from "./pseudo-cylindrical.js";
import { equalArea, equidistant, gnomonic, slantOrthographic, stereographic } from "./zenithal.js";

/** Native longitude and latitude. */
function fillAngles({ native: [x, y, z], phi, theta }: Work): void {
  angle(phi, y, x);
  const c = Math.hypot(x[0]!, y[0]!);
  chain(theta, z, Math.atan2(z[0]!, c), 1 / c, z[0]! / c ** 3);
}

const withAngles =
  (project: Project): Project =>
  (work) => {
    fillAngles(work);
    project(work);
  };

/** By their PV2_1, PV2_2. */
const PROJECTIONS: Readonly<Record<string, (parameters: readonly number[]) => Project>> = {
  TAN: () => gnomonic,
  STG: () => stereographic,
  SIN: slantOrthographic,
  ZEA: () => equalArea,
  ARC: () => equidistant,
  CAR: () => withAngles(plateCarree),
  MER: () => withAngles(mercator),
  CEA: (parameters) => withAngles(cylindricalEqualArea(parameters)),
  CYP: (parameters) => withAngles(cylindricalPerspective(parameters)),
  SFL: () => withAngles(sansonFlamsteed),
  // its reference point is another, which derivatives do not see
  GLS: () => withAngles(sansonFlamsteed),
  PAR: () => withAngles(parabolic),
  AIT: () => withAngles(hammerAitoff),
  MOL: () => withAngles(mollweide),
};

export const findProject = (wcs: Wcs): Project => PROJECTIONS[wcs.projection]!(parametersOf(wcs));
