import type { Gti } from "../datasets/types.js";
import type { ModelRegistry } from "../models/declaration.js";
import { dnde, energyFlux, flux } from "../models/flux.js";
import type { SkyModel } from "../models/types.js";
import { nPix } from "../sky/pixels.js";
import type { MapAxis, SkyMap, WcsGeom } from "../sky/types.js";

/** What is measured at a pixel, by the names of the field; norms are multiples of the reference spectrum. */
export const QUANTITIES = [
  "ts",
  "sqrt_ts",
  "norm",
  "norm_err",
  "norm_errn",
  "norm_errp",
  "norm_ul",
  "stat",
  "stat_null",
  "npred",
  "npred_excess",
  "success",
] as const;

/** What a TS map holds for each pixel: names as in Gammapy's files. */
export type TsQuantity = (typeof QUANTITIES)[number];

/** Maps `[energy, lat, lon]` of a test source at each pixel; NaN where none was tested or where it is not seen. */
export interface TsMap {
  readonly geom: WcsGeom;
  readonly maps: Readonly<Record<TsQuantity, SkyMap>>;
  /** The test source at norm 1. */
  readonly model: SkyModel;
  /** Of that source by energy bin: dnde [cm-2 s-1 TeV-1] at e_ref, flux [cm-2 s-1], eflux and e2dnde [TeV cm-2 s-1]. */
  readonly reference: Readonly<Record<FluxKind, Float64Array>>;
  /** Significance of errors and upper limits. */
  readonly nSigma: number;
  readonly nSigmaUl: number;
  readonly gti?: Gti;
}

/** Kinds of flux: differential [cm-2 s-1 TeV-1], integral [cm-2 s-1], energy flux and E^2 dnde [both TeV cm-2 s-1]. */
export type FluxKind = "dnde" | "flux" | "eflux" | "e2dnde";
const UNITS: Readonly<Record<FluxKind, string>> = {
  dnde: "cm-2 s-1 TeV-1",
  flux: "cm-2 s-1",
  eflux: "TeV cm-2 s-1",
  e2dnde: "TeV cm-2 s-1",
};

/**
 * One of the norms of a TS map as a flux, e.g. `fluxMap(tsMap, "flux", "norm_ul")`: dnde [cm-2 s-1 TeV-1] at e_ref, flux [cm-2 s-1], eflux or e2dnde [TeV cm-2
 * s-1], `[energy, lat, lon]`.
 */
export function fluxMap(
  { geom, maps, reference }: TsMap,
  kind: FluxKind,
  quantity: TsQuantity & `norm${string}` = "norm",
): SkyMap {
  const { data } = maps[quantity];
  const n = nPix(geom);
  return { geom, unit: UNITS[kind], data: data.map((norm, i) => norm * reference[kind][Math.floor(i / n)]!) };
}

interface Collected {
  readonly pixels: Int32Array;
  readonly geom: WcsGeom;
  readonly ranges: readonly { readonly min: number; readonly max: number }[];
  readonly source: SkyModel;
  readonly registry: ModelRegistry;
  readonly nSigma: number;
  readonly nSigmaUl: number;
  readonly gti: Gti | undefined;
}

/** Rows of pixels, `[pixel, energy, quantity]`, as maps. */
export function collectTsMap(parts: readonly Float64Array[], given: Collected): TsMap {
  const { pixels, ranges, source, registry, nSigma, nSigmaUl, gti } = given;
  const n = nPix(given.geom);
  const lo = Float64Array.from(ranges, (r) => r.min);
  const hi = Float64Array.from(ranges, (r) => r.max);
  const nodes = Float64Array.from([...lo, hi.at(-1)!]);
  const energy: MapAxis = { name: "energy", unit: "TeV", interp: "log", nodeType: "edges", nodes };
  const geom: WcsGeom = { ...given.geom, axes: [energy] };
  const width = ranges.length * QUANTITIES.length;
  const data = QUANTITIES.map(() => new Float64Array(ranges.length * n).fill(Number.NaN));
  let i = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += width, i++) {
      for (let r = 0; r < ranges.length; r++) {
        const to = r * n + pixels[i]!;
        for (let q = 0; q < data.length; q++) data[q]![to] = part[at + r * data.length + q]!;
      }
    }
  }
  const ref = lo.map((e, r) => Math.sqrt(e * hi[r]!));
  const at = dnde(source.spectral, ref, registry);
  return {
    geom,
    maps: Object.fromEntries(QUANTITIES.map((name, q) => [name, { geom, unit: "", data: data[q]! }])) as TsMap["maps"],
    model: source,
    reference: {
      dnde: at,
      e2dnde: at.map((y, r) => y * ref[r]! * ref[r]!),
      flux: flux(source.spectral, lo, hi, registry),
      eflux: energyFlux(source.spectral, lo, hi, registry),
    },
    nSigma,
    nSigmaUl,
    ...(gti && { gti }),
  };
}
