/** Responses in `info`: what they are, on which axes, and where they hold. */
import type { ResponseHdu } from "../../io/dl3/types.js";
import { shortNumber } from "../../io/table/digits.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import type { IrfTable } from "../../irf/tables/types.js";
import { axisEdges, nBins } from "../../sky/axis.js";

interface Quantity {
  readonly name: string;
  readonly table: IrfTable;
}

/** The tables of a response by what they hold. */
function quantitiesOf({ irfs }: ResponseHdu): readonly Quantity[] {
  const { aeff, edisp, psf, background, radMax } = irfs;
  if (aeff) return [{ name: "effective area", table: aeff.table }];
  if (edisp) return [{ name: "energy dispersion (dP/dmigra)", table: edisp.table }];
  if (background) return [{ name: "background rate", table: background.table }];
  if (radMax) return [{ name: "radius of the ON region", table: radMax.table }];
  if (psf?.kind === "table") return [{ name: "psf", table: psf.table }];
  if (psf?.kind === "king") {
    return [
      { name: "psf, SIGMA", table: psf.sigma },
      { name: "psf, GAMMA", table: psf.gamma },
    ];
  }
  return (psf?.sigma ?? []).map((table, k) => ({ name: `psf, SIGMA_${k + 1}`, table }));
}

const axesOf = (response: ResponseHdu) => quantitiesOf(response)[0]!.table.axes;
const reduced = (data: Float64Array, choose: (a: number, b: number) => number) => data.reduce((a, b) => choose(a, b));

/** A sentence on how the field of view of a background lies. */
function alignmentOf({ irfs, fovAlign, kind }: ResponseHdu): string {
  if (kind !== "bkg_3d") return "";
  const taken = irfs.background?.alignment === "reverse-lon-radec" ? "RADEC with reversed longitude" : "RADEC";
  if (fovAlign === "") return `${taken} (no FOVALIGN)`;
  return irfs.background?.alignment === "reverse-lon-radec" ? taken : fovAlign;
}

/** LO_THRES to HI_THRES. */
function energiesOf({ energies }: ResponseHdu): string {
  if (energies === undefined) return "";
  const [low, high] = energies;
  return `${low === undefined ? "" : `from ${shortNumber(low)} `}${high === undefined ? "" : `to ${shortNumber(high)} `}TeV`;
}

const enclosureOf = ({ pointLike, radMax }: ResponseHdu): string =>
  pointLike ? `point-like${radMax === undefined ? "" : `, within ${shortNumber(radMax)} deg`}` : "full enclosure";

/** A row for each table of values. */
export function responsesTable(responses: readonly ResponseHdu[]): Table {
  const rows = responses.flatMap((response) =>
    quantitiesOf(response).map(({ name, table }) => ({ response, name, table })),
  );
  const { text, number } = columnsOf(rows);
  return {
    name: "responses",
    about: "Responses",
    columns: [
      text("hdu", ({ response }) => response.hdu),
      text("class", ({ response }) => response.kind),
      text("values", ({ name }) => name),
      number("min", ({ table }) => reduced(table.data, Math.min)),
      number("max", ({ table }) => reduced(table.data, Math.max)),
      text("unit", ({ table }) => table.unit),
      text("events", ({ response }) => enclosureOf(response)),
      text("energies", ({ response }) => energiesOf(response), { about: "LO_THRES to HI_THRES" }),
      text("fov_align", ({ response }) => alignmentOf(response)),
    ],
  };
}

/** A row for each axis. */
export function axesTable(responses: readonly ResponseHdu[]): Table {
  const { text, number, whole } = columnsOf(
    responses.flatMap((response) =>
      axesOf(response).map((axis) => ({ hdu: response.hdu, axis, edges: axisEdges(axis) })),
    ),
  );
  return {
    name: "axes",
    about: "Their axes",
    columns: [
      text("hdu", ({ hdu }) => hdu),
      text("axis", ({ axis }) => axis.name),
      whole("bins", ({ axis }) => nBins(axis)),
      number("from", ({ axis, edges }) => (axis.nodeType === "center" ? axis.nodes[0]! : edges[0]!)),
      number("to", ({ axis, edges }) => (axis.nodeType === "center" ? axis.nodes.at(-1)! : edges.at(-1)!)),
      text("unit", ({ axis }) => axis.unit),
      text("nodes", ({ axis }) => (axis.nodeType === "center" ? "centres" : "edges")),
    ],
  };
}

/** For machines; energies in TeV, angles in deg. */
export function responseData(response: ResponseHdu) {
  const { hdu, kind, pointLike, fovAlign, radMax, energies } = response;
  return {
    hdu,
    class: kind,
    point_like: pointLike,
    ...(radMax !== undefined && { rad_max: radMax }),
    ...(energies && { energy_min: energies[0] ?? null, energy_max: energies[1] ?? null }),
    ...(response.irfs.background && { fov_align: fovAlign || null, alignment: response.irfs.background.alignment }),
    axes: axesOf(response).map(({ name, unit, nodeType, nodes }) => ({
      name,
      unit,
      bins: nodeType === "edges" ? nodes.length - 1 : nodes.length,
      from: nodes[0]!,
      to: nodes.at(-1)!,
      nodes: nodeType === "edges" ? "edges" : "centres",
    })),
    values: quantitiesOf(response).map(({ name, table: { unit, data } }) => ({
      name,
      unit,
      min: reduced(data, Math.min),
      max: reduced(data, Math.max),
    })),
  };
}
