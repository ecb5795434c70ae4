/** Celestial WCS keywords (FITS WCS Paper II) <-> `Wcs`. */
import { FormatError, UnsupportedError } from "../errors.js";
import { type Card, getCard, headerNumber, headerString } from "../fits/index.js";
import { defaultPoles } from "../sky/index.js";
import type { Wcs } from "../sky/types.js";
import { card } from "./cards.js";
import { frameCards, readFrame } from "./wcs-frame.js";

/** The first two axes of the header. */
export function readWcs(header: readonly Card[], where: string): Wcs {
  const ctype = [1, 2].map((i) => headerString(header, `CTYPE${i}`, where).trim().padEnd(8, "-"));
  const [lon, lat] = ctype.map((c) => c.slice(0, 4)) as [string, string];
  const frame = readFrame(header, lon, lat, ctype.join(", "), where);
  const projection = ctype[0]!.slice(5, 8);
  if (ctype[1]!.slice(5, 8) !== projection || ctype.some((c) => c.length > 8)) {
    throw new UnsupportedError(
      `${where}: CTYPE1, CTYPE2 are ${ctype.join(", ")}; two equal projections without distortion (such as -SIP) are read`,
    );
  }
  for (const i of [1, 2]) {
    const unit = String(getCard(header, `CUNIT${i}`)?.value ?? "deg").trim();
    if (unit !== "deg" && unit !== "") {
      throw new UnsupportedError(`${where}: CUNIT${i} is ${unit}, expected deg; convert the header first`);
    }
  }
  const crval = pair(header, "CRVAL", where, 0);
  const poles = defaultPoles(projection, crval);
  const wcs: Wcs = {
    projection,
    frame,
    crval,
    crpix: pair(header, "CRPIX", where, 0),
    cdelt: readScale(header, where),
    lonpole: headerNumber(header, "LONPOLE", where, poles.lonpole),
    latpole: headerNumber(header, "LATPOLE", where, poles.latpole),
  };
  if (!wcs.cdelt.every((x) => Number.isFinite(x) && x !== 0)) {
    throw new FormatError(`${where}: the pixel scales are ${wcs.cdelt.join(", ")} deg, expected numbers other than 0`);
  }
  return wcs;
}

function pair(header: readonly Card[], key: string, where: string, fallback?: number): readonly [number, number] {
  return [headerNumber(header, `${key}1`, where, fallback), headerNumber(header, `${key}2`, where, fallback)];
}

/** CDELT with an identity PC matrix, or a diagonal CD matrix. */
function readScale(header: readonly Card[], where: string): readonly [number, number] {
  const cd = getCard(header, "CD1_1") !== undefined || getCard(header, "CD2_2") !== undefined;
  const prefix = cd ? "CD" : "PC";
  const diagonal = cd ? 0 : 1;
  const m = (i: number, j: number) => headerNumber(header, `${prefix}${i}_${j}`, where, i === j ? diagonal : 0);
  const rotation = headerNumber(header, "CROTA2", where, 0);
  if (m(1, 2) !== 0 || m(2, 1) !== 0 || rotation !== 0) {
    throw new UnsupportedError(
      `${where}: the pixel grid is rotated (${prefix} matrix or CROTA2); resample the map to an unrotated grid`,
    );
  }
  const scale = cd ? ([1, 1] as const) : pair(header, "CDELT", where, 1);
  return [scale[0] * m(1, 1), scale[1] * m(2, 2)];
}

export function wcsCards(wcs: Wcs): Card[] {
  const { types, system } = frameCards(wcs.frame);
  const two = (key: string, values: readonly [unknown, unknown], comment?: string) =>
    values.map((value, i) => card(`${key}${i + 1}`, value as number | string, comment));
  return [
    card("WCSAXES", 2),
    ...two("CRPIX", wcs.crpix),
    ...two("CDELT", wcs.cdelt),
    ...two("CUNIT", ["deg", "deg"]),
    ...two("CTYPE", [types[0] + wcs.projection, types[1] + wcs.projection]),
    ...two("CRVAL", wcs.crval),
    card("LONPOLE", wcs.lonpole),
    card("LATPOLE", wcs.latpole),
    ...system,
  ];
}
