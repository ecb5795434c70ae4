/** What the spectra of observations are made with, from what the user said. */
import { SpecError } from "gammats";
import {
  type Observation,
  pointingOf,
  type ReflectedOptions,
  type SpectrumOptions,
  spectrumDefaults,
  type WobbleOptions,
} from "gammats/reduce";
import {
  axisFromEnergyBounds,
  parsePlace,
  parseRegions,
  type Region,
  type SkyPosition,
  separation,
  toFrame,
} from "gammats/sky";
import type { SpectraChoice } from "./types.js";

export interface SpectraPlan {
  readonly target: SkyPosition;
  /** deg; absent: the responses have one for each energy. */
  readonly radius?: number;
  /** Observations that looked near the target. */
  readonly chosen: readonly Observation[];
  readonly options: SpectrumOptions & { readonly off: ReflectedOptions | WobbleOptions };
  /** What OFF regions must not touch. */
  readonly excluded: readonly Region[];
  /** What was left out. */
  readonly notes: readonly string[];
}

export const refused = (what: string): SpecError => new SpecError(`spectra: ${what}`);

/** @throws SpecError where something cannot be understood, or no observation looked near the target. */
export function planOf(choice: SpectraChoice, observations: readonly Observation[]): SpectraPlan {
  const center = parsePlace(choice.target, `target "${choice.target}"`);
  const byEnergy = choice.radius.trim() === "rad-max";
  const radius = Number(choice.radius);
  if (!byEnergy && !(radius > 0 && radius < 90)) throw refused(`radius "${choice.radius}": expected deg, like 0.11`);
  const { energyMin, energyMax, bins } = choice;
  if (!(energyMin > 0 && energyMax > energyMin && Number.isInteger(bins) && bins > 0)) {
    throw refused(
      `${bins} bins from ${energyMin} to ${energyMax} TeV: expected two increasing energies above 0 and a whole number`,
    );
  }
  const region: Region = byEnergy ? { shape: "point", center } : { shape: "circle", center, radius };
  const exclusion = choice.exclude.trim() === "" ? [] : parseRegions(choice.exclude);
  const { lon, lat } = toFrame(center, "icrs");
  const wanted = observations.filter(({ id }) => !choice.without.includes(id));
  const chosen = wanted.filter((observation) => {
    if (observation.pointing?.mode !== "pointed") return false;
    const at = pointingOf(observation);
    return separation(lon, lat, at.lon, at.lat) < spectrumDefaults.maxOffset;
  });
  const others = wanted.filter((observation) => !chosen.includes(observation)).map(({ id }) => id);
  const rule = `pointings not within ${spectrumDefaults.maxOffset} deg of the target`;
  if (wanted.length === 0) throw refused("no observation is chosen");
  if (chosen.length === 0) throw refused(`no observation to use: ${rule}`);
  return {
    target: center,
    ...(!byEnergy && { radius }),
    chosen,
    options: {
      region,
      energy: axisFromEnergyBounds(energyMin, energyMax, bins),
      safeMask: [{ method: "aeff-max", percent: spectrumDefaults.aeffMax }],
      off: byEnergy ? { method: "wobble", n: spectrumDefaults.wobbleRegions, exclusion } : { exclusion },
    },
    excluded: exclusion,
    notes: others.length === 0 ? [] : [`observations are left out that have ${rule}: ${others.join(", ")}`],
  };
}
