/** Table models as files that XSPEC and Sherpa read too. */
import { imageHdu, makeColumn, tableHdu, writeFits } from "../../fits/index.js";
import type { TableModel, TableParameter } from "../../models/types.js";
import { energiesHdu, KEV, numbersColumn } from "./parts.js";

const CLASS = [
  { key: "HDUCLASS", value: "OGIP" },
  { key: "HDUCLAS1", value: "XSPEC TABLE MODEL" },
];

/** The same table in float64. */
export function writeTableModel(table: TableModel): Uint8Array {
  const { name, isAdditive, hasRedshift, below, above, energy, parameters, spectra, additions } = table;
  const n = energy.length - 1;
  const axes = parameters.filter(({ method }) => method !== "additional");
  const edges = energy.map((e) => e / KEV);
  return writeFits([
    imageHdu("PRIMARY", [], null, [
      ...CLASS,
      { key: "HDUVERS", value: "1.2.0" },
      { key: "MODLNAME", value: name },
      { key: "MODLUNIT", value: isAdditive ? "photons/cm^2/s" : "" },
      { key: "REDSHIFT", value: hasRedshift },
      { key: "ADDMODEL", value: isAdditive },
      ...(below === undefined ? [] : [{ key: "LOELIMIT", value: below }]),
      ...(above === undefined ? [] : [{ key: "HIELIMIT", value: above }]),
    ]),
    parametersHdu(parameters, axes.length),
    energiesHdu(edges.slice(0, n), edges.slice(1)),
    tableHdu(
      "SPECTRA",
      [
        numbersColumn("PARAMVAL", gridOf(axes), [axes.length]),
        numbersColumn("INTPSPEC", spectra, [n]),
        ...additions.map((values, i) => numbersColumn(`ADDSP${String(i + 1).padStart(3, "0")}`, values, [n])),
      ],
      [...CLASS, { key: "HDUCLAS2", value: "MODEL SPECTRA" }],
    ),
  ]);
}

const METHODS = { linear: 0, log: 1, additional: -1 };

function parametersHdu(parameters: readonly TableParameter[], nInterpolated: number) {
  const widest = parameters.reduce((most, { values }) => Math.max(most, values.length), 1);
  const values = new Float64Array(parameters.length * widest);
  parameters.forEach((parameter, i) => {
    values.set(parameter.values, i * widest);
  });
  const number = (column: string, key: "initial" | "delta" | "minimum" | "bottom" | "top" | "maximum") =>
    makeColumn(
      column,
      Float64Array.from(parameters, (parameter) => parameter[key]),
    );
  const whole = (column: string, of: (parameter: TableParameter) => number) =>
    makeColumn(column, Int32Array.from(parameters, of));
  return tableHdu(
    "PARAMETERS",
    [
      makeColumn(
        "NAME",
        parameters.map((parameter) => parameter.name),
      ),
      whole("METHOD", ({ method }) => METHODS[method]),
      number("INITIAL", "initial"),
      number("DELTA", "delta"),
      number("MINIMUM", "minimum"),
      number("BOTTOM", "bottom"),
      number("TOP", "top"),
      number("MAXIMUM", "maximum"),
      whole("NUMBVALS", (parameter) => parameter.values.length),
      numbersColumn("VALUE", values, [widest]),
    ],
    [
      ...CLASS,
      { key: "HDUCLAS2", value: "PARAMETERS" },
      { key: "NINTPARM", value: nInterpolated },
      { key: "NADDPARM", value: parameters.length - nInterpolated },
    ],
  );
}

/** The values of the parameters at each point of the grid [points, parameters], the last one changing fastest. */
function gridOf(axes: readonly TableParameter[]): Float64Array {
  const total = axes.reduce((n, { values }) => n * values.length, 1);
  const out = new Float64Array(total * axes.length);
  for (let point = 0; point < total; point++) {
    let rest = point;
    for (let k = axes.length - 1; k >= 0; k--) {
      const { values } = axes[k]!;
      out[point * axes.length + k] = values[rest % values.length]!;
      rest = Math.floor(rest / values.length);
    }
  }
  return out;
}
