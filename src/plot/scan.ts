/** Likelihood profiles: the rise of -2 ln L over one parameter, with the levels of 1 and 2 sigma. */
import type { Panel } from "./axes.js";
import { extent, padded, rangeOr, sameLength } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import { curve, type Hit, type Layer, type LineLook, layerHits, levelLine, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { BLACK, GREY, seriesStyle } from "./style.js";
import { text, textWidth } from "./text.js";

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
  /** "upper" or "lower": a limit, which has one end; both ends of an interval unless told. */
  side?: "both" | "upper" | "lower";
  /** Rise and name of the levels; 1 and 2 sigma of one parameter unless told. */
  levels?: { value: number; label: string }[];
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
}

const LEVELS = [
  { value: 1, label: "1σ" },
  { value: 4, label: "2σ" },
];
const LEVEL: LineLook = { color: GREY, width: 1, dash: "5 4" };
const DROP: LineLook = { color: BLACK, width: 1, dash: "1.5 2.5" };

/**
 * Rise of -2 ln L along one parameter, with the levels of its intervals.
 * @throws SpecError where arrays that belong together differ in length.
 */
export function scanPlot(spec: ScanSpec): string {
  const styled = withStyle(spec, "scanPlot");
  const { curves, bestFit, style: palette, levels = LEVELS, side = "both" } = styled;
  const rises = curves.map((c) => {
    sameLength(`scanPlot: curve "${c.label}"`, { values: c.values, stat: c.stat });
    const least = c.best ?? extent(Array.from(c.stat))?.[0] ?? 0;
    return Array.from(c.stat, (s) => s - least);
  });
  const top = Math.max(1, ...levels.map((l) => l.value)) * 1.35;
  const highest = extent(rises.flat())?.[1] ?? top;
  const autoX = padded("linear", extent(curves.flatMap((c) => Array.from(c.values))) ?? [0, 1], 0);
  const yDomain = rangeOr("scanPlot: yRange", "linear", styled.yRange, [
    0,
    Math.min(Math.max(highest, 1.2), 2.2 * top),
  ]);
  return figure({
    ...styled,
    x: { kind: "linear", domain: rangeOr("scanPlot: xRange", "linear", styled.xRange, autoX), label: styled.xLabel },
    entries: curves.length > 1 ? curves.map((c, i) => ({ label: c.label, line: seriesStyle(i, palette) })) : [],
    rows: [
      {
        y: { kind: "linear", domain: yDomain, label: styled.yLabel ?? "−2 Δ ln L" },
        weight: 1,
        draw: (panel) => {
          const lines = curves.map((c, i) =>
            curve(panel, c.values, rises[i]!, { ...seriesStyle(i, palette), width: 1.8 }),
          );
          const layers = levels.map((level) => namedLevel(panel, level, layerHits(lines)));
          if (bestFit !== undefined) layers.push(levelLine(panel, "x", bestFit, { ...LEVEL, dash: undefined }));
          layers.push(...lines);
          if (curves.length > 1) return layers;
          for (const [i, c] of curves.entries()) {
            const ends = levels.flatMap((level) =>
              crossings(c.values, rises[i]!, level.value).map((x) => ({ x, level: level.value })),
            );
            const best = bestFit ?? c.values[rises[i]!.indexOf(Math.min(...rises[i]!))]!;
            for (const { x, level } of ends) {
              if (side === "both" || x > best === (side === "upper")) {
                layers.push(curve(panel, [x, x], [yDomain[0], level], DROP));
              }
            }
          }
          return layers;
        },
      },
    ],
  });
}

const NAME_SIZE = 12;

/** A line at a level, with its name where no curve passes, if there is such a place. */
function namedLevel(panel: Panel, level: { value: number; label: string }, curves: readonly Hit[]): Layer {
  const { frame } = panel;
  const y = panel.y.at(level.value);
  if (!(y >= frame.y + 14)) return { svg: "", hits: [] };
  const line = levelLine(panel, "y", level.value, LEVEL);
  const width = textWidth(level.label, NAME_SIZE);
  const room = frame.width - 20 - width;
  const lies =
    (left: number) =>
    ([x, top]: Hit) =>
      x > left - 4 && x < left + width + 4 && top > y - 6 - NAME_SIZE && top < y + 2;
  const places = Array.from({ length: 21 }, (_, i) => frame.x + 10 + (room * (20 - i)) / 20);
  const left = places.find((x) => !curves.some(lies(x))) ?? places[0]!;
  const name = text(level.label, left, y - 4, { size: NAME_SIZE, color: "#555555", halo: "#ffffff" });
  const hits = Array.from({ length: 5 }, (_, i): Hit => [left + (width * i) / 4, y - 8, 3]);
  return { svg: line.svg + name, hits: [...line.hits, ...hits] };
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
