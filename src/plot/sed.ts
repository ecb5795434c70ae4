/** The spectral energy distribution: E^p dN/dE over energy, both axes logarithmic. */

import { SpecError } from "../errors.js";
import { conversionFactor } from "../units/index.js";
import type { Panel } from "./axes.js";
import { extent, padded, rangeOr, sameLength } from "./check.js";
import { type FigureOptions, figure, type Row } from "./figure.js";
import type { LegendEntry, LegendPlace } from "./legend.js";
import { band, curve, type Layer, points, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { type Drawn, divided, ratioRange } from "./ratio.js";
import { BLACK, ENERGY_UNITS, type EnergyUnit, seriesStyle } from "./style.js";

/** A spectrum, with or without an error band. */
export interface SedCurve {
  label: string;
  /** TeV. */
  energy: Values;
  /** cm-2 s-1 TeV-1, like `lo` and `hi`, the ends of the band. */
  dnde: Values;
  lo?: Values;
  hi?: Values;
}

/** Flux points in TeV and cm-2 s-1 TeV-1. `errn` and `errp` are lengths, both positive. */
export interface SedPoints {
  label: string;
  energy: Values;
  energyMin?: Values;
  energyMax?: Values;
  dnde: Values;
  errn?: Values;
  errp?: Values;
  isUl?: ArrayLike<boolean | number>;
  ul?: Values;
}

/** What `sedPlot` draws: spectra and flux points. */
export interface SedSpec extends FigureOptions {
  curves?: SedCurve[];
  points?: SedPoints[];
  /** p of E^p dN/dE; 2 unless told. */
  energyPower?: number;
  /** Unit of the energy axis; TeV unless told. */
  energyUnit?: EnergyUnit;
  /** Energy unit of E^p dN/dE, with or without its " cm-2 s-1"; erg unless told. */
  sedUnit?: EnergyUnit | `${EnergyUnit} cm-2 s-1`;
  /** Ranges in the units of the axes. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  legend?: boolean | LegendPlace;
  /** A frame below with all divided by the first curve. */
  ratio?: boolean;
  /** In place of the usual labels. */
  xLabel?: string;
  yLabel?: string;
}

/**
 * Spectral energy distribution: spectra with error bands, and flux points.
 * @throws SpecError where a unit is unknown or arrays that belong together differ in length.
 */
export function sedPlot(spec: SedSpec): string {
  const styled = withStyle(spec, "sedPlot");
  const { curves = [], points: sets = [], energyPower: p = 2, energyUnit = "TeV", style: palette } = styled;
  if (styled.ratio && curves.length === 0) {
    throw new SpecError("sedPlot: ratio divides by the first model, and there is none; give one, or leave ratio out");
  }
  const sedUnit = (styled.sedUnit ?? "erg").replace(/ cm-2 s-1$/, "") as EnergyUnit;
  for (const [name, unit] of [
    ["energyUnit", energyUnit],
    ["sedUnit", sedUnit],
  ] as const) {
    if (!ENERGY_UNITS.includes(unit))
      throw new SpecError(`sedPlot: ${name} "${unit}"; expected one of ${ENERGY_UNITS.join(", ")}`);
  }
  const toX = conversionFactor("TeV", energyUnit);
  const toY = conversionFactor("TeV", sedUnit) ** (p - 1);
  const xOf = (energies: Values) => Array.from(energies, (e) => e * toX);
  const yOf = (energies: Values, dnde: Values) => Array.from(dnde, (f, i) => f * energies[i]! ** p * toY);

  const drawnCurves = curves.map((c): Drawn => {
    sameLength(`sedPlot: curve "${c.label}"`, { energy: c.energy, dnde: c.dnde, lo: c.lo, hi: c.hi });
    const banded = c.lo !== undefined && c.hi !== undefined;
    return {
      x: xOf(c.energy),
      y: yOf(c.energy, c.dnde),
      yLo: banded ? yOf(c.energy, c.lo!) : undefined,
      yHi: banded ? yOf(c.energy, c.hi!) : undefined,
    };
  });
  const drawnPoints = sets.map((s) => drawnPointSet(s, xOf, yOf));
  const pointStyles = sets.map((_, i) => seriesStyle(i, palette));
  // The first curve is black, the others go on where the colours of the points end.
  const curveStyles = curves.map((_, i) => {
    const style = seriesStyle(i === 0 ? 0 : sets.length + i - 1, palette);
    return { color: i === 0 ? BLACK : style.color, dash: i === 0 ? undefined : (seriesStyle(i).dash ?? "4 2") };
  });

  const xRange = rangeOr("sedPlot: xRange", "log", styled.xRange, autoX(drawnCurves, drawnPoints));
  const yRange = rangeOr("sedPlot: yRange", "log", styled.yRange, autoY(drawnCurves, drawnPoints, xRange));
  const entries: LegendEntry[] = [
    ...curves.map((c, i) => ({
      label: isPositive(drawnCurves[i]!) ? c.label : `${c.label} (not above 0)`,
      line: curveStyles[i]!,
      band: drawnCurves[i]!.yLo && { color: bandColor(curveStyles[i]!.color), opacity: BAND_OPACITY },
    })),
    ...sets.map((s, i) => ({
      label: s.label,
      marker: pointStyles[i]!,
      bars: true,
      arrow: onlyLimits(drawnPoints[i]!),
    })),
  ];
  const contents =
    (bands: readonly Drawn[], dots: readonly Drawn[]) =>
    (panel: Panel): Layer[] => [
      ...bands.flatMap((c, i) =>
        c.yLo && c.yHi ? [band(panel, c.x, c.yLo, c.yHi, bandColor(curveStyles[i]!.color), BAND_OPACITY)] : [],
      ),
      ...bands.map((c, i) => curve(panel, c.x, c.y, curveStyles[i]!)),
      ...dots.map((s, i) => points(panel, s, pointStyles[i]!)),
    ];
  const rows: Row[] = [
    {
      y: { kind: "log", domain: yRange, label: styled.yLabel ?? sedLabel(p, sedUnit) },
      weight: 3,
      draw: contents(drawnCurves, drawnPoints),
    },
  ];
  if (styled.ratio) {
    const [lines, dots] = [drawnCurves, drawnPoints].map((all) => all.map((s) => divided(s, drawnCurves[0]!)));
    const domain = ratioRange(lines!, dots!, xRange);
    const label = sets.length > 0 ? "Data / model" : "Ratio";
    rows.push({ y: { kind: "linear", domain, label }, weight: 1.2, draw: contents(lines!, dots!) });
  }
  return figure({
    ...styled,
    x: { kind: "log", domain: xRange, label: styled.xLabel ?? `Energy [${energyUnit}]` },
    entries,
    rows,
  });
}

const BAND_OPACITY = 0.25;
const bandColor = (color: string) => (color === BLACK ? "#444444" : color);
const isPositive = (s: Drawn) => s.y.length === 0 || s.y.some((v) => v > 0);
const onlyLimits = (s: Drawn) => s.isUl !== undefined && s.isUl.length > 0 && s.isUl.every(Boolean);

function drawnPointSet(s: SedPoints, xOf: (e: Values) => number[], yOf: (e: Values, f: Values) => number[]): Drawn {
  const { label: _, ...arrays } = s;
  sameLength(`sedPlot: points "${s.label}"`, arrays as Record<string, ArrayLike<unknown> | undefined>);
  const value = Array.from(s.dnde, (f, i) => (s.isUl?.[i] ? (s.ul?.[i] ?? Number.NaN) : f));
  const end = (err: Values | undefined, sign: 1 | -1) =>
    err &&
    yOf(
      s.energy,
      Array.from(value, (f, i) => f + sign * (Number.isFinite(err[i]!) ? err[i]! : 0)),
    );
  // Where the flux itself is not positive, a log axis has no place for it: nothing is drawn there.
  const y = yOf(s.energy, value).map((v) => (v > 0 ? v : Number.NaN));
  return {
    x: xOf(s.energy),
    y,
    xLo: s.energyMin && s.energyMax && xOf(s.energyMin),
    xHi: s.energyMin && s.energyMax && xOf(s.energyMax),
    yLo: end(s.errn, -1) ?? (s.errp && y),
    yHi: end(s.errp, 1) ?? (s.errn && y),
    isUl: s.isUl && Array.from(s.isUl, Boolean),
  };
}

function autoX(curves: Drawn[], sets: Drawn[]): [number, number] {
  const all = [...curves.flatMap((c) => c.x), ...sets.flatMap((s) => [...s.x, ...(s.xLo ?? []), ...(s.xHi ?? [])])];
  const found = extent(all, true) ?? [0.1, 10];
  return padded("log", found, sets.length === 0 ? 0 : 0.03);
}

/**
 * Points count with their bars, a bar towards zero with at most a decade; curves with their bands, at most 1.5 decades beyond
 * the points, or 8 decades below their maximum where there are no points.
 */
function autoY(curves: Drawn[], sets: Drawn[], [xMin, xMax]: readonly [number, number]): [number, number] {
  const seen = (s: Drawn, i: number) => s.x[i]! >= xMin * 0.999 && s.x[i]! <= xMax * 1.001 && s.y[i]! > 0;
  const pointValues = sets.flatMap((s) =>
    s.y.flatMap((y, i) => {
      if (!seen(s, i)) return [];
      if (s.isUl?.[i]) return [y, y / 2.5];
      return [y, Math.max(s.yLo?.[i] ?? y, y / 10), Math.min(s.yHi?.[i] ?? y, y * 30)];
    }),
  );
  const curveValues = curves.flatMap((c) =>
    c.y.flatMap((y, i) =>
      seen(c, i) ? [y, Math.max(c.yLo?.[i] ?? y, y / 10), Math.min(c.yHi?.[i] ?? y, y * 10)] : [],
    ),
  );
  // 12 decades hold whatever a telescope can measure: a point below is a fault in the input
  const fromPoints = capped(extent(pointValues, true));
  const fromCurves = extent(curveValues, true);
  if (fromCurves === undefined) return padded("log", fromPoints ?? [1e-13, 1e-10]);
  if (fromPoints === undefined) return padded("log", [Math.max(fromCurves[0], fromCurves[1] * 1e-8), fromCurves[1]]);
  const beyond = 10 ** 1.5;
  const lo = Math.min(fromPoints[0], Math.max(fromCurves[0], fromPoints[0] / beyond));
  const hi = Math.max(fromPoints[1], Math.min(fromCurves[1], fromPoints[1] * beyond));
  return padded("log", [lo, hi]);
}

const capped = (range: [number, number] | undefined): [number, number] | undefined =>
  range && [Math.max(range[0], 1e-12 * range[1]), range[1]];

function sedLabel(p: number, unit: EnergyUnit): string {
  const power = (n: number) => String(n).replace("-", "−");
  const factor = p === 0 ? "" : p === 1 ? "E " : `E^{${power(p)}} `;
  const energy = p === 1 ? "" : p === 2 ? `${unit} ` : `${unit}^{${power(p - 1)}} `;
  return `${factor}dN/dE [${energy}cm^{−2} s^{−1}]`;
}
