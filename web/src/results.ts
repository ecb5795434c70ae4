/** What a fit found, dataset by dataset, and how the parameters hang together. */
import { h, shown, table } from "./dom.js";
import type { FitSummary, MinosRow, Step, View } from "./types.js";

export interface DatasetTable {
  readonly element: HTMLElement;
  follow(step: Step): void;
}

export function datasetTable({ datasets }: View): DatasetTable {
  const cells = datasets.map((d) => ({
    stat: h("span", {}, shown(d.stat, 7)),
    npred: h("span", {}, shown(d.npred, 6)),
  }));
  const element = table(
    ["dataset", "type", "bins", "counts", "npred", "stat"],
    datasets.map((d, i) => [d.name, d.type, String(d.bins), shown(d.counts, 7), cells[i]!.npred, cells[i]!.stat]),
  );
  return {
    element,
    follow({ datasets: now }) {
      now.forEach(({ stat, npred }, i) => {
        cells[i]!.stat.textContent = shown(stat, 7);
        cells[i]!.npred.textContent = shown(npred, 6);
      });
    },
  };
}

export function fitSummary(fit: FitSummary | undefined): HTMLElement {
  if (fit === undefined) return h("p", { class: "quiet" }, "Not fitted as it stands.");
  const { success, message, warnings, nfev, milliseconds } = fit;
  const words = [`${message} ${nfev} evaluations, ${shown(milliseconds, 2)} ms.`, ...warnings].join(" ");
  return h("p", { class: success && warnings.length === 0 ? "good" : "bad" }, words);
}

/** Blue for positive, orange for negative correlations, both with their number. */
export function correlationTable({ ids, correlation }: FitSummary): HTMLElement {
  const n = ids.length;
  const cell = (r: number) => {
    const strength = Math.round(Math.abs(r) * 55);
    const color = r < 0 ? "var(--minus)" : "var(--plus)";
    return h(
      "span",
      { class: "cell", style: `background: color-mix(in srgb, ${color} ${strength}%, transparent)` },
      r.toFixed(2),
    );
  };
  return table(
    ["correlation", ...ids],
    ids.map((id, i) => [id, ...ids.map((_, j) => cell(correlation[i * n + j]!))]),
  );
}

export function minosTable(rows: readonly MinosRow[]): HTMLElement {
  return table(
    ["MINOS error", "down", "up", ""],
    rows.map((m) => [m.id, shown(-m.errn, 3), `+${shown(m.errp, 3)}`, m.message]),
  );
}
