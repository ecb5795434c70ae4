import { findPeaks, type Peak } from "../estimators/peaks.js";
import type { Summary } from "../io/formats/types.js";
import type { FluxMaps } from "../io/types.js";
import { axisEdges, nPix } from "../sky/index.js";
import type { SkyMap, WcsGeom } from "../sky/types.js";
import { textTable } from "./table.js";

/** Significance from which a pixel is listed. */
const THRESHOLD = 5;

/** The map of sqrt(TS) with its geometry and the peaks of each energy bin; undefined where the file has none. */
export function significanceOf({ maps }: FluxMaps) {
  const { sqrt_ts } = maps;
  if (sqrt_ts === undefined || sqrt_ts.geom.kind !== "wcs" || sqrt_ts.geom.axes.length !== 1) return undefined;
  const geom: WcsGeom = sqrt_ts.geom;
  const bins = binsOf(sqrt_ts);
  const peaks = Array.from({ length: bins }, (_, energyBin) =>
    findPeaks(sqrt_ts, { threshold: THRESHOLD, minDistance: 0.3, energyBin }),
  );
  return { geom, maps: { sqrt_ts }, peaks };
}

export function fluxMapsSummary(file: FluxMaps): Summary {
  const quantities = Object.entries(file.maps).map(([name, map]) => {
    const values = map.data.filter(Number.isFinite);
    return {
      name,
      unit: map.unit,
      bins: binsOf(map),
      pixels: values.length,
      least: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      most: values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    };
  });
  const table = textTable(
    ["quantity", "unit", "energy bins", "values", "least", "most"],
    quantities.map((q) => [q.name, q.unit, q.bins, q.pixels, q.least.toPrecision(5), q.most.toPrecision(5)]),
  );
  const found = significanceOf(file);
  const energies = found && axisEdges(found.geom.axes[0]!);
  const peaks = (found?.peaks ?? []).flatMap((some, bin) => some.map((peak) => ({ energy_bin: bin, ...peak })));
  const model = file.modelFile === undefined ? "" : `, times the model in ${file.modelFile}`;
  return {
    text: `SED type: ${file.sedType}${model}\n${table}\n${peaksTable(peaks, energies)}`,
    data: { sed_type: file.sedType, model: file.modelFile ?? null, quantities, peaks },
  };
}

const binsOf = ({ geom, data }: SkyMap) => data.length / nPix(geom);

function peaksTable(peaks: readonly (Peak & { energy_bin: number })[], edges: Float64Array | undefined): string {
  if (peaks.length === 0 || edges === undefined) return `No peak of sqrt(TS) above ${THRESHOLD}`;
  return textTable(
    ["energy [TeV]", "sqrt(TS)", "RA [deg]", "Dec [deg]"],
    peaks.map(({ energy_bin: r, value, ra, dec }) => [
      `${edges[r]!.toPrecision(3)} - ${edges[r + 1]!.toPrecision(3)}`,
      value.toFixed(2),
      ra.toFixed(4),
      dec.toFixed(4),
    ]),
  );
}
