import { existsSync, writeFileSync } from "node:fs";
import { FormatError, SpecError } from "../../src/errors.js";
import type { TaskKind } from "../../src/execute/types.js";

/** Squares that misbehave: job `crash` ends its thread, once (leaving the file `marker`) or always. */
export const squares: TaskKind<
  { crash?: number; marker?: string; fail?: number; forever?: number; wait?: number },
  Float64Array,
  undefined
> = {
  name: "squares",
  prepare:
    ({ crash, marker, fail, forever, wait = 0 }) =>
    (index) => {
      if (index === fail) {
        const inner = new FormatError({ code: "missing-file", where: "a.yaml:2", found: "no b.fits", expected: "it" });
        throw new SpecError(`job ${index} cannot be done`, { code: "several", where: "squares", problems: [inner] });
      }
      while (index === forever);
      const end = performance.now() + wait;
      while (performance.now() < end);
      if (index === crash && (marker === undefined || !existsSync(marker))) {
        if (marker !== undefined) writeFileSync(marker, "");
        process.exit(3);
      }
      return Float64Array.of(index, index * index);
    },
};

/** What a job sees of an array: its kind of memory (1: shared), length and sum. */
export const lookAt: TaskKind<{ views: readonly Float64Array[] }, Float64Array, undefined> = {
  name: "look at",
  prepare:
    ({ views }) =>
    (index) => {
      const view = views[index]!;
      const isShared = typeof SharedArrayBuffer !== "undefined" && view.buffer instanceof SharedArrayBuffer;
      return Float64Array.of(
        isShared ? 1 : 0,
        view.length,
        view.reduce((sum, v) => sum + v, 0),
      );
    },
};

const seen = new WeakSet<object>();

/** For each part of a payload: whether this worker has had it in a task before, and the number in it. */
export const meet: TaskKind<{ parts: readonly { value: Float64Array }[]; jobs?: number }, Float64Array, undefined> = {
  name: "meet",
  prepare({ parts }) {
    const known = parts.map((part) => seen.has(part));
    for (const part of parts) seen.add(part);
    return () => Float64Array.from(parts.flatMap((part, i) => [Number(known[i]), part.value[0]!]));
  },
};

/** A task that needs no context. */
export const task = <P, R>(kind: TaskKind<P, R, undefined>, payload: P) => ({ kind, payload, context: undefined });
