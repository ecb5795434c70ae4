/** Sources of a catalogue in and around a counts map. */
import { withNormAlone } from "../../catalogues/models.js";
import { sourcesNear } from "../../catalogues/open.js";
import type { Catalogue } from "../../catalogues/types.js";
import type { SkyModel } from "../../models/types.js";
import { toFrame } from "../../sky/frames.js";
import { centerPosition, pixelScales } from "../../sky/geom.js";
import type { SkyMap, WcsGeom } from "../../sky/types.js";
import type { NoteOptions } from "../cards.js";
import { type CatalogueModelOptions, catalogueModels } from "../catalogue.js";
import type { FileAccess } from "../files.js";

interface BoxOptions extends CatalogueModelOptions, NoteOptions {
  /** Of the box around the middle of the map, deg; absent: that of the map. */
  readonly width: number | undefined;
}

/** Norms are free up to here, deg. */
const FREE_RADIUS = 3;

/** The models of the sources in a box around the middle of the counts, the nearest first: norms near the middle are free, all else is held. */
export async function sourcesInBox(
  catalogue: Catalogue,
  { geom }: SkyMap,
  files: FileAccess,
  { width, onNote, ...options }: BoxOptions,
): Promise<SkyModel[]> {
  const { npix } = geom as WcsGeom;
  const half = (width ?? Math.max(...pixelScales(geom as WcsGeom).map((scale, i) => scale * npix[i]!))) / 2;
  const center = centerPosition(geom as WcsGeom);
  const near = sourcesNear(catalogue, center, half * Math.SQRT2).filter(({ source }) => {
    const { lon, lat } = toFrame(source.position, center.frame);
    const dlon = ((((lon - center.lon) % 360) + 540) % 360) - 180;
    return Math.abs(dlon) * Math.cos((center.lat * Math.PI) / 180) <= half && Math.abs(lat - center.lat) <= half;
  });
  const found: SkyModel[] = [];
  for (const { source, separation } of near) {
    const { models, problems } = await catalogueModels(catalogue, [source], files, options);
    for (const problem of problems) onNote?.(`${catalogue.where}: left out: ${problem}`);
    found.push(...models.components.map((m) => withNormAlone(m, separation <= FREE_RADIUS, options.registry)));
  }
  const free = near.filter(({ separation }) => separation <= FREE_RADIUS).length;
  onNote?.(
    `${catalogue.where}: ${found.length} sources in a box of ${2 * half} deg; norms are free up to ${FREE_RADIUS} deg from the middle (${free} sources), all else is held`,
  );
  return found;
}
