/** Sentences about minimisations, made from what the minimisers say as data. */
import type { Kink } from "../likelihood/kinks.js";
import type { LevelPoint } from "../minimize/level.js";
import type { ScanProblem } from "../minimize/scan.js";
import type { Component, MinimizeResult, ReachedLimit } from "../minimize/types.js";
import type { ErrorFlaw } from "./error-flaw.js";
import type { PointFlaw } from "./search.js";

/** How a sentence speaks of the parameters of a minimisation. */
export interface Names {
  /** In their order; "parameter 2" stands for one that is not there. */
  readonly parameters: readonly { readonly id: string; readonly unit: string }[];
  /** [n] 1 where the coordinate of the minimisation is the logarithm of the parameter; absent: nowhere. */
  readonly isLog?: Uint8Array;
}

/** The parameters of a joint likelihood, in coordinates in which it is minimised. */
export function namesIn({ parameters }: Names, { isLog }: { readonly isLog: Uint8Array }): Names {
  return { parameters, isLog };
}

/** Four digits. */
export const number = (v: number) => String(Number(v.toPrecision(4)));

const nameOf = ({ parameters }: Names, i: number) => parameters[i]?.id ?? `parameter ${i}`;

/** The value of parameter i from that of its coordinate. */
const parameterValue = ({ isLog }: Names, i: number, coordinate: number) =>
  isLog?.[i] ? Math.exp(coordinate) : coordinate;

/** Why a minimisation ended: what is wrong and what to try; "Optimization terminated successfully." if all is well. */
export function stopInWords(result: MinimizeResult, names: Names): string {
  const { x, value, stop, edm } = result;
  const limits = limitsInWords(result.limits, names);
  switch (stop.reason) {
    case "converged":
      return `Optimization terminated successfully${limits && `; ${limits}`}.`;
    case "call limit":
      return `Call limit of ${stop.maxCalls} reached, estimated distance to the minimum ${number(edm)}${limits && `; ${limits}`}. Continue from here, raise maxCalls, or start nearer.`;
    case "no progress":
      return `No further progress${limits && ` (${limits})`}: steps along the predicted descent lower the function hardly or not at all, estimated distance to the minimum ${number(edm)}. The function may have a kink or wrong derivatives here; try "simplex", or other start values.`;
    case "non-finite":
      return `The function is ${value} at the start values, or its derivatives are not finite there. Start inside the domain, or set limits that keep out of it.`;
    case "flat direction":
      return flatInWords(stop.direction, x, names);
    case "non-positive curvature":
      return `The curvature is not positive where the gradient vanishes, moving ${directionInWords(stop.direction, x, names)}: this is a saddle or a kink, not a minimum. Start from other values or set limits.`;
    case "aborted":
      return "Stopped by the caller before the minimum was reached.";
  }
}

/** "parameter 2 lies at its lower limit 0", for all of them; empty if there is none. */
function limitsInWords(limits: readonly ReachedLimit[], names: Names): string {
  return limits
    .map(({ parameter, side, value }) => `${nameOf(names, parameter)} lies at its ${side} limit ${number(value)}`)
    .join(", ");
}

/** A direction, at the coordinates x [n], along which the function does not change. */
export function flatInWords(direction: readonly Component[], x: Float64Array, names: Names): string {
  return `The function is flat: moving ${directionInWords(direction, x, names)} does not change it, so the minimum is not unique. Fix one of these parameters, or add a prior or data that tell them apart.`;
}

/** "parameter 0 by 1 and parameter 3 by -2.5 together"; steps of logarithms in the unit of the parameter. Where a step is longer than its parameter, all are shorter: a tenth of it at most. */
function directionInWords(direction: readonly Component[], x: Float64Array, names: Names): string {
  const size = ({ parameter, by }: Component) =>
    Math.abs(by) / (names.isLog?.[parameter] ? 1 : Math.abs(x[parameter]!) || 1);
  const longest = Math.max(0, ...direction.map(size));
  const scale = longest > 1 ? 0.1 / longest : 1;
  const parts = direction.map(({ parameter, by }) => {
    const step = scale * (names.isLog?.[parameter] ? by * Math.exp(x[parameter]!) : by);
    const unit = names.parameters[parameter]?.unit;
    return `${nameOf(names, parameter)} by ${number(step)}${unit ? ` ${unit}` : ""}`;
  });
  if (parts.length === 0) return "no parameter";
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)} together`;
}

/** Why a search for a level did not end on it; empty if it did. */
export function levelInWords(point: LevelPoint, names: Names): string {
  const { end } = point;
  const risen = `${number(point.delta)} of ${point.wanted}`;
  const at = (parameter: number, digits: number) =>
    `${nameOf(names, parameter)} = ${Number(parameterValue(names, parameter, point.x[parameter]!).toPrecision(digits))}`;
  if (end.status === "ok") return "";
  if (end.status === "aborted") return "stopped by the caller";
  if (end.status === "at limit") {
    return `${nameOf(names, end.parameter)} reaches its limit, where the function has risen by ${risen}`;
  }
  switch (end.reason) {
    case "no rise":
      return `the function rises only by ${risen} as far as ${at(end.parameter, 4)}`;
    case "jump":
      return `the function jumps across the level at ${at(end.parameter, 6)} (edge of its domain, or another minimum of the others)`;
    case "others":
      return `the others could not be re-optimised: ${stopInWords(end.failure, names)}`;
  }
}

/** What is wrong with a point that a search gave. */
export function flawInWords(flaw: PointFlaw, names: Names): string {
  return flaw.flaw === "off level"
    ? `the point is off its level by ${Number(flaw.by.toPrecision(3))} of it`
    : `${nameOf(names, flaw.parameter)} is not at its minimum there`;
}

/** A lower minimum, by so much, that was met. */
export function lowerMinimumInWords(by: number): string {
  return `a lower minimum was met, by ${number(by)}: fit again from there`;
}

/** What is wrong with a point of a scan. */
export function scanInWords({ isOutside, failure, value }: ScanProblem, names: Names): string {
  return [
    ...(isOutside ? ["outside the limits"] : []),
    ...(failure === undefined ? [] : [stopInWords(failure, names)]),
    ...(value === undefined ? [] : [`the function is ${value} here`]),
  ].join("; ");
}

/** A minimum where the slope jumps. */
export const jumpInWords = (names: Names, parameter: number): string =>
  `The slope of -2 ln L jumps there, by ${nameOf(names, parameter)} most, as where a point source passes the middle of pixels.`;

/** "src.index lies at the kink of its prior at 2.3." */
export function kinkInWords(names: Names, { slot, value, ofData, ofModel }: Kink): string {
  if (ofData)
    return `${nameOf(names, slot)} is 0, where -2 ln L has a kink: its slope jumps in bins without OFF counts.`;
  if (ofModel) {
    return `${nameOf(names, slot)} is ${number(value)}, one of the values that its table has, where the slope of -2 ln L jumps.`;
  }
  return `${nameOf(names, slot)} lies at the kink of its prior at ${number(value)}.`;
}

/** Which parameters have no error that can be used, and why; empty if all have one. */
export function flawedErrorsInWords(flaws: readonly ErrorFlaw[], errors: Float64Array, names: Names): string[] {
  const none = flaws.flatMap((f) => (f.flaw === "no error" ? [`${nameOf(names, f.slot)} (${f.reason})`] : []));
  const others = flaws.flatMap((f) => {
    if (f.flaw === "no error" || f.flaw === "not measured" || f.flaw === "off the map") return [];
    const unit = names.parameters[f.slot]?.unit;
    const inUnit = (x: number) => `${number(x)}${unit ? ` ${unit}` : ""}`;
    const error = `The error of ${nameOf(names, f.slot)}, ${inUnit(errors[f.slot]!)},`;
    if (f.flaw === "size") {
      return [`${error} is larger than ${f.most.of === "map" ? "the map" : "a turn"} (${inUnit(f.most.size)}).`];
    }
    const sides = [
      ...(Number.isNaN(f.below) ? [] : [`${number(f.below)} below`]),
      ...(Number.isNaN(f.above) ? [] : [`${number(f.above)} above`]),
    ];
    return [`${error} is not confirmed: one error away -2 ln L has risen by ${sides.join(" and ")}, expected 1.`];
  });
  others.push(...offMapInWords(flaws));
  if (none.length > 0) others.push(`No error can be given for ${none.join(", ")}.`);
  if (others.length > 0)
    others.push("Freeze such parameters, set limits or priors, or give an interval from the profile.");
  const angles = flaws.flatMap((f) =>
    f.flaw === "not measured"
      ? [
          `${nameOf(names, f.slot)} is not measured: over a turn -2 ln L rises by ${number(f.rise)} at most, so it has no error.`,
        ]
      : [],
  );
  return [...angles, ...others];
}

/** "src.sigma is compatible with its lower limit 0 deg: it is below 0.02 deg (95 %)." */
export function upperLimitInWords(
  { id, unit, limit, cl }: { readonly id: string; readonly unit: string; readonly limit: number; readonly cl: number },
  from: number,
): string {
  const inUnit = (x: number) => `${number(x)}${unit ? ` ${unit}` : ""}`;
  return `${id} is compatible with its lower limit ${inUnit(from)}: it is below ${inUnit(limit)} (${number(100 * cl)} %).`;
}

/** One sentence for each source that is where no data are. */
function offMapInWords(flaws: readonly ErrorFlaw[]): string[] {
  const found = new Map(flaws.flatMap((f) => (f.flaw === "off the map" ? [[f.source, f.position] as const] : [])));
  return Array.from(
    found,
    ([source, { lon, lat, frame }]) =>
      `Source "${source}" is at ${number(lon)}, ${number(lat)} deg (${frame}), where no dataset has pixels in the fit, so its place is not measured: start it on the data, limit or freeze its place, or take it out.`,
  );
}
