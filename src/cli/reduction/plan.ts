/** What is made of each run: the options of `gammats reduce` with their defaults, as regions, axes and pixels. */
import { SpecError } from "../../errors.js";
import type { Observation } from "../../events/types.js";
import type { Exclusion } from "../../reduce/exclusion.js";
import type { MapOptions } from "../../reduce/map.js";
import type { SpectrumOptions } from "../../reduce/spectrum.js";
import { defaultRegion, spectrumDefaults } from "../../reduce/spectrum-defaults.js";
import { axisFromEdges } from "../../sky/axis.js";
import { wcsGeom } from "../../sky/geom.js";
import type { Frame, MapAxis, Region, SkyPosition } from "../../sky/types.js";
import type { Context } from "../context.js";
import { edgesOf } from "../energies.js";
import { numberOf, wholeNumber } from "../numbers.js";
import { regionsOf } from "../region-masks.js";
import { angleOf } from "../run-selection.js";
import type { ReduceOptions } from "./options.js";
import { safeMaskOf } from "./settings.js";

export type Plan =
  | {
      readonly geometry: "spectrum";
      readonly target: SkyPosition;
      readonly stack: boolean;
      readonly options: SpectrumOptions;
    }
  | {
      readonly geometry: "map";
      readonly target: SkyPosition;
      readonly stack: boolean;
      readonly options: MapOptions;
      /** The background is scaled to the counts outside of these regions. */
      readonly norm: { readonly exclusion: Exclusion } | undefined;
      /** Counts are told within it. */
      readonly region: Region;
    };

/** Options with the defaults that the responses of the first run ask for. */
export function withDefaults(given: ReduceOptions, target: SkyPosition, first: Observation): ReduceOptions {
  const geometry = given.geometry ?? "spectrum";
  const { energy } = spectrumDefaults;
  const bins = given.edges === undefined ? { range: given.range ?? `${energy.min} TeV,${energy.max} TeV` } : {};
  if (geometry === "map") {
    const background = given.background ?? "fov";
    const around = `${target.frame};circle(${target.lon},${target.lat},0.5)`;
    return {
      ...given,
      ...bins,
      ...(given.edges === undefined && { bins: given.bins ?? "13" }),
      geometry,
      background,
      radius: given.radius ?? "0.11",
      safeMask: given.safeMask ?? "aeff-max=10,offset-max=2.5",
      stack: given.stack ?? true,
      width: given.width ?? "5",
      binsz: given.binsz ?? "0.02",
      frame: given.frame ?? target.frame,
      proj: given.proj ?? "TAN",
      ...(background === "fov" && { exclude: given.exclude ?? [around] }),
    };
  }
  const standard = defaultRegion(first);
  const radius = given.radius ?? String(standard.radius);
  const background = given.background ?? (radius === "rad-max" ? "wobble" : "reflected");
  return {
    ...given,
    ...bins,
    ...(given.edges === undefined && { bins: given.bins ?? String(energy.bins) }),
    geometry,
    radius,
    background,
    ...(background === "wobble" && { offRegions: given.offRegions ?? String(spectrumDefaults.wobbleRegions) }),
    safeMask: given.safeMask ?? `aeff-max=${spectrumDefaults.aeffMax}`,
    stack: given.stack ?? false,
  };
}

/** @throws SpecError where an option cannot be understood, or belongs to the other geometry. */
export async function planOf(options: ReduceOptions, target: SkyPosition, context: Context): Promise<Plan> {
  refuseOthers(options);
  const energy = axisFromEdges(edgesOf(options, "reduce"), { name: "energy", unit: "TeV", interp: "log" });
  const energyTrue = trueAxis(options);
  const axes = { energy, ...(energyTrue && { energyTrue }) };
  const excluded = await Promise.all(
    (options.exclude ?? []).map((text) => regionsOf(text, `--exclude "${text}"`, context)),
  );
  const exclusion = excluded.flat();
  const stack = options.stack === true;
  const safeMask = safeMaskOf(options.safeMask!);
  const { onNote } = context;
  const region = regionAt(target, options.radius!);
  if (options.geometry === "map") {
    const [width, binsz] = [angleOf(options.width!, "--width"), angleOf(options.binsz!, "--binsz")];
    const geom = wcsGeom({ center: target, binsz, width, proj: options.proj!, frame: options.frame as Frame });
    // pixels of maps that are stacked are the same; others are cut around their pointing
    const limit = stack ? undefined : safeMask.find((rule) => rule.method === "offset-max");
    const rules = limit === undefined ? safeMask : safeMask.filter((rule) => rule !== limit);
    const norm = options.background === "fov" ? { exclusion } : undefined;
    return {
      geometry: "map",
      target,
      stack,
      options: { geom, ...axes, safeMask: rules, ...(limit && { offsetMax: limit.offset }) },
      norm,
      region,
    };
  }
  const n = options.offRegions;
  const maxRegions = n === undefined ? {} : { maxRegions: wholeNumber(n, "--off-regions", 1) };
  const off =
    options.background === "response"
      ? undefined
      : options.background === "wobble"
        ? ({ method: "wobble", n: wholeNumber(n!, "--off-regions", 1), exclusion } as const)
        : { exclusion, ...maxRegions };
  return { geometry: "spectrum", target, stack, options: { region, ...axes, safeMask, ...(off && { off }), onNote } };
}

const regionAt = (center: SkyPosition, radius: string): Region =>
  radius === "rad-max" ? { shape: "point", center } : { shape: "circle", center, radius: angleOf(radius, "--radius") };

function trueAxis({ trueRange, trueBins }: ReduceOptions): MapAxis | undefined {
  if (trueRange === undefined && trueBins === undefined) return undefined;
  if (trueRange === undefined || trueBins === undefined) {
    throw new SpecError(
      'reduce: found one of --true-range and --true-bins; give both: --true-range "0.05 TeV,100 TeV" --true-bins 67',
    );
  }
  numberOf(trueBins, "--true-bins", "a whole number above 0", (x) => Number.isInteger(x) && x > 0);
  const nodes = edgesOf({ range: trueRange, bins: trueBins }, "reduce");
  return axisFromEdges(nodes, { name: "energy_true", unit: "TeV", interp: "log" });
}

const BACKGROUNDS = { spectrum: ["reflected", "wobble", "response"], map: ["fov", "response"] } as const;

function refuseOthers(options: ReduceOptions): void {
  const geometry = options.geometry as keyof typeof BACKGROUNDS;
  const known = BACKGROUNDS[geometry] as readonly string[] | undefined;
  if (known === undefined) {
    throw new SpecError({ where: "--geometry", found: JSON.stringify(geometry), expected: "spectrum or map" });
  }
  if (!known.includes(options.background!)) {
    throw new SpecError({
      where: `--background "${options.background}"`,
      found: `--geometry ${geometry}`,
      expected: `${known.join(", ")} with that geometry`,
    });
  }
  const foreign = geometry === "map" ? (["offRegions"] as const) : (["width", "binsz", "proj", "frame"] as const);
  const found = foreign.find((name) => options[name] !== undefined);
  if (found !== undefined) {
    const flag = found === "offRegions" ? "off-regions" : found;
    throw new SpecError(`--${flag}: found --geometry ${geometry}, which has no use for it; leave it out`);
  }
}
