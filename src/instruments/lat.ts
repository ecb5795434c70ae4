/**
 * A survey instrument like Fermi-LAT above 5 GeV (event class SOURCE, all event types), in closed form. Energies in TeV, angles in deg.
 * Formulas and sources: docs/example.md.
 */

const RAD = Math.PI / 180;
/** Geometric acceptance of Pass 8 SOURCE at 100 GeV, cm2 sr (LAT performance page of SLAC: about 2.5 m2 sr). */
const ACCEPTANCE = 2.5e4;

/** Acceptance relative to 100 GeV: it still rises at 10 GeV and falls where showers leave the calorimeter. */
function relativeAcceptance(e: number): number {
  return (1 - 0.05 * (0.01 / e)) / Math.sqrt(1 + (e / 1.7) ** 2);
}

/** Seven years of survey and the share of time in which the LAT took data, s. */
export const SURVEY_SPAN = 7 * 365.25 * 86400;
export const SURVEY_LIVETIME = 0.76 * SURVEY_SPAN;

/** Exposure of a uniform survey, cm2 s: acceptance / 4 pi times the livetime [s]. */
export function surveyExposure(e: number, livetime: number): number {
  return ((ACCEPTANCE * relativeAcceptance(e)) / (4 * Math.PI)) * livetime;
}

/** Angle that holds 68 % of the events: multiple scattering and strip pitch added in quadrature (Ackermann et al. 2013, ApJ 765, 54). */
export function containment68(e: number): number {
  return Math.hypot(5 * (e / 1e-4) ** -0.8, 0.07);
}

/** Tail index of the King function. */
const GAMMA = 2.5;

/** Share of events within r of a King function (the same paper) with the 68 % angle r68. */
function kingContainment(r: number, r68: number): number {
  const sigma2 = r68 ** 2 / (2 * GAMMA * (0.32 ** (1 / (1 - GAMMA)) - 1));
  return 1 - (1 + r ** 2 / (2 * GAMMA * sigma2)) ** (1 - GAMMA);
}

/** The King function in sr-1, averaged over rings between `edges` [deg], zero beyond the last and normalised inside. */
export function kingProfile(edges: Float64Array, r68: number): Float64Array {
  const inside = kingContainment(edges.at(-1)!, r68);
  return edges.slice(1).map((r, i) => {
    const share = kingContainment(r, r68) - kingContainment(edges[i]!, r68);
    return share / (inside * Math.PI * (r ** 2 - edges[i]! ** 2) * RAD ** 2);
  });
}

/** Standard deviation of ln(E_reco / E_true): about 10 % at 10 GeV and in the TeV range, 6 % at 100 GeV. */
export function energyResolution(e: number): number {
  const x = Math.log10(e / 0.1);
  return 0.06 + 0.04 * Math.min(x * x, 2);
}

/** Isotropic gamma-ray intensity, cm-2 s-1 sr-1 TeV-1 (Ackermann et al. 2015, ApJ 799, 86, foreground model A). */
export function isotropicIntensity(e: number): number {
  return 0.95e-1 * (e / 1e-4) ** -2.32 * Math.exp(-e / 0.279);
}

/** Galactic intensity towards the anticentre, same unit: E^-2.7 (Ackermann et al. 2012, ApJ 750, 3), falling off with latitude b. */
export function galacticIntensity(e: number, b: number): number {
  return 3.2e-5 * (e / 0.01) ** -2.7 * Math.exp(-(Math.abs(b) - 5.8) / 6);
}
