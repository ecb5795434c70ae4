/** Derivatives of ln sinhc(x), sinhc(x) = sinh(x) / x. */

/** Below it the series are accurate to 1e-14, above it the closed forms lose two digits at most. */
const SMALL = 0.2;

/** d/dx ln sinhc(x) = coth x - 1 / x, Langevin's function. */
export function langevin(x: number): number {
  if (Math.abs(x) >= SMALL) return 1 / Math.tanh(x) - 1 / x;
  const y = x * x;
  return x * (1 / 3 + y * (-1 / 45 + y * (2 / 945 + y * (-1 / 4725 + y * (2 / 93555 - (y * 1382) / 638512875)))));
}

/** d2/dx2 ln sinhc(x) = 1 / x^2 - 1 / sinh^2 x. */
export function langevinSlope(x: number): number {
  if (Math.abs(x) >= SMALL) return 1 / (x * x) - 1 / Math.sinh(x) ** 2;
  const y = x * x;
  return 1 / 3 + y * (-1 / 15 + y * (2 / 189 + y * (-1 / 675 + y * (2 / 10395 - (y * 1382) / 58046625))));
}
