/** Event lists (GADF "EVENTS", and those of Fermi). */
import { FormatError } from "../../errors.js";
import type { EarthLocation, EventList, Pointing } from "../../events/types.js";
import { getCard, type TableHdu } from "../../fits/index.js";
import type { SkyPosition } from "../../sky/types.js";
import { readReference } from "../gti.js";
import { hasColumns, keyword } from "../hdu.js";
import { columnsNumber } from "./numbers.js";

/** Events of a table; columns are decoded when they are first used. */
export function readEvents(table: TableHdu, at: string): EventList {
  const column = (name: string, unit: string, assumed?: string) => columnsNumber(table, name, unit, at, assumed);
  const list = { n: table.nrows, ...readReference(table.header, at, "tt") };
  const lazy: Record<string, () => Float32Array | Float64Array> = {
    time: () => column("TIME", "s"),
    ra: () => column("RA", "deg"),
    dec: () => column("DEC", "deg"),
    energy: () => column("ENERGY", "TeV", /^(GLAST|FERMI)$/i.test(keyword(table, "TELESCOP")) ? "MeV" : "TeV"),
    ...(hasColumns(table, "phase") && { phase: () => column("PHASE", "") }),
  };
  for (const [name, decode] of Object.entries(lazy)) {
    let value: Float32Array | Float64Array | undefined;
    Object.defineProperty(list, name, { enumerable: true, get: () => (value ??= decode()) });
  }
  for (const name of ["TIME", "RA", "DEC", "ENERGY"]) {
    if (!hasColumns(table, name.toLowerCase())) {
      throw new FormatError({
        where: at,
        found: `no column ${name} among ${table.columns.map((c) => c.name).join(", ")}`,
        expected: "TIME, RA, DEC and ENERGY of each event",
      });
    }
  }
  return list as EventList;
}

/** Where the instrument looked, by the header of its event list; undefined where that says nothing. */
export function readPointing(table: TableHdu, at: string): Pointing | undefined {
  if (/drift/i.test(keyword(table, "OBS_MODE"))) {
    const [alt, az] = [headerAngle(table, "ALT_PNT", at), headerAngle(table, "AZ_PNT", at)];
    if (alt !== undefined && az !== undefined) return { mode: "drift", alt, az };
    throw new FormatError({
      where: at,
      found: "OBS_MODE = DRIFT without ALT_PNT and AZ_PNT",
      expected: "the direction over the horizon",
    });
  }
  const [ra, dec] = [headerAngle(table, "RA_PNT", at), headerAngle(table, "DEC_PNT", at)];
  if (ra === undefined || dec === undefined) return undefined;
  return { mode: "pointed", position: { lon: ra, lat: dec, frame: "icrs" } };
}

/** RA_OBJ and DEC_OBJ; undefined where there are none, and where both are 0, as headers have them that nobody filled in. */
export function readTargetPosition(table: TableHdu): SkyPosition | undefined {
  const [lon, lat] = ["RA_OBJ", "DEC_OBJ"].map((key) => Number(getCard(table.header, key)?.value ?? Number.NaN));
  const isPlace = Math.abs(lon!) <= 360 && Math.abs(lat!) <= 90 && !(lon === 0 && lat === 0);
  return isPlace ? { lon: lon!, lat: lat!, frame: "icrs" } : undefined;
}

export function headerAngle(table: TableHdu, key: string, at: string): number | undefined {
  const value = getCard(table.header, key)?.value;
  if (value === undefined || value === null) return undefined;
  const angle = Number(value);
  const limit = /^(DEC|ALT|GEOLAT)/.test(key) ? 90 : 360;
  if (typeof value !== "boolean" && value !== "" && Math.abs(angle) <= limit) return angle;
  throw new FormatError({
    where: `${at}, keyword ${key}`,
    found: String(value),
    expected: `an angle in deg of at most ${limit}`,
  });
}

/** Where the instrument stands; undefined where the header does not say. */
export function readLocation(table: TableHdu, at: string): EarthLocation | undefined {
  const [lon, lat] = [headerAngle(table, "GEOLON", at), headerAngle(table, "GEOLAT", at)];
  const height = Number(getCard(table.header, "ALTITUDE")?.value ?? getCard(table.header, "GEOALT")?.value ?? 0);
  return lon === undefined || lat === undefined
    ? undefined
    : { lon, lat, height: Number.isFinite(height) ? height : 0 };
}

/** DEADC of the header. */
export function readLiveFraction(table: TableHdu, at: string, onNote?: (note: string) => void): number {
  const value = getCard(table.header, "DEADC")?.value;
  if (value === undefined || value === null) {
    onNote?.(`${at} has no keyword DEADC: the instrument is taken to be live all the time`);
    return 1;
  }
  const fraction = Number(value);
  if (fraction > 0 && fraction <= 1) return fraction;
  throw new FormatError({
    where: `${at}, keyword DEADC`,
    found: String(value),
    expected: "the live share of the time, above 0 and at most 1",
  });
}
