/** What the instrument makes of events: which it records, and where and at what energy it reconstructs them. */

import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { drawnMigrations, psfDistances } from "../irf/tables/draw.js";
import { evaluatePairs } from "../irf/tables/pairs.js";
import { needed } from "../reduce/responses.js";
import { offsetBy, separation } from "../sky/frames.js";
import type { Drawn } from "./drawn.js";
import { isInField } from "./field.js";
import type { TimeSampler } from "./times.js";

/** Candidates of a source [n], by what they are before the instrument. */
export interface Candidates {
  readonly n: number;
  /** TeV */
  readonly energy: Float64Array;
  /** ICRS, deg */
  readonly ra: Float64Array;
  readonly dec: Float64Array;
  /** Effective area, cm2, from which on each is recorded. */
  readonly least: Float64Array;
  /** Uniform numbers [n, RESPONSE_NUMBERS]: time, two of the distance by the psf, its angle, energy. */
  readonly numbers: Float64Array;
}

export const RESPONSE_NUMBERS = 5;

export const emptyBlock = (n: number): Candidates => ({
  n,
  energy: new Float64Array(n),
  ra: new Float64Array(n),
  dec: new Float64Array(n),
  least: new Float64Array(n),
  numbers: new Float64Array(n * RESPONSE_NUMBERS),
});

/** Adds the candidates that are recorded to the events. Without a psf directions stay what they are, without an energy dispersion energies. */
export function respond(
  observation: Observation,
  { ra, dec, energy, least, numbers }: Candidates,
  times: TimeSampler,
  apply: { readonly psf: boolean; readonly edisp: boolean },
  out: Drawn,
): void {
  const pointing = pointingOf(observation);
  const { psf, edisp } = observation.irfs;
  const offset = ra.map((lon, i) => separation(pointing.lon, pointing.lat, lon, dec[i]!));
  const area = evaluatePairs(needed(observation, "aeff").table, [energy, offset]);
  const kept = Array.from(area.keys()).filter((i) => area[i]! > least[i]!);
  const pick = (column: Float64Array) => Float64Array.from(kept, (i) => column[i]!);
  const number = (k: number) => Float64Array.from(kept, (i) => numbers[i * RESPONSE_NUMBERS + k]!);
  const places = { energy: pick(energy), offset: pick(offset) };
  const distance = psf && apply.psf ? psfDistances(psf, places, number(1), number(2)) : new Float64Array(kept.length);
  const migra = edisp && apply.edisp ? drawnMigrations(edisp, places, number(4)) : undefined;
  const [time, angle] = [number(0), number(3)];
  kept.forEach((i, k) => {
    const ratio = migra?.[k] ?? 1;
    if (Number.isNaN(distance[k]!) || Number.isNaN(ratio)) {
      out.unknown++;
      return;
    }
    const found = offsetBy({ lon: ra[i]!, lat: dec[i]!, frame: "icrs" }, 360 * angle[k]!, distance[k]!);
    const at = times.draw(time[k]!);
    if (!isInField(observation, found, at)) {
      out.outside++;
      return;
    }
    out.time.push(at);
    out.ra.push(distance[k]! > 0 ? found.lon : ra[i]!);
    out.dec.push(distance[k]! > 0 ? found.lat : dec[i]!);
    out.energy.push(ratio * energy[i]!);
    out.raTrue.push(ra[i]!);
    out.decTrue.push(dec[i]!);
    out.energyTrue.push(energy[i]!);
  });
}
