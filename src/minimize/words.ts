import type { MinimizeOptions } from "./types.js";

export const SUCCESS = "Optimization terminated successfully.";

const number = (v: number) => String(Number(v.toPrecision(4)));

/** "parameter 2 lies at its lower limit 0", for all parameters on a limit; empty if there is none. */
export function limitsInWords(x: Float64Array, atBound: Uint8Array, options: MinimizeOptions): string {
  const parts: string[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!atBound[i]) continue;
    const low = x[i] === options.lower?.[i];
    parts.push(`parameter ${i} lies at its ${low ? "lower" : "upper"} limit ${number(x[i]!)}`);
  }
  return parts.join(", ");
}

/** "parameter 0 by 1 and parameter 3 by -2.5": the components of a direction that matter; `weight` [n] is their size in natural units. */
export function directionInWords(direction: Float64Array, weight: Float64Array): string {
  let top = 0;
  for (const v of weight) top = Math.max(top, Math.abs(v));
  const parts: string[] = [];
  for (let i = 0; i < direction.length; i++) {
    if (Math.abs(weight[i]!) > 1e-3 * top) parts.push(`parameter ${i} by ${number(direction[i]!)}`);
  }
  return parts.length === 1
    ? parts[0]!
    : parts.length === 0
      ? "no parameter"
      : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]} together`;
}

export function flatInWords(direction: Float64Array, weight: Float64Array): string {
  return `The function is flat: moving ${directionInWords(direction, weight)} does not change it, so the minimum is not unique. Fix one of these parameters, or add a prior or data that tell them apart.`;
}

export function negativeInWords(direction: Float64Array, weight: Float64Array): string {
  return `The curvature is not positive where the gradient vanishes, moving ${directionInWords(direction, weight)}: this is a saddle or a kink, not a minimum. Start from other values or set limits.`;
}

export function stuckInWords(edm: number, limits: string): string {
  const at = limits === "" ? "" : ` (${limits})`;
  return `No further progress${at}: steps along the predicted descent lower the function hardly or not at all, estimated distance to the minimum ${number(edm)}. The function may have a kink or wrong derivatives here; try "simplex", or other start values.`;
}

export function callLimitInWords(limit: number, edm: number, limits: string): string {
  const at = limits === "" ? "" : `; ${limits}`;
  return `Call limit of ${limit} reached, estimated distance to the minimum ${number(edm)}${at}. Continue from here, raise maxCalls, or start nearer.`;
}

export function nonFiniteInWords(value: number): string {
  return `The function is ${value} at the start values, or its derivatives are not finite there. Start inside the domain, or set limits that keep out of it.`;
}

export const ABORTED = "Stopped by the caller before the minimum was reached.";
