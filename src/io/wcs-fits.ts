/** Celestial WCS keywords (FITS WCS Papers I and II) <-> `Wcs`. */
import { FormatError, SpecError, UnsupportedError } from "../errors.js";
import { type Card, getCard, headerNumber, headerString } from "../fits/index.js";
import { defaultPoles, findProjection, nativePole, parametersOf } from "../sky/index.js";
import type { Wcs } from "../sky/types.js";
import { card } from "./cards.js";
import { frameCards, readFrame } from "./wcs-frame.js";
import { linearCards, readLinear } from "./wcs-linear.js";

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
  const pair = (key: string): readonly [number, number] => [
    headerNumber(header, `${key}1`, where, 0),
    headerNumber(header, `${key}2`, where, 0),
  ];
  const plane = { projection, crval: pair("CRVAL"), frame, crpix: pair("CRPIX"), cd: readLinear(header, where) };
  return placed(where, () => {
    const pv = readParameters(header, plane, where);
    const reference = { ...plane, ...(pv && { pv }) };
    const wcs: Wcs = { ...reference, ...readPoles(header, reference, where) };
    nativePole(wcs);
    return wcs;
  });
}

/** What sky/ finds wrong with the numbers of a header, with its place. */
function placed<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SpecError) throw new FormatError(`${where}: ${error.message}`);
    if (error instanceof UnsupportedError && !error.message.startsWith(where)) {
      throw new UnsupportedError(`${where}: ${error.message}`);
    }
    throw error;
  }
}

/** LONPOLE and LATPOLE, or PV1_3 and PV1_4, which are before them (Paper II, section 2.4). */
function readPoles(header: readonly Card[], wcs: Omit<Wcs, "lonpole" | "latpole">, where: string) {
  const value = (pv: string, key: string) => {
    const used = getCard(header, pv) === undefined ? key : pv;
    return getCard(header, used) === undefined ? undefined : headerNumber(header, used, where);
  };
  const lonpole = value("PV1_3", "LONPOLE");
  const latpole = value("PV1_4", "LATPOLE");
  if (lonpole !== undefined && latpole !== undefined) return { lonpole, latpole };
  const poles = defaultPoles(wcs, lonpole);
  return { lonpole: poles.lonpole, latpole: latpole ?? poles.latpole };
}

/** PV2_m; undefined where the header gives none. A parameter without meaning for the projection must be 0: it may stand for a distortion. */
function readParameters(
  header: readonly Card[],
  wcs: Pick<Wcs, "projection" | "crval">,
  where: string,
): readonly number[] | undefined {
  const { projection } = wcs;
  const defaults = parametersOf({ projection });
  const { phi0, theta0 } = findProjection(wcs);
  const neutral: Readonly<Record<string, number>> = { PV1_1: phi0, PV1_2: theta0 };
  let given = false;
  for (const { key: name } of header) {
    const match = /^PV([12])_(\d+)$/.exec(name);
    if (match === null) continue;
    const m = Number(match[2]);
    if (match[1] === "1" && (m === 3 || m === 4)) continue;
    if (match[1] === "2" && m >= 1 && m <= defaults.length) given = true;
    else if (headerNumber(header, name, where) !== (neutral[name] ?? 0)) {
      throw new UnsupportedError(
        `${where}: ${name} is ${headerNumber(header, name, where)}; ${projection} is read ${defaults.length === 0 ? "without parameters" : `with PV2_1${defaults.length > 1 ? ` to PV2_${defaults.length}` : ""} alone`}: resample the map`,
      );
    }
  }
  return given ? defaults.map((fallback, k) => headerNumber(header, `PV2_${k + 1}`, where, fallback)) : undefined;
}

/** Unrotated maps have CDELT alone, others PCi_j too. */
export function wcsCards(wcs: Wcs): Card[] {
  const { types, system } = frameCards(wcs.frame);
  const two = (key: string, values: readonly [unknown, unknown]) =>
    values.map((value, i) => card(`${key}${i + 1}`, value as number | string));
  return [
    card("WCSAXES", 2),
    ...two("CRPIX", wcs.crpix),
    ...linearCards(wcs.cd),
    ...two("CUNIT", ["deg", "deg"]),
    ...two("CTYPE", [types[0] + wcs.projection, types[1] + wcs.projection]),
    ...two("CRVAL", wcs.crval),
    ...(wcs.pv ?? []).map((value, k) => card(`PV2_${k + 1}`, value)),
    card("LONPOLE", wcs.lonpole),
    card("LATPOLE", wcs.latpole),
    ...system,
  ];
}
