/** Catalogues from the tables of a file, and their sources by name and place. */
import { nearestNames, SpecError, unknownName } from "../errors.js";
import type { TableHdu } from "../fits/types.js";
import { separation, toFrame } from "../sky/frames.js";
import type { SkyPosition } from "../sky/types.js";
import { rowsOf } from "./rows.js";
import type { Catalogue, CatalogueDeclaration, CatalogueSource } from "./types.js";

/** A table, as far as a catalogue is told by it. */
export interface NamedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

/** The catalogue that tables are of, and its table of sources; undefined where it is none that is known. */
export function recognised<T extends NamedTable>(
  tables: readonly T[],
  declarations: readonly CatalogueDeclaration[],
): { readonly declaration: CatalogueDeclaration; readonly table: T } | undefined {
  for (const declaration of declarations) {
    const { hdu, columns } = declaration.table;
    const table = tables.find(
      (t) => (hdu === undefined || t.name === hdu) && columns.every((name) => t.columns.some((c) => c.name === name)),
    );
    if (table !== undefined) return { declaration, table };
  }
  return undefined;
}

/** The catalogue with the names and places of its sources; `where`: name of the file. */
export function openCatalogue(
  tables: readonly TableHdu[],
  where: string,
  { declaration, table }: { readonly declaration: CatalogueDeclaration; readonly table: TableHdu },
): Catalogue {
  const { nameColumn, aliasColumns, position, positionError } = declaration;
  const at = rowsOf(table, where);
  // releases differ in their columns of associations
  const aliases = aliasColumns.filter((name) => table.columns.some((c) => c.name === name));
  const sources = Array.from({ length: table.nrows }, (_, row): CatalogueSource => {
    const cells = at(row);
    const name = cells.text(nameColumn);
    const others = aliases.flatMap((column) => cells.text(column).split(",")).map((alias) => alias.trim());
    const error = positionError?.(cells);
    return {
      name,
      aliases: [...new Set(others)].filter((alias) => alias !== "" && alias !== name),
      position: { lon: cells.number(position.lon), lat: cells.number(position.lat), frame: position.frame },
      ...(error && { positionError: error }),
      row,
    };
  });
  return { declaration, where, tables, table, sources };
}

/**
 * The source of this name, else the one that has it among its other names; upper and lower case are one.
 * @throws SpecError where there is none, with the nearest names.
 */
export function catalogueSource(catalogue: Catalogue, name: string): CatalogueSource {
  const wanted = name.trim().toLowerCase();
  const isIt = (other: string) => other.toLowerCase() === wanted;
  const { sources, where } = catalogue;
  const found = sources.find((s) => isIt(s.name)) ?? sources.find(({ aliases }) => aliases.some(isIt));
  if (found !== undefined) return found;
  const known = sources.flatMap((source) => [source.name, ...source.aliases]);
  const near = nearestNames(name, known);
  if (near.length === 0) throw unknownName(where, "source", name, known);
  throw new SpecError({
    code: "unknown-name",
    where,
    what: `there is no source "${name}"; did you mean ${near.map((one) => `"${one}"`).join(", ")}?`,
    found: name,
  });
}

/** A source and its distance from a place, deg. */
export interface NearSource {
  readonly source: CatalogueSource;
  readonly separation: number;
}

/** The sources within `radius` deg of a place, the nearest first. */
export function sourcesNear({ sources }: Catalogue, place: SkyPosition, radius: number): NearSource[] {
  const distance = ({ position }: CatalogueSource) => {
    const { lon, lat } = toFrame(place, position.frame);
    return separation(lon, lat, position.lon, position.lat);
  };
  return sources
    .map((source) => ({ source, separation: distance(source) }))
    .filter((near) => near.separation <= radius)
    .sort((a, b) => a.separation - b.separation);
}
