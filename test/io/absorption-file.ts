import { imageHdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";

/** A table model of absorption; bins of 1 to 10 and 10 to 100 TeV, in keV. */
export function absorptionFile(
  redshifts: number[],
  rows: number[][],
  low = [1e9, 1e10],
  high = [1e10, 1e11],
): Uint8Array {
  const column = (name: string, values: number[], shape: readonly number[] = []) =>
    makeColumn(name, Float32Array.from(values), { shape });
  return writeFits([
    imageHdu("PRIMARY", [], null),
    tableHdu("ENERGIES", [column("ENERG_LO", low), column("ENERG_HI", high)]),
    tableHdu("SPECTRA", [column("PARAMVAL", redshifts), column("INTPSPEC", rows.flat(), [rows[0]!.length])]),
  ]);
}

/** A power law behind background light. */
export const blazarYaml = (filename: string) => `components:
- name: blazar
  type: SkyModel
  spectral:
    type: CompoundSpectralModel
    model1: {type: PowerLawSpectralModel, parameters: [{name: index, value: 2.5}]}
    model2: {type: EBLAbsorptionNormSpectralModel, parameters: [{name: redshift, value: 0.3}], filename: ${filename}}
    operator: mul
`;
