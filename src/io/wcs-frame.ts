/** The frame of a WCS in a header: CTYPE, RADESYS and EQUINOX (FITS WCS Paper II, section 3.1). */
import { UnsupportedError } from "../errors.js";
import { type Card, getCard, headerNumber } from "../fits/index.js";
import type { Frame } from "../sky/types.js";
import { card } from "./cards.js";

/** Equinoxes of the frames that are read. */
const EQUINOXES: Readonly<Partial<Record<Frame, number>>> = { fk5: 2000, fk4: 1950 };
const SYSTEMS: Readonly<Record<string, Frame>> = { ICRS: "icrs", FK5: "fk5", FK4: "fk4" };

/** `lon`, `lat`: the first four letters of CTYPE1, CTYPE2, which are `ctype`. */
export function readFrame(header: readonly Card[], lon: string, lat: string, ctype: string, where: string): Frame {
  if (lon === "GLON" && lat === "GLAT") return "galactic";
  if (lon !== "RA--" || lat !== "DEC-") {
    throw new UnsupportedError(
      `${where}: CTYPE1, CTYPE2 are ${ctype}; only RA---xxx, DEC--xxx and GLON-xxx, GLAT-xxx are read, in this order`,
    );
  }
  // RADECSYS and EPOCH: the names before the standard
  const key = ["EQUINOX", "EPOCH"].find((name) => getCard(header, name) !== undefined);
  const equinox = key === undefined ? undefined : headerNumber(header, key, where);
  const named = (getCard(header, "RADESYS") ?? getCard(header, "RADECSYS"))?.value;
  const system = named === undefined || named === null || named === "" ? defaultSystem(equinox) : String(named).trim();
  const frame = SYSTEMS[system.toUpperCase()];
  if (frame === undefined) {
    throw new UnsupportedError(`${where}: RADESYS is ${system}; ICRS, FK5 and FK4 are read: convert the map first`);
  }
  const expected = EQUINOXES[frame];
  if (expected !== undefined && equinox !== undefined && equinox !== expected) {
    throw new UnsupportedError(
      `${where}: ${key} is ${equinox} with RADESYS ${system}${named === undefined ? " (the default)" : ""}; ${system} is read for the equinox ${expected} alone: precess the map first`,
    );
  }
  return frame;
}

/** The system of a header without RADESYS. */
const defaultSystem = (equinox: number | undefined): string =>
  equinox === undefined ? "ICRS" : equinox < 1984 ? "FK4" : "FK5";

/** The beginnings of CTYPE1, CTYPE2, and the keywords of the system. */
export function frameCards(frame: Frame): { types: readonly [string, string]; system: Card[] } {
  if (frame === "galactic") return { types: ["GLON-", "GLAT-"], system: [] };
  const equinox = EQUINOXES[frame];
  const system = [card("RADESYS", frame.toUpperCase()), ...(equinox === undefined ? [] : [card("EQUINOX", equinox)])];
  return { types: ["RA---", "DEC--"], system };
}
