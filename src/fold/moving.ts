import { fillFluxes } from "./moving/fluxes.js";
import { columnsOf, fillRows, fillTotals } from "./moving/rows.js";
import { type Coordinate, createMoving, type MovingSource, place } from "./moving/state.js";
import type { Response } from "./response.js";
import type { Component, IrfSwitches } from "./types.js";

/**
 * A point source with a free position. Its counts are bilinear in its pixel position, in its position between the middles of the psf map's pixels, and between those of the
 * energy dispersion's: so as long as it stays between the same of them, they and their derivatives are exact with the rows of these; when it does not, they are read anew.
 */
export function movingComponent(source: MovingSource, response: Response, irf: IrfSwitches): Component {
  const m = createMoving(source, response, irf);
  const { spectrum, lon, lat } = source;
  const columns = columnsOf(m);
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
