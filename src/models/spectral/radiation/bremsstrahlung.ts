/** Bremsstrahlung of electrons on electrons and ions at rest [Baring et al. 1999, ApJ 513, 311, Eqs. A1 to A7]. */
import { ELECTRON, ELECTRON_RADIUS, FINE_STRUCTURE, LIGHT } from "./constants.js";
import type { Kernel } from "./kernel.js";

/** Ionised hydrogen and helium of the interstellar medium: charges, and squared charges, of a nucleus. */
const HELIUM = 9.59e-2;
const ON_ELECTRONS = (1 + 2 * HELIUM) / (1 + HELIUM);
const ON_IONS = (1 + 4 * HELIUM) / (1 + HELIUM);
const CROSS_SECTION = ELECTRON_RADIUS ** 2 * FINE_STRUCTURE;
/** Lorentz factor of 2 MeV, below which Eq. A5 holds. */
const SLOW = 2e-6 / ELECTRON;

/** Eqs. A2 and A3 over the cross section 1 / eps: for ions, and what electrons have more. */
function onIons(gamma: number, eps: number): number {
  const share = eps / gamma;
  return 4 * (1 + (1 / 3 - share) * (1 - share)) * (Math.log((2 * gamma * (gamma - eps)) / eps) - 0.5);
}

function moreOnElectrons(gamma: number, eps: number): number {
  if (eps <= 0.5) {
    // of small eps the terms cancel, and the series is what is left
    const part =
      eps < 0.01
        ? 28 / 3 - (70 / 3) * eps + (128 / 15) * eps ** 2
        : -1 / eps ** 2 +
          3 / eps -
          4 -
          4 * eps -
          8 * eps ** 2 -
          (eps < 0.5 ? 2 * (1 - 2 * eps) * Math.log1p(-2 * eps) : 0) *
            (1 / (4 * eps ** 3) - 1 / (2 * eps ** 2) + 3 / eps - 2 + 4 * eps);
    return (16 * (1 - eps + eps ** 2) * Math.log(gamma / eps) + part) / 3;
  }
  const log = (4 - 1 / eps + 1 / (4 * eps ** 2)) * Math.log(2 * gamma);
  return ((2 / eps) * (log - 2 + 2 / eps - 5 / (8 * eps ** 2))) / 3;
}

/** Eqs. A5 to A7 over the cross section 1 / eps. */
function onElectronsSlow(gamma: number, eps: number): number {
  const x = (4 * eps) / (gamma * gamma - 1);
  if (!(x < 1)) return 0;
  const beta = Math.sqrt(1 - gamma ** -2);
  const b = 1 + 0.5 * (gamma * gamma - 1);
  const c = (10 * x * gamma * beta * (2 + gamma * beta)) / (1 + x * x * (gamma * gamma - 1));
  const f1 = (17 - (3 * x * x) / (2 - x) ** 2 - c) * Math.sqrt(1 - x);
  const f2 = 12 * (2 - x) - (7 * x * x) / (2 - x) - (3 * x ** 4) / (2 - x) ** 3;
  const f3 = Math.log((1 + Math.sqrt(1 - x)) / Math.sqrt(x));
  return (4 / 15) * (b * f1 + f2 * f3);
}

/** Photons for 1 nucleus cm-3. */
export function bremsstrahlungKernel(): Kernel {
  return {
    size: 1,
    tail: 0,
    threshold: (e) => e,
    describe(particle, _none, out, at) {
      out[at] = particle / ELECTRON;
    },
    evaluate(e, d, at, out) {
      const gamma = d[at]!;
      const eps = e / ELECTRON;
      out[0] = 0;
      if (!(gamma > eps && gamma > 1)) return;
      const ions = onIons(gamma, eps);
      const correction = 1 - (8 / 3) * ((gamma - 1) ** 0.2 / (gamma + 1)) * Math.cbrt(eps / gamma);
      const electrons = gamma <= SLOW ? onElectronsSlow(gamma, eps) : (ions + moreOnElectrons(gamma, eps)) * correction;
      // the approximations are negative next to the largest energy
      const sum = ON_ELECTRONS * electrons + ON_IONS * ions;
      if (sum > 0) out[0] = (((LIGHT * CROSS_SECTION) / eps) * sum) / ELECTRON;
    },
  };
}
