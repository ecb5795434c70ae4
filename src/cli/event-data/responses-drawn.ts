/** Responses as lines: against energy at some offsets, and the energy dispersion against migra at some energies. */
import type { ResponseHdu } from "../../io/dl3/types.js";
import { shortNumber } from "../../io/table/digits.js";
import { evaluateGrid } from "../../irf/tables/grid.js";
import { containmentRadius } from "../../irf/tables/psf.js";
import type { BackgroundTable, EnergyDispersionTable, IrfTable, PsfTable } from "../../irf/tables/types.js";
import type { LineSpec, Series } from "../../plot/line.js";
import { axisCenters, nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";

/** Curves of a picture, at most. */
const CURVES = 5;
/** Energies at which radii of containment are searched, at most. */
const RADII = 20;

export function responseLines({ irfs }: ResponseHdu): { readonly name: string; readonly spec: LineSpec } {
  const { aeff, edisp, psf, background, radMax } = irfs;
  if (aeff) return { name: "aeff", spec: byOffset(aeff.table, "Effective area [m^{2}]", 1e-4) };
  if (edisp) return { name: "edisp", spec: migrations(edisp) };
  if (psf) return { name: "psf", spec: radii(psf) };
  if (background) return { name: "background", spec: rates(background) };
  return {
    name: "rad_max",
    spec: { ...byOffset(radMax!.table, "Radius of the ON region [deg]", 1), yScale: "linear", xLabel: RECO },
  };
}

const TRUE = "True energy [TeV]";
const RECO = "Energy [TeV]";

/** Some of the elements, evenly, the first and the last among them. */
function some<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / (most - 1))]!);
}

/** Offsets at which an axis has values, within the field of view. */
const offsetsOf = (axis: MapAxis, most = CURVES): number[] =>
  some(
    Array.from(axisCenters(axis)).filter((offset) => offset >= 0),
    most,
  );

/** What is not above 0 has no place on a logarithmic axis. */
const positive = (values: Float64Array): Float64Array => values.map((x) => (x > 0 ? x : Number.NaN));

const atOffset = (offset: number): string => `${shortNumber(offset)} deg`;

/** Values [energy, offset] as lines against energy. */
function byOffset(table: IrfTable, yLabel: string, factor: number): LineSpec {
  const [energy, offset] = table.axes as [MapAxis, MapAxis];
  const x = axisCenters(energy);
  const series = offsetsOf(offset).map(
    (at): Series => ({
      label: atOffset(at),
      x,
      y: positive(evaluateGrid(table, [x, [at]]).map((v) => v * factor)),
      draw: "line",
    }),
  );
  return { series, xLabel: TRUE, yLabel, xScale: "log", yScale: "log" };
}

/** Densities over migra at the smallest offset. */
function migrations({ table: { axes, data } }: EnergyDispersionTable): LineSpec {
  const [energy, migra, offset] = axes as [MapAxis, MapAxis, MapAxis];
  const [nM, nO] = [nBins(migra), nBins(offset)];
  const centers = axisCenters(energy);
  const row = (e: number) => Float64Array.from({ length: nM }, (_, m) => data[(e * nM + m) * nO]!);
  const filled = Array.from(centers.keys()).filter((e) => row(e).some((x) => x > 0));
  const x = axisCenters(migra);
  // the first and the last that are filled have few events
  const ends = filled.length > CURVES ? 1 : 0;
  const shown = some(filled, CURVES + 2).slice(ends, ends + CURVES);
  const series = shown.map((e): Series => ({ label: `${shortNumber(centers[e]!)} TeV`, x, y: row(e), draw: "line" }));
  const at = atOffset(axisCenters(offset)[0]!);
  return {
    series,
    xLabel: "Migra (energy / true energy)",
    yLabel: `dP/dmigra at an offset of ${at}`,
    xRange: spanOf(series, x),
    references: [{ axis: "x", value: 1 }],
  };
}

/** The part of an axis where values are more than a thousandth of the largest. */
function spanOf(series: readonly Series[], x: Float64Array): [number, number] {
  const seen = series.flatMap(({ y }) => {
    const top = Array.from(y).reduce((a, b) => Math.max(a, b), 0);
    return Array.from(x).filter((_, k) => y[k]! > 1e-3 * top);
  });
  if (seen.length === 0) return [x[0]!, x.at(-1)!];
  const [low, high] = [seen.reduce((a, b) => Math.min(a, b)), seen.reduce((a, b) => Math.max(a, b))];
  const room = 0.05 * (high - low) + 1e-3;
  return [Math.min(low, 1) - room, Math.max(high, 1) + room];
}

/** Radii that hold 68 % of the events, and 95 % at the smallest offset. */
function radii(psf: PsfTable): LineSpec {
  const [energy, offset] = (psf.kind === "table" ? psf.table : psf.kind === "king" ? psf.gamma : psf.sigma[0]!)
    .axes as [MapAxis, MapAxis];
  const x = some(Array.from(axisCenters(energy)), RADII);
  const offsets = offsetsOf(offset, 3);
  const line = (at: number, share: number): Series => ({
    label: `${100 * share} %, ${atOffset(at)}`,
    x,
    y: positive(Float64Array.from(x, (e) => containmentRadius(psf, e, at, share))),
    draw: "line",
  });
  return {
    series: [...offsets.map((at) => line(at, 0.68)), line(offsets[0] ?? 0, 0.95)],
    xLabel: TRUE,
    yLabel: "Radius of containment [deg]",
    xScale: "log",
    yScale: "log",
  };
}

/** Rates in bins of the field of view from its middle outwards. */
function rates({ table: { axes, data } }: BackgroundTable): LineSpec {
  const [energy, across, up] = axes as [MapAxis, MapAxis, MapAxis?];
  const [n, nUp] = [nBins(across), up === undefined ? 1 : nBins(up)];
  const middle = up === undefined ? 0 : Math.floor(nUp / 2);
  const outwards = Array.from(axisCenters(across).keys()).filter((k) => axisCenters(across)[k]! >= 0);
  const x = axisCenters(energy);
  const series = some(outwards, CURVES).map((k): Series => {
    const y = x.map((_, e) => data[(e * n + k) * nUp + middle]!);
    return { label: atOffset(axisCenters(across)[k]!), x, y: positive(y), draw: "line" };
  });
  const where = up === undefined ? "offset" : "place along the first axis of the field of view";
  return {
    series,
    xLabel: RECO,
    yLabel: `Background by ${where} [s^{-1} TeV^{-1} sr^{-1}]`,
    xScale: "log",
    yScale: "log",
  };
}
