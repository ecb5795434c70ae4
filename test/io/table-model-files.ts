import { imageHdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import type { TableModel } from "../../src/models/types.js";

/** Two parameters of three and two values, one whose spectrum is added, and a redshift; energies in TeV. */
export function tableOf(isAdditive: boolean, energy: readonly number[]): TableModel {
  const n = energy.length - 1;
  const limits = { delta: 0.1, minimum: 0, bottom: 0, top: 10, maximum: 10 };
  const spectra = (scale: number) =>
    Float64Array.from({ length: 6 * n }, (_, i) => scale * (1 + (i % n)) ** -1.5 * (1 + Math.floor(i / n)));
  return {
    name: "made",
    isAdditive,
    energy: Float64Array.from(energy),
    parameters: [
      { name: "kT", method: "log", initial: 1.5, ...limits, values: Float64Array.of(1, 2, 4) },
      { name: "flag", method: "linear", initial: 0.5, ...limits, delta: -1, values: Float64Array.of(0, 1) },
      { name: "Fe", method: "additional", initial: 1, ...limits, values: new Float64Array(0) },
    ],
    hasRedshift: true,
    ...(!isAdditive && { below: 0.5 }),
    spectra: spectra(1),
    additions: [spectra(0.25)],
  };
}

/** What differs from a table model with two energies and one parameter of two values that is right. */
interface Changes {
  readonly primary?: Readonly<Record<string, string | number | boolean>>;
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  readonly places?: readonly number[];
  readonly spectra?: readonly number[];
  readonly method?: number;
  readonly initial?: number;
  readonly values?: readonly number[];
  readonly count?: number;
  readonly nAdded?: number;
}

/** A small table model with mistakes. */
export function changedTable(changes: Changes = {}): Uint8Array {
  const { primary = {}, low = [1, 2], high = [2, 4], places = [1, 3], spectra = [1, 2, 3, 4] } = changes;
  const { method = 0, initial = 2, values = [1, 3], count = 2, nAdded = 0 } = changes;
  const numbers = (name: string, data: readonly number[], shape: readonly number[] = []) =>
    makeColumn(name, Float32Array.from(data), { shape });
  const cards = { MODLNAME: "small", ADDMODEL: true, REDSHIFT: false, ...primary };
  const rows = Array.from({ length: 1 + nAdded }, (_, i) => i);
  const each = (name: string, x: number) =>
    numbers(
      name,
      rows.map(() => x),
    );
  return writeFits([
    imageHdu(
      "PRIMARY",
      [],
      null,
      Object.entries(cards).map(([key, value]) => ({ key, value })),
    ),
    tableHdu(
      "PARAMETERS",
      [
        makeColumn(
          "NAME",
          rows.map((i) => (i === 0 ? "kT" : `add ${i}`)),
        ),
        makeColumn(
          "METHOD",
          Int32Array.from(rows, () => method),
        ),
        each("INITIAL", initial),
        each("DELTA", 0.1),
        each("MINIMUM", 0),
        each("BOTTOM", 0),
        each("TOP", 9),
        each("MAXIMUM", 9),
        makeColumn(
          "NUMBVALS",
          Int32Array.from(rows, (i) => (i === 0 ? count : 0)),
        ),
        numbers(
          "VALUE",
          rows.flatMap(() => values),
          [values.length],
        ),
      ],
      [{ key: "NINTPARM", value: 1 }],
    ),
    tableHdu("ENERGIES", [numbers("ENERG_LO", low), numbers("ENERG_HI", high)]),
    tableHdu("SPECTRA", [numbers("PARAMVAL", places), numbers("INTPSPEC", spectra, [spectra.length / places.length])]),
  ]);
}
