import type { RandomStream } from "../math/random.js";

/** Measured values behind a prior or a penalty, which another experiment would have found elsewhere. */
export interface Constraint {
  /** What each of them is a measurement of [k]; equal in all likelihoods that have it. */
  readonly keys: readonly string[];
  /** The values in use [k]; they may be replaced in place. */
  readonly centre: Float64Array;
  /** Draws them around the views' present values into out[at ...]. */
  draw(random: Pick<RandomStream, "normal">, out: Float64Array, at: number): void;
}

/** All constraints of a joint likelihood, one after the other. */
export interface Constraints {
  readonly keys: readonly string[];
  /** As the models have them [m]. */
  readonly measured: Float64Array;
  /** Puts other values in their place: `values` of `keys`; what is not among them stays as measured. */
  set(keys: readonly string[], values: Float64Array): void;
  /** Draws values [m] around the parameters x. */
  draw(x: Float64Array, random: Pick<RandomStream, "normal">, out: Float64Array): void;
}

/** `update` brings the views to x. */
export function joinConstraints(parts: readonly Constraint[], update: (x: Float64Array) => void): Constraints {
  const keys = parts.flatMap((part) => part.keys);
  const measured = Float64Array.from(parts.flatMap((part) => Array.from(part.centre)));
  let from: readonly string[] = [];
  let positions = new Int32Array(0);
  return {
    keys,
    measured,
    set(given, values) {
      if (keys.length === 0) return;
      if (given !== from) {
        from = given;
        positions = Int32Array.from(keys, (key) => given.indexOf(key));
      }
      let k = 0;
      for (const { centre } of parts) {
        for (let i = 0; i < centre.length; i++, k++)
          centre[i] = positions[k]! < 0 ? measured[k]! : values[positions[k]!]!;
      }
    },
    draw(x, random, out) {
      if (keys.length === 0) return;
      update(x);
      let at = 0;
      for (const part of parts) {
        part.draw(random, out, at);
        at += part.centre.length;
      }
    },
  };
}
