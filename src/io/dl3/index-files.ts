/** Index files of a folder of observations (GADF: hdu-index.fits.gz and obs-index.fits.gz). */
import { FormatError } from "../../errors.js";
import type { HduEntry, ObservationEntry, ObservationIndex } from "../../events/index-types.js";
import { findColumn, getCard, type Hdu, readFits, type TableHdu } from "../../fits/index.js";
import type { FileAccess } from "../files.js";
import { joinPath } from "../files.js";
import { readReference } from "../gti.js";
import { hasColumns, keyword } from "../hdu.js";

const HDU_INDEX = ["hdu-index.fits.gz", "hdu-index.fits"];
const OBS_INDEX = ["obs-index.fits.gz", "obs-index.fits"];

/** The file of a folder with one of these names. */
async function firstOf(folder: string, names: readonly string[], files: FileAccess): Promise<string | undefined> {
  for (const name of names) {
    const path = joinPath(folder, name);
    if (await files.exists(path)) return path;
  }
  return undefined;
}

/** The observations that the index files of a folder name; undefined where it has no HDU index. Files are not opened. */
export async function readIndexFiles(folder: string, files: FileAccess): Promise<ObservationIndex | undefined> {
  const path = await firstOf(folder, HDU_INDEX, files);
  if (path === undefined) return undefined;
  const warnings: string[] = [];
  const byId = hduEntries(tableOf(await files.read(path), "HDU_INDEX", path), folder, path, warnings);
  const obsPath = await firstOf(folder, OBS_INDEX, files);
  if (obsPath === undefined) {
    warnings.push(`${folder} has no obs-index.fits.gz: observations can be chosen by their ids alone`);
    return { folder, entries: [...byId].map(([id, hdus]) => ({ id, hdus, columns: {} })), warnings };
  }
  return withTable(tableOf(await files.read(obsPath), "OBS_INDEX", obsPath), byId, folder, obsPath, warnings);
}

/** The observations that an HDU index names, by their ids alone. */
export function hduIndexOf(table: TableHdu, folder: string, where: string): ObservationIndex {
  const warnings: string[] = [];
  const byId = hduEntries(table, folder, where, warnings);
  return { folder, entries: [...byId].map(([id, hdus]) => ({ id, hdus, columns: {} })), warnings };
}

/** The observations of a table of observations, without their HDUs. */
export const obsIndexOf = (table: TableHdu, folder: string, where: string): ObservationIndex =>
  withTable(table, undefined, folder, where, []);

function tableOf(bytes: Uint8Array, name: string, where: string): TableHdu {
  const hdus: readonly Hdu[] = readFits(bytes, { where });
  const found =
    hdus.find((hdu) => hdu.name.trim().toUpperCase() === name) ??
    hdus.find((hdu) => hdu.kind === "table" && keyword(hdu, "HDUCLAS1").toUpperCase() === "INDEX");
  if (found?.kind === "table") return found;
  throw new FormatError({ where, found: hdus.map((hdu) => hdu.name).join(", "), expected: `a table ${name}` });
}

/** Values of a column as texts without blanks around them. */
export function textColumn(table: TableHdu, name: string, at: string): string[] {
  return Array.from(findColumn(table, name, at).data as ArrayLike<unknown>, (x) => String(x).trim());
}

function hduEntries(table: TableHdu, folder: string, where: string, warnings: string[]): Map<string, HduEntry[]> {
  const at = `${where}, table ${table.name}`;
  const [ids, types, classes, dirs, names, hdus] = [
    "OBS_ID",
    "HDU_TYPE",
    "HDU_CLASS",
    "FILE_DIR",
    "FILE_NAME",
    "HDU_NAME",
  ].map((name) => textColumn(table, name, at)) as [string[], string[], string[], string[], string[], string[]];
  const base = String(getCard(table.header, "BASE_DIR")?.value ?? "").trim();
  const root = base === "" ? folder : base;
  const byId = new Map<string, HduEntry[]>();
  for (let i = 0; i < table.nrows; i++) {
    const entries = byId.get(ids[i]!) ?? [];
    byId.set(ids[i]!, entries);
    const type = types[i]!.toLowerCase();
    if (entries.some((e) => e.type === type)) {
      warnings.push(`${at}, row ${i + 1}: a second ${type} of observation ${ids[i]}; the first is taken`);
      continue;
    }
    const dir = dirs[i]!.replace(/\\/g, "/").replace(/^\.\//, "").replace(/\/$/, "").replace(/^\.$/, "");
    entries.push({
      type,
      hduClass: classes[i]!.toLowerCase(),
      path: joinPath(dir === "" ? root : joinPath(root, dir), names[i]!),
      hdu: hdus[i]!,
    });
  }
  return byId;
}

function withTable(
  table: TableHdu,
  byId: ReadonlyMap<string, HduEntry[]> | undefined,
  folder: string,
  where: string,
  warnings: string[],
): ObservationIndex {
  const at = `${where}, table ${table.name}`;
  const ids = textColumn(table, "OBS_ID", at);
  const columns = table.columns.filter(({ format, shape }) => /^[AXLBIJKED]$/.test(format) && shape.length === 0);
  const hasTimes = hasColumns(table, "tstart", "tstop");
  const origin =
    hasTimes && getCard(table.header, "MJDREFI") !== undefined ? readReference(table.header, at, "tt") : undefined;
  const seen = new Set<string>();
  const entries: ObservationEntry[] = [];
  const without: string[] = [];
  for (let i = 0; i < table.nrows; i++) {
    const id = ids[i]!;
    if (seen.has(id)) {
      warnings.push(`${at}, row ${i + 1}: observation ${id} stands there twice; the first row is taken`);
      continue;
    }
    seen.add(id);
    const hdus = byId === undefined ? [] : byId.get(id);
    if (hdus === undefined) {
      without.push(id);
      continue;
    }
    const row = Object.fromEntries(columns.map((c) => [c.name, cell(c.data, i)]));
    const days = (name: string) => (origin === undefined ? undefined : origin.reference + Number(row[name]) / 86400);
    const [start, stop] = [days("TSTART"), days("TSTOP")];
    entries.push({
      id,
      hdus,
      columns: row,
      ...(start !== undefined && { start }),
      ...(stop !== undefined && { stop }),
    });
  }
  const others = [...(byId?.keys() ?? [])].filter((id) => !seen.has(id));
  if (without.length > 0)
    warnings.push(
      `${at}: ${without.length} observations have no HDUs in the HDU index and are left out (${without.slice(0, 5).join(", ")}${without.length > 5 ? " ..." : ""})`,
    );
  if (others.length > 0)
    warnings.push(
      `${at} lacks ${others.length} observations of the HDU index; they are left out (${others.slice(0, 5).join(", ")}${others.length > 5 ? " ..." : ""})`,
    );
  return { folder, entries, ...(origin && { timeScale: origin.timeScale }), warnings };
}

function cell(data: ArrayLike<unknown>, i: number): number | string {
  const x = data[i];
  return typeof x === "string" ? x.trim() : Number(x);
}
