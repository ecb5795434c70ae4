/** Cross section of interstellar matter per hydrogen atom, by energy. */
import { ELEMENTS, type Element, type OuterShells, type Shell } from "./elements.js";

/** Sum over the shells of a neutral atom at e [eV], Mb: the outer ones by the fit of 1996 as far as that holds. */
function atom({ shells, outer }: Element, e: number): number {
  if (outer !== undefined && e < outer[1]) return outerShells(outer, e);
  let sum = 0;
  for (const s of shells) sum += shell(s, e);
  return sum;
}

function shell([l, threshold, e0, sigma0, ya, power, yw]: Shell, e: number): number {
  if (e < threshold) return 0;
  const y = e / e0;
  return sigma0 * ((y - 1) ** 2 + yw * yw) * y ** (0.5 * power - 5.5 - l) * (1 + Math.sqrt(y / ya)) ** -power;
}

function outerShells([threshold, , e0, sigma0, ya, power, yw, y0, y1]: OuterShells, e: number): number {
  if (e < threshold) return 0;
  const x = e / e0 - y0;
  const y = Math.sqrt(x * x + y1 * y1);
  return sigma0 * ((x - 1) ** 2 + yw * yw) * y ** (0.5 * power - 5.5) * (1 + Math.sqrt(y / ya)) ** -power;
}

/** Helium at e [eV], Mb (Yan, Sadeghpour & Dalgarno 1998, ApJ 496, 1044, equation 4). */
function heliumOfYan(e: number): number {
  const x = e / 24.58;
  if (x < 1) return 0;
  const r = Math.sqrt(x);
  const sum =
    1 - 4.7416 / r + 14.82 / x - 30.8678 / (x * r) + 37.3584 / x ** 2 - 23.4585 / (x * x * r) + 5.9133 / x ** 3;
  return (733e-6 * sum) / (e / 1000) ** 3.5;
}

/** Mb per hydrogen atom at e [eV]. */
export type CrossSection = (e: number) => number;

/** Elements that XSPEC's phabs has not. */
const RARE = new Set(["P", "Ti", "Mn"]);

/** Atoms alone, none bound in molecules or grains. */
export function atomsOnly(abundances: readonly number[]): CrossSection {
  const used = abundances.map((a, i) => (RARE.has(ELEMENTS[i]!.name) ? 0 : a));
  return (e) => ELEMENTS.reduce((sum, element, i) => sum + (used[i]! > 0 ? used[i]! * atom(element, e) : 0), 0);
}

/** The part of hydrogen that is bound in molecules, and the cross section of one of them over that of an atom (Wilms et al. 2000). */
const MOLECULAR = 0.2;
const MOLECULE = 2.85;
/** Radii of grains, cm, with numbers proportional to their power -3.5 (Mathis, Rumpl & Nordsieck 1977, ApJ 217, 425), and their density, g cm-3. */
const RADII = [0.025e-4, 0.25e-4] as const;
const DENSITY = 1;
const GRAINS = 32;
const ATOMIC_MASS = 1.66053907e-24; // g
const MEGABARN = 1e-18; // cm2

/**
 * Gas, molecules and grains as Wilms, Allen & McCray 2000 have them: 20 % of hydrogen in molecules; of each element a part in spherical grains, of which the inner
 * atoms stand in the shadow of the outer ones.
 */
export function interstellar(abundances: readonly number[]): CrossSection {
  const inGrains = abundances.map((a, i) => a * (1 - ELEMENTS[i]!.gas));
  // g per hydrogen atom
  const mass = inGrains.reduce((sum, a, i) => sum + a * ELEMENTS[i]!.weight * ATOMIC_MASS, 0);
  const ratio = (RADII[1] / RADII[0]) ** (1 / GRAINS);
  const radii = Array.from({ length: GRAINS }, (_, k) => RADII[0] * ratio ** (k + 0.5));
  const volume = radii.reduce((sum, a) => sum + a ** -2.5 * (4 / 3) * a ** 3 * DENSITY, 0);
  return (e) => {
    let [gas, solid] = [0, 0];
    for (const [i, element] of ELEMENTS.entries()) {
      if (!(abundances[i]! > 0)) continue;
      const sigma = element.z === 2 ? heliumOfYan(e) : atom(element, e);
      const molecules = element.z === 1 ? 1 - MOLECULAR + (MOLECULAR / 2) * MOLECULE : 1;
      gas += abundances[i]! * element.gas * sigma * molecules;
      solid += inGrains[i]! * sigma;
    }
    // cm2 g-1
    const opacity = (solid * MEGABARN) / mass;
    const shadowed = radii.reduce((sum, a) => sum + a ** -0.5 * -Math.expm1((-4 / 3) * a * DENSITY * opacity), 0);
    return gas + ((shadowed / volume) * mass) / MEGABARN;
  };
}

/** Energies [eV] at which the cross section of these abundances jumps, in their order. */
export function edgesOf(abundances: readonly number[]): number[] {
  const all = ELEMENTS.flatMap(({ shells, outer }, i) => {
    if (!(abundances[i]! > 0)) return [];
    const first = outer === undefined ? [] : [outer[0], outer[1]];
    return [...first, ...shells.map((s) => s[1]).filter((threshold) => outer === undefined || threshold >= outer[1])];
  });
  // beyond 50 keV the fits end, and none has an edge
  return [...new Set(all)].filter((e) => e < 5e4).sort((a, b) => a - b);
}
