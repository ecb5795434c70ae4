import { blockColumns } from "./columns.js";
import type { ExtendedSource } from "./extended/free-shape.js";
import { fillRows } from "./extended/rows.js";
import { secondDerivatives } from "./extended/second-derivatives.js";
import { createExtended, update } from "./extended/state.js";
import { fillTotals } from "./extended/totals.js";
import type { Response } from "./response.js";
import { shapeVector } from "./shape-vector.js";
import type { Component, IrfSwitches } from "./types.js";

/**
 * A source whose place or extent is free. Around the current shape parameters the counts are convolved images (value, first and second derivatives by
 * the shape) times z = (S, S dq, S dq dq'), with dq = 0: so value, gradient and Hessian are exact. Rows have the value and the first derivatives.
 */
export function extendedComponent(source: ExtendedSource, response: Response, irf: IrfSwitches): Component {
  const e = createExtended(source, response, irf);
  const { name, spectrum, free } = source;
  const columns = blockColumns(e.reach, e.nImages, spectrum.size);
  return {
    name,
    vector: shapeVector(spectrum, free.length),
    refresh: (x, offset, order) => update(e, x, offset + spectrum.n, order),
    columns: (r) => columns[r]!,
    rows: (r, pixels, out, stride, at) => fillRows(e, r, pixels, out, stride, at),
    totals: (mask, out) => fillTotals(e, mask, out),
    hidden: secondDerivatives(e),
  };
}
