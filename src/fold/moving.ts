import { blockColumns } from "./columns.js";
import { fillFluxes } from "./moving/fluxes.js";
import { fillRows, fillTotals } from "./moving/rows.js";
import { CORNERS, type Coordinate, createMoving, type MovingSource, place } from "./moving/state.js";
import type { Response } from "./response.js";
import type { Component, IrfSwitches } from "./types.js";

/**
 * A point source with a free position. Its counts are bilinear in its pixel position, so inside a pixel cell they and their derivatives are exact with
 * the rows of the four corners; when the position leaves the cell, they, psf and energy dispersion are read anew.
 */
export function movingComponent(source: MovingSource, response: Response, irf: IrfSwitches): Component {
  const m = createMoving(source, response, irf);
  const { spectrum, lon, lat } = source;
  const columns = blockColumns(m.reach, CORNERS, spectrum.size);
  const value = ({ slot, value }: Coordinate, p: Float64Array, offset: number) =>
    slot < 0 ? value : p[offset + slot]!;
  return {
    name: source.name,
    vector: {
      ...m.vector,
      ...(spectrum.refine !== undefined && { refine: spectrum.refine }),
      update(p, offset, order) {
        spectrum.update(p, offset, order);
        fillFluxes(m, order);
      },
    },
    refresh: (p, offset, order) => place(m, value(lon, p, offset), value(lat, p, offset), order),
    columns: (r) => columns[r]!,
    rows: (r, pixels, out, stride, at) => fillRows(m, r, pixels, out, stride, at),
    totals: (mask, out) => fillTotals(m, mask, out),
  };
}
