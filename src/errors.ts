/**
 * The errors of GammaTS. Every message says where (file, line, HDU, column or key), what was found, what was expected
 * and what to do about it.
 */

/** Bytes or text that do not follow their format: a truncated file, a missing HDU or column, a wrong unit or shape. */
export class FormatError extends Error {
  override name = "FormatError";
}

/** A model, dataset or call that contradicts itself or names something that does not exist. */
export class SpecError extends Error {
  override name = "SpecError";
}

/** Input that is valid but that GammaTS does not handle; the message names the way round. */
export class UnsupportedError extends Error {
  override name = "UnsupportedError";
}

/** The candidate nearest to `name` by edit distance, as `; did you mean "x"?`, or an empty string if none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best = "";
  let distance = Math.max(3, Math.ceil(name.length / 2));
  for (const candidate of candidates) {
    const contained =
      name.length > 3 && candidate.toLowerCase().startsWith(name.toLowerCase()) ? 1 : Number.POSITIVE_INFINITY;
    const d = Math.min(contained, editDistance(name.toLowerCase(), candidate.toLowerCase()));
    if (d < distance) {
      distance = d;
      best = candidate;
    }
  }
  return best === "" ? "" : `; did you mean "${best}"?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
