/**
 * The projections that are known: native spherical coordinates (phi, theta) <-> plane of the projection (x, y), all in deg, after FITS WCS
 * Paper II (Calabretta & Greisen 2002), section 5. Those with tables, polynomials or facets (ZPN, TSC, HPX, ...) and conics are not.
 */
import { UnsupportedError } from "../../errors.js";
import type { Wcs } from "../types.js";
import { car, cea, cyp, mer } from "./cylindrical.js";
import { ait, mol, par, sfl } from "./pseudo-cylindrical.js";
import type { Projection } from "./types.js";
import { arc, sin, stg, tan, zea } from "./zenithal.js";

/** Those that need no number. */
const PLAIN: Readonly<Record<string, Projection>> = {
  TAN: tan,
  STG: stg,
  ARC: arc,
  ZEA: zea,
  CAR: car,
  MER: mer,
  SFL: sfl(0),
  PAR: par,
  AIT: ait,
  MOL: mol,
};

interface Parametric {
  /** Of PV2_1, PV2_2. */
  readonly defaults: readonly number[];
  readonly make: (...pv: number[]) => Projection;
}

/** Those that take numbers. */
const PARAMETRIC: Readonly<Record<string, Parametric>> = {
  SIN: { defaults: [0, 0], make: sin },
  CEA: { defaults: [1], make: cea },
  CYP: { defaults: [1, 1], make: cyp },
};

/** PV2_1, PV2_2 of a projection, those not given by their defaults; empty for projections that take none. */
export const parametersOf = ({ projection, pv }: Pick<Wcs, "projection" | "pv">): readonly number[] =>
  (PARAMETRIC[projection]?.defaults ?? []).map((fallback, k) => pv?.[k] ?? fallback);

/** The projection of a WCS; CRVAL2 is the reference latitude of GLS (section 6.1.4). */
export function findProjection(wcs: Pick<Wcs, "projection" | "crval" | "pv">): Projection {
  const { projection, crval } = wcs;
  const parametric = PARAMETRIC[projection];
  const found = projection === "GLS" ? sfl(crval[1]) : (PLAIN[projection] ?? parametric?.make(...parametersOf(wcs)));
  if (found === undefined) {
    const known = [...Object.keys(PLAIN), ...Object.keys(PARAMETRIC), "GLS"].sort().join(", ");
    throw new UnsupportedError(
      `WCS projection "${projection}" is not handled; expected one of ${known}: reproject the map to one of them`,
    );
  }
  return found;
}
