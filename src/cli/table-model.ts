/** What commands say of a table model, and how they draw it. */

import { createSubmodel, dnde } from "../api/models.js";
import type { Summary } from "../io/formats/types.js";
import { shortNumber } from "../io/table/digits.js";
import { columnsOf } from "../io/table/rows.js";
import { tableText } from "../io/table/text.js";
import type { Table } from "../io/table/types.js";
import type { TableModel } from "../models/types.js";
import { type LineSpec, linePlot } from "../plot/line.js";

const KEV = 1e-9; // TeV

export function tableModelSummary(table: TableModel): Summary {
  const { name, isAdditive, energy, parameters, hasRedshift, below, above, spectra } = table;
  const bins = energy.length - 1;
  const points = spectra.length / bins;
  const [from, to] = [energy[0]! / KEV, energy[bins]! / KEV];
  const kind = isAdditive ? "photons cm-2 s-1 (atable)" : "factors (mtable), or depths of them (etable)";
  const [low, high] = isAdditive ? [0, 0] : [below ?? 1, above ?? 1];
  const outside = low === high ? `${low} outside` : `${low} below and ${high} above`;
  const count = `${parameters.length} parameter${parameters.length === 1 ? "" : "s"}`;
  const list = parametersTable(table);
  return {
    text: [
      `  ${name || "(no name)"}: ${kind} in ${bins} bins from ${shortNumber(from)} to ${shortNumber(to)} keV, ${outside}`,
      `  ${points} spectra for ${count}${hasRedshift ? ", and a redshift" : ""}`,
      "",
      tableText(list),
    ].join("\n"),
    data: {
      model: name,
      additive: isAdditive,
      redshift: hasRedshift,
      energy_min: energy[0]!,
      energy_max: energy[bins]!,
      n_energies: bins,
      n_spectra: points,
      parameters: parameters.map(({ values, ...parameter }) => ({ ...parameter, values: Array.from(values) })),
    },
    tables: { parameters: () => list },
  };
}

function parametersTable({ name, parameters }: TableModel): Table {
  const { text, number, whole, logical } = columnsOf(parameters);
  return {
    name: "parameters",
    about: `Parameters of ${name}`,
    columns: [
      text("parameter", (p) => p.name),
      text("method", (p) => p.method),
      number("initial", (p) => p.initial),
      logical("frozen", (p) => p.delta <= 0),
      number("min", (p) => p.minimum),
      number("max", (p) => p.maximum),
      whole("n_values", (p) => p.values.length),
      number("first", (p) => p.values[0], { reason: "not interpolated" }),
      number("last", (p) => p.values.at(-1), { reason: "not interpolated" }),
    ],
  };
}

/** The spectrum at the values where XSPEC starts, in steps from bin to bin. */
export function tableModelPicture(table: TableModel, title: string, look: Pick<LineSpec, "style">): string {
  const { energy, isAdditive } = table;
  const submodel = createSubmodel(isAdditive ? "atable" : "mtable", {}, { kind: "spectral", resources: { table } });
  const middles = energy.slice(1).map((e, i) => (e + energy[i]!) / 2);
  const values = dnde(submodel, middles).map((y) => (isAdditive ? y * KEV : y));
  return linePlot({
    title,
    legend: false,
    series: [
      {
        label: title,
        x: Float64Array.from({ length: 2 * values.length }, (_, k) => energy[(k + 1) >> 1]! / KEV),
        y: Float64Array.from({ length: 2 * values.length }, (_, k) => values[k >> 1]!),
        draw: "line",
      },
    ],
    xLabel: "Energy [keV]",
    xScale: "log",
    ...(isAdditive ? { yLabel: "dN/dE [cm⁻² s⁻¹ keV⁻¹]", yScale: "log" as const } : { yLabel: "value of the table" }),
    ...look,
  });
}
