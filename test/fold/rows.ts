import type { MapDataset } from "../../src/datasets/types.js";
import type { Component } from "../../src/fold/types.js";
import { nBins } from "../../src/sky/axis.js";
import { nPix } from "../../src/sky/pixels.js";

/** Counts [energy, lat, lon] of a component: its rows times what `vector` has at present. */
export function fillColumns(component: Component, dataset: MapDataset): Float64Array {
  const { geom, data } = dataset.counts!;
  const n = nPix(geom);
  const all = Int32Array.from({ length: n }, (_, k) => k);
  const out = new Float64Array(data.length);
  for (let r = 0; r < nBins(geom.axes[0]!); r++) {
    const columns = component.columns(r);
    const rows = new Float64Array(n * columns.length);
    component.rows(r, all, rows, columns.length, 0);
    rows.forEach((x, i) => {
      out[r * n + Math.floor(i / columns.length)]! += x * component.vector.s[columns[i % columns.length]!]!;
    });
  }
  return out;
}
