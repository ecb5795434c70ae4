/** Where spectra jump, so that integrals over them are cut there, and where their tables end. */

/** Energies that move with one parameter, or with none. */
interface Moving {
  /** Index of the parameter z by which they are divided by 1 + z. Absent: they stay where they are. */
  readonly redshift?: number;
  /** Index of the parameter by which they are multiplied. Absent: as before. */
  readonly stretch?: number;
}

/** Energies at which dnde jumps. */
export interface Jumps extends Moving {
  /** TeV, increasing; at a redshift of 0. */
  readonly energies: Float64Array;
}

/** A table beyond whose energies a spectrum is something else. */
export interface EndingTable extends Moving {
  /** TeV; at a redshift of 0. */
  readonly energyRange: readonly [number, number];
  /** What it is beyond, as in "it counts as 0". */
  readonly beyond: string;
}

const divisor = ({ redshift, stretch }: Moving, p: Float64Array) =>
  (redshift === undefined ? 1 : 1 + p[redshift]!) / (stretch === undefined ? 1 : p[stretch]!);

/** The energies [TeV] at parameters p, increasing. */
export function jumpsAt(jumps: readonly Jumps[], p: Float64Array): Float64Array {
  const parts = jumps.map((part) => {
    const z = divisor(part, p);
    return z === 1 ? part.energies : part.energies.map((e) => e / z);
  });
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}

/** Where a table begins and ends [TeV] at parameters p. */
export function rangeAt(table: EndingTable, p: Float64Array): readonly [number, number] {
  const z = divisor(table, p);
  return [table.energyRange[0] / z, table.energyRange[1] / z];
}

/** What moves with a parameter of one model, for a list in which the parameters of that model begin at `first`. */
export const inLongerList = <M extends Moving>(parts: readonly M[], first: number): M[] =>
  parts.map((part) => ({
    ...part,
    ...(part.redshift !== undefined && { redshift: part.redshift + first }),
    ...(part.stretch !== undefined && { stretch: part.stretch + first }),
  }));

/** Indices of the parameters that move jumps. */
export const movedBy = (jumps: readonly Jumps[]): number[] => [
  ...new Set(jumps.flatMap(({ redshift, stretch }) => [redshift, stretch].filter((i) => i !== undefined))),
];

/** Relative distance that jumps are moved by at most. */
const LONGEST = 0.02;

/** By index of the parameters that move jumps: the step in which these move by about the distance of neighbours. */
export function stepsOf(jumps: readonly Jumps[], p: Float64Array): ReadonlyMap<number, number> {
  const steps = new Map<number, number>();
  const add = (index: number | undefined, step: number) => {
    if (index !== undefined) steps.set(index, Math.min(step, steps.get(index) ?? Number.POSITIVE_INFINITY));
  };
  for (const { energies, redshift, stretch } of jumps) {
    const [first, last] = [energies.find((e) => e > 0) ?? 1, energies.at(-1) ?? 1];
    const distance = Math.min(LONGEST, Math.log(last / first) / Math.max(1, energies.length - 1)) || LONGEST;
    add(redshift, distance * (redshift === undefined ? 1 : 1 + p[redshift]!));
    add(stretch, distance * (stretch === undefined ? 1 : p[stretch]!));
  }
  return steps;
}
