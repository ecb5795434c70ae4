/** The targets that the headers of observations name. */
import type { Observation, ObservationEntry } from "gammats/reduce";
import { meanPosition, type SkyPosition } from "gammats/sky";
import type { TargetChoice } from "./types.js";

/** By OBJECT, of the most observations first: where RA_OBJ and DEC_OBJ say that it is, else the mean of the pointings. */
export function targetsOf(
  observations: readonly Observation[],
  entries: readonly ObservationEntry[],
): readonly TargetChoice[] {
  const columns = new Map(entries.map((entry) => [entry.id, entry.columns]));
  const byName = new Map<string, Observation[]>();
  for (const observation of observations) {
    const name = String(columns.get(observation.id)?.OBJECT ?? observation.target ?? "").trim();
    byName.set(name, [...(byName.get(name) ?? []), observation]);
  }
  const found = [...byName].sort(([, a], [, b]) => b.length - a.length);
  return found.flatMap(([name, runs]) => {
    const said = runs.flatMap(({ id }) => positionOf(columns.get(id) ?? {}));
    if (said.length > 0) return [{ name, place: textOf(said[0]!), from: "RA_OBJ and DEC_OBJ" }];
    const pointings = runs.flatMap(({ pointing }) => (pointing?.mode === "pointed" ? [pointing.position] : []));
    if (pointings.length === 0) return [];
    const from = "the mean of the pointings: no RA_OBJ and DEC_OBJ";
    return [{ name, place: textOf(meanPosition(pointings)), from }];
  });
}

function positionOf({ RA_OBJ, DEC_OBJ }: ObservationEntry["columns"]): SkyPosition[] {
  if (typeof RA_OBJ !== "number" || typeof DEC_OBJ !== "number") return [];
  return Number.isFinite(RA_OBJ + DEC_OBJ) ? [{ lon: RA_OBJ, lat: DEC_OBJ, frame: "icrs" }] : [];
}

/** As a user would write it: "83.63 22.01", "184.55 -5.78 galactic". */
export const textOf = ({ lon, lat, frame }: SkyPosition): string => {
  const number = (x: number) => String(Number(x.toFixed(4)));
  return `${number(lon)} ${number(lat)}${frame === "icrs" ? "" : ` ${frame}`}`;
};
