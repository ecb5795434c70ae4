/** Point spread functions of gtpsf: a table PSF with a row for each true energy [MeV], and a table THETA with the angles [deg]. */
import type { Psf } from "../../datasets/types.js";
import { FormatError } from "../../errors.js";
import { findColumn, findTable, type Hdu, numericColumn } from "../../fits/index.js";
import { axisFromNodes } from "../../sky/axis.js";
import { squashAxis } from "../../sky/axis-groups.js";
import type { MapAxis } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import { oneEachRow } from "../hdu.js";

/** `map` [energy_true, rad] in sr-1 at the nodes of both, `exposure` [energy_true] in cm2 s; the same everywhere on the sky. */
export function readGtpsf(hdus: readonly Hdu[], where: string): Required<Psf> {
  const nodes = (table: string, name: string, standard: string, axis: Pick<MapAxis, "name" | "unit" | "interp">) => {
    const hdu = findTable(hdus, table, where);
    const at = `${where}: HDU ${hdu.name}, column ${name}`;
    const factor = conversionFactor(findColumn(hdu, name, at).unit ?? standard, axis.unit, at);
    const values = oneEachRow(hdu, name, at).map((x) => x * factor);
    const bad = values.findIndex((x, i) => !(i === 0 ? x >= 0 : x > values[i - 1]!));
    if (values.length === 0 || bad >= 0) {
      throw new FormatError({
        where: at,
        found: bad < 0 ? "no rows" : `${values[bad]} ${axis.unit} in row ${bad + 1}`,
        expected: "numbers that increase from 0",
      });
    }
    return axisFromNodes(values, axis);
  };
  const rad = nodes("THETA", "Theta", "deg", { name: "rad", unit: "deg", interp: "lin" });
  const energyTrue = nodes("PSF", "Energy", "MeV", { name: "energy_true", unit: "TeV", interp: "log" });
  const table = findTable(hdus, "PSF", where);
  const at = `${where}: HDU ${table.name}`;
  const data = numericColumn(table, "Psf", at).slice();
  if (data.length !== rad.nodes.length * energyTrue.nodes.length) {
    throw new FormatError({
      where: `${at}, column Psf`,
      found: `${data.length} values`,
      expected: `${energyTrue.nodes.length} energies x ${rad.nodes.length} angles of the table THETA`,
    });
  }
  const bad = data.findIndex((x) => !(x >= 0 && Number.isFinite(x)));
  if (bad >= 0) {
    const row = Math.floor(bad / rad.nodes.length) + 1;
    throw new FormatError({
      where: `${at}, column Psf`,
      found: `${data[bad]} in row ${row}`,
      expected: "numbers from 0",
    });
  }
  const geom = { kind: "region", regions: [], wcs: null } as const;
  const exposure = oneEachRow(table, "Exposure", at);
  return {
    map: { geom: { ...geom, axes: [rad, energyTrue] }, unit: "sr-1", data },
    exposure: { geom: { ...geom, axes: [squashAxis(rad), energyTrue] }, unit: "cm2 s", data: exposure.slice() },
  };
}
