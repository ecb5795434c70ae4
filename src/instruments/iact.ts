/**
 * Imaging Cherenkov telescopes like H.E.S.S. phase I in a pointed observation, in closed form. Energies in TeV, zenith angles in deg.
 * Formulas and sources: docs/example.md.
 */

const RAD = Math.PI / 180;

/** Lowering of the light yield at zenith angle z: energies scale with it. */
function lightYield(zenith: number): number {
  return Math.cos(zenith * RAD) ** 2.5;
}

/**
 * Effective area after cuts, cm2: g1 (E / MeV)^-g2 exp(-g3 / E) (Abramowski et al. 2010, MNRAS 402, 1342, appendix B, "HESS") at zenith.
 * Inclined showers are seen from further away: the light pool grows with cos^-2, its density falls (after Konopelko et al. 1999, J. Phys. G 25, 1989).
 */
export function effectiveArea(e: number, zenith: number): number {
  const mev = e * lightYield(zenith) * 1e6;
  return (6.85e9 * mev ** -0.0891 * Math.exp(-5e5 / mev)) / Math.cos(zenith * RAD) ** 2;
}

/** Standard deviation of ln(E_reco / E_true): 15 % far above the threshold, 20 % at it. */
export function energyResolution(e: number, zenith: number): number {
  return 0.15 + 0.05 * Math.exp(-(e * lightYield(zenith)) / 0.5);
}

/** Median of E_reco / E_true: near the threshold only showers that look too bright are seen. */
export function energyBias(e: number, zenith: number): number {
  return 1 + 0.4 * Math.exp(-(e * lightYield(zenith)) / 0.12);
}

/** Share of cosmic rays left after gamma-hadron separation, at equal reconstructed energy. */
const SURVIVING = 0.035;

/**
 * Rate of cosmic rays that pass as gamma rays, s-1 TeV-1 in a region of solid angle `omega` [sr]: protons of 8.73e-6 E^-2.71 cm-2 s-1 sr-1 TeV-1
 * (Hoerandel 2003, Astropart. Phys. 19, 193, table 5).
 */
export function backgroundRate(e: number, zenith: number, omega: number): number {
  return SURVIVING * 8.73e-6 * e ** -2.71 * omega * effectiveArea(e, zenith);
}
