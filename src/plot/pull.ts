/** Pulls: how far parameters moved from their priors (or from the truth), in units of sigma. */
import { rowsHeight } from "./axes.js";
import { extent } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import { levelLine, points, span } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { BLACK, colorOf } from "./style.js";

/** What `pullPlot` draws: pulls of parameters, in units of the error of their prior. */
export interface PullSpec extends FigureOptions {
  /** (fit - expected) / sigma; `error` is the fitted error in units of the same sigma, 1 where nothing was learnt. */
  pulls: { label: string; value: number; error?: number }[];
  xLabel?: string;
}

const ROW = 24;

/** Pulls of nuisance parameters, a row for each. */
export function pullPlot(spec: PullSpec): string {
  const styled = withStyle(spec, "pullPlot");
  const { pulls } = styled;
  const n = pulls.length;
  const errors = pulls.map((p) => p.error ?? 1);
  const ends = extent(pulls.flatMap((p, i) => [p.value - errors[i]!, p.value + errors[i]!])) ?? [0, 0];
  const reach = Math.max(3, 1.1 * Math.max(-ends[0], ends[1]));
  const xLabel = styled.xLabel ?? "(fit − prior) / σ";
  const natural = rowsHeight(n, ROW, styled.title);
  const rowsOf = Float64Array.from({ length: n }, (_, i) => n - i);
  return figure({
    ...styled,
    natural,
    x: { kind: "linear", domain: [-reach, reach], label: xLabel },
    rows: [
      {
        y: {
          kind: "linear",
          domain: [0.3, Math.max(n, 1) + 0.7],
          label: "",
          names: pulls.map((p, i) => ({ value: n - i, label: p.label })),
        },
        weight: 1,
        draw: (panel) => [
          span(panel, "x", -2, 2, "#efefef"),
          span(panel, "x", -1, 1, "#dcdcdc"),
          levelLine(panel, "x", 0, { color: BLACK, width: 0.8 }),
          points(
            panel,
            {
              x: pulls.map((p) => p.value),
              y: rowsOf,
              xLo: pulls.map((p, i) => p.value - errors[i]!),
              xHi: pulls.map((p, i) => p.value + errors[i]!),
            },
            { color: colorOf(0, styled.style), marker: "circle" },
          ),
        ],
      },
    ],
  });
}
