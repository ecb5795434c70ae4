/** How far a long task is: one line on a terminal, nothing elsewhere. */

export interface Progress {
  /** Without an end in sight the total is infinite. */
  update(done: number, total: number): void;
  /** Removes the line. */
  end(): void;
}

/** Options of `progressLine`. */
export interface ProgressOptions {
  /** Where to; stderr unless told, so that stdout holds results only. */
  readonly stream?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  /** Shown only if the task takes longer, ms. */
  readonly delay?: number;
}

const BAR = 24;

/** A line in the terminal that shows how far a task is; nothing where the output is no terminal. */
export function progressLine(label: string, options: ProgressOptions = {}): Progress {
  const { delay = 500 } = options;
  const start = Date.now();
  let shown = "";
  // Node makes stderr when it is asked for first, which a short task does not wait for
  const streamOf = () => options.stream ?? process.stderr;
  return {
    update(done, total) {
      if (Date.now() - start < delay) return;
      const stream = streamOf();
      if (!stream.isTTY) return;
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const full = Math.round(share * BAR);
      const bar = "█".repeat(full) + "░".repeat(BAR - full);
      const state = total === Number.POSITIVE_INFINITY ? String(done) : `${bar} ${Math.floor(100 * share)} %`;
      const line = `${label} ${state}`.slice(0, (stream.columns ?? 80) - 1);
      if (line === shown) return;
      shown = line;
      stream.write(`\r\x1b[2K${line}`);
    },
    end() {
      if (shown !== "") streamOf().write("\r\x1b[2K");
      shown = "";
    },
  };
}
