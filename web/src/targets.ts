/** The targets that the headers of observations name. */
import type { Observation } from "gammats/reduce";
import { meanPosition, type SkyPosition } from "gammats/sky";
import type { TargetChoice } from "./types.js";

/** By OBJECT, of the most observations first: where RA_OBJ and DEC_OBJ say that it is, else the mean of the pointings. */
export function targetsOf(observations: readonly Observation[]): readonly TargetChoice[] {
  const byName = new Map<string, Observation[]>();
  for (const observation of observations) {
    const { target = "" } = observation;
    byName.set(target, [...(byName.get(target) ?? []), observation]);
  }
  const found = [...byName].sort(([, a], [, b]) => b.length - a.length);
  return found.flatMap(([name, runs]) => {
    const said = runs.flatMap(({ targetPosition }) => targetPosition ?? []);
    if (said[0] !== undefined) return [{ name, place: textOf(said[0]), from: "RA_OBJ and DEC_OBJ" }];
    const pointings = runs.flatMap(({ pointing }) => (pointing?.mode === "pointed" ? [pointing.position] : []));
    if (pointings.length === 0) return [];
    const from = "the mean of the pointings: no RA_OBJ and DEC_OBJ";
    return [{ name, place: textOf(meanPosition(pointings)), from }];
  });
}

/** As a user would write it: "83.63 22.01", "184.55 -5.78 galactic". */
export const textOf = ({ lon, lat, frame }: SkyPosition): string => {
  const number = (x: number) => String(Number(x.toFixed(4)));
  return `${number(lon)} ${number(lat)}${frame === "icrs" ? "" : ` ${frame}`}`;
};
