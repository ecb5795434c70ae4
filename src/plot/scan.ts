/** Likelihood profiles: the rise of -2 ln L over one parameter, with the levels of 1 and 2 sigma. */
import { extent, padded, rangeOr, sameLength } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import { curve, type Layer, type LineLook, levelLine, type Values } from "./marks.js";
import { BLACK, GREY, seriesStyle } from "./style.js";
import { text } from "./text.js";

/** -2 ln L along one parameter. */
export interface ScanCurve {
  label: string;
  /** Values of the parameter. */
  values: Values;
  /** -2 ln L there; the least value of the curve, or `best`, is taken off. */
  stat: Values;
  best?: number;
}

/** What `scanPlot` draws: curves of -2 ln L along one parameter. */
export interface ScanSpec extends FigureOptions {
  curves: ScanCurve[];
  /** Name and unit of the parameter. */
  xLabel: string;
  yLabel?: string;
  /** Marked by a line. */
  bestFit?: number;
  /** Rise and name of the levels; 1 and 2 sigma of one parameter unless told. */
  levels?: { value: number; label: string }[];
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
}

const LEVEL: LineLook = { color: GREY, width: 1, dash: "5 4" };
const DROP: LineLook = { color: BLACK, width: 1, dash: "1.5 2.5" };

/**
 * Rise of -2 ln L along one parameter, with the levels of its intervals.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function scanPlot(spec: ScanSpec): string {
  const { curves, bestFit } = spec;
  const levels = spec.levels ?? [
    { value: 1, label: "1σ" },
    { value: 4, label: "2σ" },
  ];
  const rises = curves.map((c) => {
    sameLength(`scanPlot: curve "${c.label}"`, { values: c.values, stat: c.stat });
    const least = c.best ?? extent(Array.from(c.stat))?.[0] ?? 0;
    return Array.from(c.stat, (s) => s - least);
  });
  const top = Math.max(1, ...levels.map((l) => l.value)) * 1.35;
  const highest = extent(rises.flat())?.[1] ?? top;
  const autoX = padded("linear", extent(curves.flatMap((c) => Array.from(c.values))) ?? [0, 1], 0);
  const yDomain = rangeOr("scanPlot: yRange", "linear", spec.yRange, [0, Math.min(Math.max(highest, 1.2), 2.2 * top)]);
  return figure({
    ...spec,
    x: { kind: "linear", domain: rangeOr("scanPlot: xRange", "linear", spec.xRange, autoX), label: spec.xLabel },
    legend: curves.length > 1 ? curves.map((c, i) => ({ label: c.label, line: seriesStyle(i) })) : [],
    rows: [
      {
        y: { kind: "linear", domain: yDomain, label: spec.yLabel ?? "−2 Δ ln L" },
        weight: 1,
        draw: (panel) => {
          const { frame } = panel;
          const layers: Layer[] = [];
          for (const level of levels) {
            const y = panel.y.at(level.value);
            if (y < frame.y + 14) continue;
            const name = text(level.label, frame.x + frame.width - 10, y - 4, {
              size: 12,
              anchor: "end",
              color: "#555555",
            });
            const line = levelLine(panel, "y", level.value, LEVEL);
            layers.push({ svg: line.svg + name, hits: [...line.hits, [frame.x + frame.width - 18, y - 8, 3]] });
          }
          if (bestFit !== undefined) layers.push(levelLine(panel, "x", bestFit, { ...LEVEL, dash: undefined }));
          curves.forEach((c, i) => {
            layers.push(curve(panel, c.values, rises[i]!, { ...seriesStyle(i), width: 1.8 }));
            if (curves.length > 1) return;
            for (const level of levels) {
              for (const x of crossings(c.values, rises[i]!, level.value)) {
                layers.push(curve(panel, [x, x], [yDomain[0], level.value], DROP));
              }
            }
          });
          return layers;
        },
      },
    ],
  });
}

/** Where the curve passes a level, by straight lines between its points. */
function crossings(xs: Values, ys: readonly number[], level: number): number[] {
  const found: number[] = [];
  for (let i = 1; i < ys.length; i++) {
    const a = ys[i - 1]! - level;
    const b = ys[i]! - level;
    if (a * b < 0) found.push(xs[i - 1]! + ((xs[i]! - xs[i - 1]!) * a) / (a - b));
  }
  return found;
}
