/** Ctrl-C as an AbortSignal. */

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Runs what keeps the event loop from hearing of Ctrl-C, and writes nothing: it ends the process at once meanwhile. */
  compute<T>(run: () => T): T;
  /** Ctrl-C ends the process again, as usual. */
  dispose(): void;
}

/** Exit status of a process that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** The first Ctrl-C aborts the signal, so that work stops in good order; the second one ends the process. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  const handle = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(new DOMException("Interrupted", "AbortError"));
  };
  process.on("SIGINT", handle);
  return {
    signal: controller.signal,
    compute(run) {
      process.off("SIGINT", handle);
      try {
        return run();
      } finally {
        process.on("SIGINT", handle);
      }
    },
    dispose: () => void process.off("SIGINT", handle),
  };
}
