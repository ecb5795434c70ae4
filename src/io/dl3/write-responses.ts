/** Responses as the tables of GADF 0.3: one row, axes in columns of lower and upper edges. What is read back has the same numbers. */
import { type Card, type Column, makeColumn, type TableHdu, tableHdu } from "../../fits/index.js";
import { gaussWeights } from "../../irf/tables/psf.js";
import type { BackgroundTable, EffectiveArea, IrfTable, IrfTables, PsfTable } from "../../irf/tables/types.js";
import { nBins } from "../../sky/axis.js";
import type { MapAxis } from "../../sky/types.js";
import { card } from "../cards.js";
import type { ResponseClass } from "./responses.js";

/** A table, and its class in an index of HDUs. */
export interface ResponseHdu {
  readonly hduClass: ResponseClass;
  readonly hdu: TableHdu;
}

const COLUMNS: Readonly<Record<string, string>> = {
  energy_true: "ENERG",
  energy: "ENERG",
  offset: "THETA",
  migra: "MIGRA",
  rad: "RAD",
  fov_lon: "DETX",
  fov_lat: "DETY",
};

/** All responses that there are, of one observation. */
export function responseHdus({ aeff, edisp, psf, background, radMax }: IrfTables): ResponseHdu[] {
  const enclosure = aeff?.pointLike === true ? "POINT-LIKE" : "FULL-ENCLOSURE";
  const made = (
    name: string,
    hduClass: ResponseClass,
    kind: string,
    columns: readonly Column[],
    cards: readonly Card[] = [],
  ): ResponseHdu => ({
    hduClass,
    hdu: tableHdu(name, columns, [
      card("HDUCLASS", "GADF"),
      card("HDUDOC", "https://gamma-astro-data-formats.readthedocs.io"),
      card("HDUVERS", "0.3"),
      card("HDUCLAS1", "RESPONSE"),
      card("HDUCLAS2", kind),
      card("HDUCLAS3", enclosure),
      card("HDUCLAS4", hduClass.toUpperCase()),
      ...cards,
    ]),
  });
  const plain = (table: IrfTable, column: string, unit: string, factor = 1) => [
    ...table.axes.flatMap(axisColumns),
    valueColumn(table, column, unit, (x) => x * factor),
  ];
  const out: ResponseHdu[] = [];
  if (aeff) {
    const area = plain(aeff.table, "EFFAREA", "m2", 1e-4);
    out.push(made("EFFECTIVE AREA", "aeff_2d", "EFF_AREA", area, areaCards(aeff)));
  }
  if (edisp) out.push(made("ENERGY DISPERSION", "edisp_2d", "EDISP", plain(edisp.table, "MATRIX", "")));
  if (psf) {
    const { hduClass, columns } = psfColumns(psf);
    out.push(made("POINT SPREAD FUNCTION", hduClass, "RPSF", columns));
  }
  if (background) {
    const turned = toRadec(background);
    const hduClass = turned.table.axes.length === 2 ? "bkg_2d" : "bkg_3d";
    const align = hduClass === "bkg_2d" ? [] : [card("FOVALIGN", turned.alignment === "altaz" ? "ALTAZ" : "RADEC")];
    out.push(made("BACKGROUND", hduClass, "BKG", backgroundColumns(turned), align));
  }
  if (radMax) out.push(made("RAD_MAX", "rad_max_2d", "RAD_MAX", plain(radMax.table, "RAD_MAX", "deg")));
  return out;
}

function areaCards({ range, radMax }: EffectiveArea): Card[] {
  const [low, high] = range ?? [undefined, undefined];
  return [
    ...(low === undefined ? [] : [card("LO_THRES", low, "TeV")]),
    ...(high === undefined ? [] : [card("HI_THRES", high, "TeV")]),
    ...(radMax === undefined ? [] : [card("RAD_MAX", radMax, "deg")]),
  ];
}

function psfColumns(psf: PsfTable): { readonly hduClass: ResponseClass; readonly columns: Column[] } {
  if (psf.kind === "table") {
    const columns = [...psf.table.axes.flatMap(axisColumns), valueColumn(psf.table, "RPSF", "sr-1")];
    return { hduClass: "psf_table", columns };
  }
  if (psf.kind === "king") {
    const columns = [
      ...psf.gamma.axes.flatMap(axisColumns),
      valueColumn(psf.gamma, "GAMMA", ""),
      valueColumn(psf.sigma, "SIGMA", "deg"),
    ];
    return { hduClass: "psf_king", columns };
  }
  const [sigma, amplitude] = [psf.sigma, psf.amplitude];
  // what the first Gaussian is multiplied by, so that all have the integral 1
  const rad = Math.PI / 180;
  const scale = sigma[0]!.data.map((s, k) => {
    const p = [...sigma, ...amplitude].map(({ data }) => data[k]!);
    return gaussWeights(p)[0]! / (2 * Math.PI * (s * rad) ** 2);
  });
  const columns = [
    ...sigma[0]!.axes.flatMap(axisColumns),
    valueColumn({ ...sigma[0]!, data: scale }, "SCALE", "sr-1"),
    ...sigma.map((table, k) => valueColumn(table, `SIGMA_${k + 1}`, "deg")),
    ...amplitude.map((table, k) => valueColumn(table, `AMPL_${k + 2}`, "")),
  ];
  return { hduClass: "psf_3gauss", columns };
}

/** A field of view whose longitude grows with right ascension, turned to that of the format. */
function toRadec(background: BackgroundTable): BackgroundTable {
  if (background.alignment !== "reverse-lon-radec") return background;
  const { axes, data, unit } = background.table;
  const [energy, lon, lat] = axes as [MapAxis, MapAxis, MapAxis];
  const [n, m] = [nBins(lon), nBins(lat)];
  const turned = data.map((_, k) => {
    const [row, i, j] = [Math.floor(k / (n * m)), Math.floor(k / m) % n, k % m];
    return data[(row * n + n - 1 - i) * m + j]!;
  });
  const nodes = lon.nodes.map((x) => 0 - x).reverse();
  return { ...background, alignment: "radec", table: { axes: [energy, { ...lon, nodes }, lat], data: turned, unit } };
}

/** In the precision of the file that it came from, whose smallest number stands for 0. */
function backgroundColumns({ table, tiny }: BackgroundTable): Column[] {
  const column = valueColumn(table, "BKG", "s-1 MeV-1 sr-1", (x) => x * 1e-6);
  const isSingle = tiny > 1e-300;
  const data = column.data as Float64Array;
  return [
    ...table.axes.flatMap(axisColumns),
    isSingle ? makeColumn("BKG", Float32Array.from(data), { unit: column.unit!, shape: column.shape }) : column,
  ];
}

/** Edges of bins; of an axis that is given by the middles of bins twice these. */
function axisColumns({ name, unit, nodeType, nodes }: MapAxis): Column[] {
  const column = COLUMNS[name]!;
  const [low, high] = nodeType === "center" ? [nodes, nodes] : [nodes.slice(0, -1), nodes.slice(1)];
  const options = { shape: [low.length], ...(unit !== "" && { unit }) };
  return [makeColumn(`${column}_LO`, low, options), makeColumn(`${column}_HI`, high, options)];
}

/** Values in one cell, the first axis fastest, as FITS has it. */
function valueColumn(
  { axes, data }: IrfTable,
  name: string,
  unit: string,
  change: (x: number) => number = (x) => x,
): Column {
  const sizes = axes.map(nBins);
  const shape = [...sizes].reverse();
  const out = new Float64Array(data.length);
  const strides = sizes.map((_, k) => sizes.slice(0, k).reduce((p, n) => p * n, 1));
  for (let k = 0; k < data.length; k++) {
    let [rest, to] = [k, 0];
    for (let d = sizes.length - 1; d >= 0; d--) {
      to += (rest % sizes[d]!) * strides[d]!;
      rest = Math.floor(rest / sizes[d]!);
    }
    out[to] = change(data[k]!);
  }
  return makeColumn(name, out, { shape, ...(unit !== "" && { unit }) });
}
