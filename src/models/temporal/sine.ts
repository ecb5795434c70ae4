import type { TemporalDeclaration } from "../declaration.js";
import { referenceTime } from "./reference.js";

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x) / x);

/** Below it the series of the derivatives of sinc are accurate to 1e-15. */
const SMALL = 0.2;

function sincSlope(x: number): number {
  const y = x * x;
  if (y < SMALL * SMALL) return x * (-1 / 3 + y * (1 / 30 + y * (-1 / 840 + y * (1 / 45360 - y / 3991680))));
  return (Math.cos(x) - sinc(x)) / x;
}

function sincCurvature(x: number): number {
  const y = x * x;
  if (y < SMALL * SMALL) return -1 / 3 + y * (1 / 10 + y * (-1 / 168 + y * (1 / 6480 - y / 443520)));
  return -sinc(x) - (2 * sincSlope(x)) / x;
}

// The integral is -cos: Gammapy 2.1 has sin there (docs/differences.md).
function mean(t0: number, t1: number, p: Float64Array): number {
  const mid = p[1]! * ((t0 + t1) / 2 - p[2]!);
  const half = (p[1]! * (t1 - t0)) / 2;
  return 1 + p[0]! * Math.sin(mid) * sinc(half);
}

export const sineTemporal: TemporalDeclaration = {
  type: "SineTemporalModel",
  tag: "sinus",
  about: "Sinusoidal modulation",
  latex: String.raw`1 + A \sin(\omega (t - t_{ref}))`,
  reference: "t_ref",
  parameters: {
    amp: { unit: "", value: 1, about: "amplitude of the modulation" },
    omega: { unit: "rad d-1", value: 1, about: "angular frequency" },
    t_ref: { ...referenceTime, frozen: false },
  },
  mean,
  derivatives(t0, t1, p, g, h) {
    const [amp, omega] = [p[0]!, p[1]!];
    const middle = (t0 + t1) / 2 - p[2]!;
    const half = (t1 - t0) / 2;
    const [sin, cos] = [Math.sin(omega * middle), Math.cos(omega * middle)];
    const s = sinc(omega * half);
    const slope = half * sincSlope(omega * half);
    const byOmega = middle * cos * s + sin * slope;
    const byReference = -omega * cos * s;
    g[0] = sin * s;
    g[1] = amp * byOmega;
    g[2] = amp * byReference;
    h[0] = 0;
    h[1] = h[3] = byOmega;
    h[2] = h[6] = byReference;
    h[4] = amp * (2 * middle * cos * slope + sin * (half * half * sincCurvature(omega * half) - middle * middle * s));
    h[5] = h[7] = amp * (omega * (middle * sin * s - cos * slope) - cos * s);
    h[8] = -amp * omega * omega * sin * s;
    return mean(t0, t1, p);
  },
};
