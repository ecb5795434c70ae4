/** What `info` says of responses of the Fermi tools. */
import { radiusFinder } from "../../irf/psf.js";
import { axisCenters, axisEdges, nBins } from "../../sky/axis.js";
import type { MapAxis, SkyMap } from "../../sky/types.js";
import type { Summary } from "../formats/types.js";
import { columnsOf } from "../table/rows.js";
import { tableText } from "../table/text.js";
import type { Table } from "../table/types.js";

/** How wide a psf is, at its energies. */
export function psfSummary({ geom, data }: SkyMap): Summary {
  const [rad, energyTrue] = geom.axes as [MapAxis, MapAxis];
  const [n, radius] = [nBins(rad), radiusFinder(rad)];
  const rows = Array.from(axisCenters(energyTrue), (energy_true, k) => {
    const profile = data.subarray(k * n, (k + 1) * n);
    return { energy_true, r68: radius(profile, 0.68), r95: radius(profile, 0.95) };
  });
  const { number } = columnsOf(rows);
  const table: Table = {
    name: "psf",
    about: "Point spread function",
    columns: [
      number("energy_true", (row) => row.energy_true, { unit: "TeV", about: "true energy" }),
      number("r68", (row) => row.r68, { unit: "deg", decimals: 4, about: "radius that holds 68 % of the events" }),
      number("r95", (row) => row.r95, { unit: "deg", decimals: 4, about: "radius that holds 95 % of the events" }),
    ],
  };
  const text = `  ${n} angles from ${rad.nodes[0]} to ${shortDegrees(rad.nodes.at(-1)!)} deg\n${tableText(table)}`;
  return { text, data: { psf: rows }, tables: { psf: () => table } };
}

const shortDegrees = (x: number) => Number(x.toPrecision(4));

/** Which part of the events of each true energy is measured, and which in the bin of that energy. */
export function drmSummary({ geom, data }: SkyMap): Summary {
  const [energy, energyTrue] = geom.axes as [MapAxis, MapAxis];
  const edges = axisEdges(energyTrue);
  const n = nBins(energy);
  const margin = (nBins(energyTrue) - n) / 2;
  const rows = Array.from({ length: nBins(energyTrue) }, (_, t) => ({
    e_min: edges[t]!,
    e_max: edges[t + 1]!,
    measured: data.subarray(t * n, (t + 1) * n).reduce((sum, p) => sum + p, 0),
    in_bin: t >= margin && t < margin + n ? data[t * n + t - margin]! : null,
  }));
  const { number } = columnsOf(rows);
  const table: Table = {
    name: "edisp",
    about: "Energy dispersion",
    columns: [
      number("e_min", (row) => row.e_min, { unit: "TeV", about: "true energy from" }),
      number("e_max", (row) => row.e_max, { unit: "TeV", about: "to" }),
      number("measured", (row) => row.measured, {
        decimals: 4,
        about: "share of the events at energies of the counts",
      }),
      number("in_bin", (row) => row.in_bin, {
        decimals: 4,
        about: "share in the bin of the true energy",
        reason: "the true energy lies beyond the counts",
      }),
    ],
  };
  const text = `  ${nBins(energyTrue)} bins of true energy, ${margin} beyond the counts on either side (edisp_bins)\n${tableText(table)}`;
  return {
    text,
    data: { edisp_bins: margin, edisp: rows },
    tables: { edisp: () => table },
  };
}
