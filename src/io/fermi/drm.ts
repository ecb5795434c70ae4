/**
 * Energy dispersion of gtdrm: a table DRM laid out as an RMF, its rows true energies in MeV. Rows beyond the counts (edisp_bins, as many on either side) come first and
 * last; the table EBOUNDS beside it holds channel numbers, and no energies.
 */
import { FormatError } from "../../errors.js";
import { findTable, type Hdu, headerNumber, type TableHdu } from "../../fits/index.js";
import { axisFromEdges } from "../../sky/axis.js";
import type { MapAxis, SkyMap } from "../../sky/types.js";
import type { NoteOptions } from "../cards.js";
import type { MemoryLimit } from "../memory.js";
import { readRmf } from "../ogip/response.js";

/** Energies in MeV, where the columns do not say it. */
const inMeV = (table: TableHdu): TableHdu => ({
  ...table,
  columns: table.columns.map((column) => (/^ENERG_/i.test(column.name) ? { unit: "MeV", ...column } : column)),
});

/** `map`: probability [energy_true, energy], the same everywhere; `margin`: bins of true energy beyond the counts, on either side. */
export function readGtdrm(hdus: readonly Hdu[], options: MemoryLimit & NoteOptions): { map: SkyMap; margin: number } {
  const { where } = options;
  const table = findTable(hdus, "DRM", where);
  const at = `${where}: HDU ${table.name}`;
  const channels = headerNumber(table.header, "DETCHANS", at);
  const margin = (table.nrows - channels) / 2;
  if (!(Number.isInteger(channels) && channels > 0 && Number.isInteger(margin) && margin >= 0)) {
    throw new FormatError({
      where: at,
      found: `${table.nrows} rows for DETCHANS ${channels}`,
      expected: "as many rows as channels, or as many more at the lower end as at the upper",
    });
  }
  const { axis, matrix } = readRmf({ hdus, path: where, chosen: inMeV(table) }, channels, {
    ...options,
    firstChannel: 1,
  });
  const edges = axis.nodes.subarray(margin, axis.nodes.length - margin);
  const energy: MapAxis = axisFromEdges(edges, { ...axis, name: "energy" });
  const geom = { kind: "region", regions: [], wcs: null, axes: [energy, axis] } as const;
  return { map: { geom, unit: "", data: matrix }, margin };
}
