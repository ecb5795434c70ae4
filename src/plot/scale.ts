import { ticks as linearTicks } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";

export type ScaleKind = "linear" | "log";

/** From data to px. A value that a log axis cannot show (zero, negative) lies far beyond its low end; NaN stays NaN. */
export interface Scale {
  kind: ScaleKind;
  domain: readonly [number, number];
  range: readonly [number, number];
  at(value: number): number;
}

export function makeScale(kind: ScaleKind, domain: readonly [number, number], range: readonly [number, number]): Scale {
  const d3 = kind === "log" ? scaleLog(domain, range) : scaleLinear(domain, range);
  const below = range[0] + 10 * (range[0] - range[1]);
  return { kind, domain, range, at: (v) => (Number.isNaN(v) ? Number.NaN : kind === "log" && v <= 0 ? below : d3(v)) };
}

export interface Ticks {
  major: { value: number; label: string }[];
  minor: number[];
  /** Power of ten taken out of the labels of a linear axis: to be named in the axis label. */
  exponent: number;
}

/** True if labels at these values do not touch one another. */
type Fits = (major: Ticks["major"]) => boolean;

export function makeTicks(kind: ScaleKind, domain: readonly [number, number], fits: Fits): Ticks {
  return kind === "log" ? logTicks(domain, fits) : linearAxisTicks(domain, fits);
}

const HALVES = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5];
const MINUS = "−";
const sign = (label: string) => label.replace("-", MINUS);

function linearAxisTicks([a, b]: readonly [number, number], fits: Fits): Ticks {
  const lo = Math.min(a, b);
  const hi = Math.max(a, b);
  const largest = Math.max(Math.abs(lo), Math.abs(hi));
  const magnitude = Math.floor(Math.log10(largest) + 1e-9);
  const exponent = magnitude >= 5 || magnitude <= -4 ? magnitude : 0;
  let result: Ticks = { major: [], minor: [], exponent };
  for (let count = 8; count >= 1; count--) {
    const values = linearTicks(lo, hi, count);
    if (values.length < 1) continue;
    const step = values.length > 1 ? values[1]! - values[0]! : hi - lo;
    const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + exponent));
    const major = values.map((value) => {
      const label = (value / 10 ** exponent).toFixed(decimals);
      return { value, label: sign(Number(label) === 0 ? label.replace("-", "") : label) };
    });
    result = { major, minor: values.length > 1 ? linearMinor(lo, hi, values[0]!, step) : [], exponent };
    if (fits(major)) return result;
  }
  return { ...result, major: result.major.slice(0, 1) };
}

/** Four parts where the step is 2 or 4 times a power of ten, five otherwise. */
function linearMinor(lo: number, hi: number, first: number, step: number): number[] {
  const lead = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
  const parts = lead === 2 || lead === 4 ? 4 : 5;
  const fine = step / parts;
  const minor: number[] = [];
  const start = Math.ceil((lo - first) / fine - 1e-9);
  const end = Math.floor((hi - first) / fine + 1e-9);
  for (let i = start; i <= end; i++) if (i % parts !== 0) minor.push(first + i * fine);
  return minor;
}

/** A decade: a plain number where all of the axis lie between 0.01 and 1000, else 10 with a superscript. */
function decadeLabel(k: number, plain: boolean): string {
  return plain ? String(Number(`1e${k}`)) : `10^{${sign(String(k))}}`;
}

function logTicks([a, b]: readonly [number, number], fits: Fits): Ticks {
  const lo = Math.min(a, b);
  const hi = Math.max(a, b);
  const slack = 1e-9;
  const first = Math.ceil(Math.log10(lo) - slack);
  const last = Math.floor(Math.log10(hi) + slack);
  const inside = (v: number) => v >= lo * (1 - slack) && v <= hi * (1 + slack);
  const plain = Math.log10(lo) > -2.5 && Math.log10(hi) < 3.5;
  const mantissas = (k: number, list: readonly number[]) => list.map((m) => m * Number(`1e${k}`)).filter(inside);
  const decades = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const minorOf = () =>
    Array.from({ length: last - first + 3 }, (_, i) => mantissas(first - 1 + i, [2, 3, 4, 5, 6, 7, 8, 9])).flat();

  if (decades.length >= 2) {
    for (let step = 1; step <= decades.length; step++) {
      const chosen = decades.filter((k) => k % step === 0);
      const major = chosen.map((k) => ({ value: Number(`1e${k}`), label: decadeLabel(k, plain) }));
      if (chosen.length === 0 || !fits(major)) continue;
      const rest = decades.filter((k) => k % step !== 0).map((k) => Number(`1e${k}`));
      return { major, minor: step === 1 ? minorOf() : rest, exponent: 0 };
    }
  }
  // Less than two decades: name multiples as well; the fewer decades, the more multiples.
  for (const list of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]) {
    const values = Array.from({ length: last - first + 3 }, (_, i) => first - 1 + i).flatMap((k) =>
      mantissas(k, list).map((value) => ({ value, k })),
    );
    if (values.length < 2) break;
    const major = values.map(({ value, k }) => ({ value, label: multipleLabel(value, k, plain) }));
    if (fits(major)) {
      const halves =
        list.length === 9 ? mantissas(first - 1, HALVES).concat(mantissas(first, HALVES), mantissas(last, HALVES)) : [];
      const named = new Set(major.map((t) => t.value));
      const minor = [...halves, ...minorOf(), ...mantissas(first, [1]), ...mantissas(last, [1])].filter(
        (v) => !named.has(v),
      );
      return { major, minor: [...new Set(minor)], exponent: 0 };
    }
  }
  return linearAxisTicks([lo, hi], fits);
}

function multipleLabel(value: number, k: number, plain: boolean): string {
  const mantissa = Math.round(value / Number(`1e${k}`));
  if (plain) return String(Number(`${mantissa}e${k}`));
  return mantissa === 1 ? decadeLabel(k, false) : `${mantissa}×10^{${sign(String(k))}}`;
}
