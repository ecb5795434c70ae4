/** The files that a models.yaml names: maps of predicted counts, tables of absorption. */
import { FormatError, GammatsError } from "../../errors.js";
import type { ModelRegistry } from "../../models/declaration.js";
import type { SpectralTable } from "../../models/types.js";
import type { SkyMap } from "../../sky/types.js";
import { readAbsorption } from "../absorption.js";
import type { FileAccess } from "../files.js";
import { readMap } from "../map-fits.js";
import { resolvePath } from "./datasets.js";
import { filesOfModels, type ModelsFile, readModels } from "./models.js";

export interface ModelFiles {
  readonly maps: Readonly<Record<string, SkyMap>>;
  readonly tables: Readonly<Record<string, SpectralTable>>;
}

/** Reads what `readModels` needs beside the text of `path`. A table that is not where the YAML says is looked for in $GAMMAPY_DATA/ebl, as Gammapy does. */
export async function readModelFiles(text: string, path: string, files: FileAccess): Promise<ModelFiles> {
  const names = filesOfModels(text, path);
  const maps = new Map<string, SkyMap>();
  for (const name of names.maps) {
    const map = await resolvePath(name, path, files, `${path}: filename`);
    maps.set(name, readMap(await files.read(map), { where: map, unit: "", maxBytes: files.freeBytes?.() }));
  }
  const tables = new Map<string, SpectralTable>();
  for (const name of names.tables) {
    const table = await tablePath(name, path, files);
    tables.set(name, readAbsorption(await files.read(table), { where: table }));
  }
  return { maps: Object.fromEntries(maps), tables: Object.fromEntries(tables) };
}

/** `readModels` of the text of `path`, with the files that it names. */
export async function readModelsWithFiles(
  text: string,
  path: string,
  files: FileAccess,
  registry: ModelRegistry,
): Promise<ModelsFile> {
  return readModels(text, { where: path, registry, ...(await readModelFiles(text, path, files)) });
}

async function tablePath(name: string, path: string, files: FileAccess): Promise<string> {
  const folder = files.env("GAMMAPY_DATA");
  const known =
    folder === undefined
      ? undefined
      : `${folder}/ebl/${name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1)}`;
  try {
    return await resolvePath(name, path, files, `${path}: filename`);
  } catch (error) {
    if (known !== undefined && (await files.exists(known))) return known;
    if (!(error instanceof GammatsError && error.code === "missing-file")) throw error;
    const hint =
      known === undefined
        ? "; Gammapy's tables are looked for in $GAMMAPY_DATA/ebl: set GAMMAPY_DATA to the folder that holds ebl"
        : `; nor is there ${known}`;
    throw new FormatError(error.message + hint, { code: "missing-file", where: error.where, found: name });
  }
}
