import { findPeaks, type Peak } from "../estimators/peaks.js";
import type { Summary } from "../io/formats/types.js";
import { columnsOf } from "../io/table/rows.js";
import { tableText } from "../io/table/text.js";
import type { Table } from "../io/table/types.js";
import type { FluxMaps } from "../io/types.js";
import { axisEdges, nPix } from "../sky/index.js";
import type { SkyMap, WcsGeom } from "../sky/types.js";
import { peakColumns } from "./map-choices.js";

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
  const table = (): Table => quantitiesTable(quantities);
  const found = significanceOf(file);
  const energies = found && axisEdges(found.geom.axes[0]!);
  const peaks = (found?.peaks ?? []).flatMap((some, bin) => some.map((peak) => ({ energy_bin: bin, ...peak })));
  const model = file.modelFile === undefined ? "" : `, times the model in ${file.modelFile}`;
  const peaksOf = () => peaksTable(peaks, energies ?? new Float64Array());
  const said = peaks.length === 0 ? `No peak of sqrt(TS) above ${THRESHOLD}` : tableText(peaksOf());
  return {
    text: `SED type: ${file.sedType}${model}\n${tableText(table())}\n${said}`,
    data: { sed_type: file.sedType, model: file.modelFile ?? null, quantities, peaks },
    tables: { quantities: table, peaks: peaksOf },
  };
}

interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly bins: number;
  readonly pixels: number;
  readonly least: number;
  readonly most: number;
}

function quantitiesTable(quantities: readonly Quantity[]): Table {
  const { text, number, whole } = columnsOf(quantities);
  return {
    name: "quantities",
    about: "Maps",
    columns: [
      text("quantity", (q) => q.name),
      text("unit", (q) => q.unit),
      whole("energy bins", (q) => q.bins),
      whole("values", (q) => q.pixels),
      number("least", (q) => q.least),
      number("most", (q) => q.most),
    ],
  };
}

const binsOf = ({ geom, data }: SkyMap) => data.length / nPix(geom);

function peaksTable(peaks: readonly (Peak & { energy_bin: number })[], edges: Float64Array): Table {
  return {
    name: "peaks",
    about: "Peaks of the map of sqrt(TS)",
    columns: peakColumns(columnsOf(peaks), edges),
  };
}
