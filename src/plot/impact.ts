/** Impacts: how far a parameter moves when each nuisance parameter is held one error up or down. */
import { rowsHeight } from "./axes.js";
import { extent } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import { area, type Hit, levelLine } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { BLACK, colorOf } from "./style.js";

/** What `impactPlot` draws: the shifts of a parameter of interest by each nuisance parameter. */
export interface ImpactSpec extends FigureOptions {
  /** Shifts with the nuisance parameter down and up. */
  impacts: { label: string; down: number; up: number }[];
  xLabel: string;
}

const ROW = 30;
const HALF = 0.3;

/** Impacts of nuisance parameters, a row for each. */
export function impactPlot(spec: ImpactSpec): string {
  const styled = withStyle(spec, "impactPlot");
  const { impacts, xLabel } = styled;
  const n = impacts.length;
  const [lo, hi] = extent(impacts.flatMap((p) => [p.down, p.up])) ?? [0, 0];
  const reach = 1.15 * Math.max(-lo, hi) || 1;
  const natural = rowsHeight(n, ROW, styled.title);
  return figure({
    ...styled,
    natural,
    x: { kind: "linear", domain: [-reach, reach], label: xLabel },
    entries: [
      { label: "−1 error", band: { color: colorOf(1, styled.style), opacity: 0.75 } },
      { label: "+1 error", band: { color: colorOf(0, styled.style), opacity: 0.75 } },
    ],
    rows: [
      {
        y: {
          kind: "linear",
          domain: [0.3, Math.max(n, 1) + 0.7],
          label: "",
          names: impacts.map((p, i) => ({ value: n - i, label: p.label })),
        },
        weight: 1,
        draw: (panel) => [
          ...impacts.flatMap((p, i) =>
            (
              [
                [p.down, colorOf(1, styled.style)],
                [p.up, colorOf(0, styled.style)],
              ] as const
            ).map(([shift, color]) => {
              const [bottom, top] = [n - i - HALF, n - i + HALF];
              const bar = area(panel, [{ x: [0, shift, shift, 0], y: [bottom, bottom, top, top] }], color, 0.75);
              // the legend keeps off the bars
              const along = [0.2, 0.5, 0.8, 1].map((share) => panel.x.at(share * shift));
              const hits = along.flatMap((x) => [bottom, n - i, top].map((y): Hit => [x, panel.y.at(y), 6]));
              return { ...bar, hits };
            }),
          ),
          levelLine(panel, "x", 0, { color: BLACK, width: 0.8 }),
        ],
      },
    ],
  });
}
