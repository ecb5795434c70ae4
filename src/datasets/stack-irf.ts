import { SpecError } from "../errors.js";
import { axisCenters, nBins } from "../sky/axis.js";
import { sameAxis, squashAxis } from "../sky/axis-groups.js";
import { findAxis } from "../sky/geom.js";
import { nPix, pixelsOf } from "../sky/pixels.js";
import type { Geom, MapAxis, Pixels, SkyMap, SkyPosition } from "../sky/types.js";
import { type IrfWeights, placesIn } from "./irf-weights.js";
import type { EDisp, Psf } from "./types.js";

/** Mean of psf or edisp maps weighted by exposure, sum(w X irf) / sum(X [any w]), and the sum of the exposures; 0 where there is none. */
export function stackIrf<T extends EDisp | Psf>(irfs: readonly T[], weights: readonly IrfWeights[], name: string): T {
  const { map } = irfs[0]!;
  if (map.geom.axes.length !== 2) {
    throw new SpecError(
      `dataset "${name}": a psf given as images on the pixels (PSF_KERNEL) cannot be stacked, as it has no place on the sky; make the datasets again with psf maps`,
    );
  }
  const [inner, outer] = map.geom.axes.map(nBins) as [number, number];
  const n = nPix(map.geom);
  const data = new Float64Array(map.data.length);
  const exposure = new Float64Array(outer * n);
  const { exposure: geom = { geom: exposureGeom(map.geom), unit: "cm2 s" } } = irfs[0]!;
  irfs.forEach((irf, i) => {
    const x = irf.exposure?.data;
    if (x === undefined || x.length !== exposure.length) {
      throw new SpecError(
        `dataset "${name}": psf or edisp without an exposure, of its own or of the dataset, cannot be stacked; add EXPOSURE, PSF_EXPOSURE or EDISP_EXPOSURE to the files`,
      );
    }
    const w = weights[i];
    const rows = w === undefined ? 1 : w.length / n;
    for (let pixel = 0; pixel < n; pixel++) {
      let any = w === undefined;
      for (let r = 0; r < rows && !any; r++) any = w![r * n + pixel] === 1;
      if (!any) continue;
      for (let t = 0; t < outer; t++) {
        const xt = finite(x[t * n + pixel]!);
        exposure[t * n + pixel]! += xt;
        for (let k = 0; k < inner; k++) {
          if (w !== undefined && w[(k % rows) * n + pixel] === 0) continue;
          const at = (t * inner + k) * n + pixel;
          data[at]! += finite(xt * irf.map.data[at]!);
        }
      }
    }
  });
  for (let at = 0; at < data.length; at++) {
    const x = exposure[Math.floor(at / (inner * n)) * n + (at % n)]!;
    data[at] = x === 0 ? 0 : data[at]! / x;
  }
  return { ...irfs[0]!, map: { ...map, data }, exposure: { ...geom, data: exposure } as SkyMap };
}

const exposureGeom = (geom: Geom): Geom => ({ ...geom, axes: [squashAxis(geom.axes[0]!), ...geom.axes.slice(1)] });

/** A psf or edisp with an exposure to be weighted with: that of the dataset at its energies (of a psf in reconstructed energy, at these), where its own is missing or zero everywhere (simulated datasets). */
export function withWeights<T extends EDisp | Psf>(irf: T, exposure: SkyMap | undefined): T {
  if (exposure === undefined || irf.exposure?.data.some((x) => x > 0)) return irf;
  const { geom } = irf.map;
  const pixels = pixelsOf(exposure.geom);
  const places = placesIn(geom, pixels, (place) => pixels.nearest(place && position(place, pixels), () => true));
  const energy = findAxis(exposure.geom, "energy_true");
  const own = geom.axes.at(-1)!;
  const n = places.length;
  const data = new Float64Array(nBins(own) * n);
  const isSame = sameAxis(energy, own);
  axisCenters(own).forEach((e, t) => {
    const [low, share] = isSame ? [t, 0] : between(energy, e);
    for (let k = 0; k < n; k++) {
      const at = (bin: number) => exposure.data[bin * pixels.nPix + places[k]!]!;
      data[t * n + k] = share === 0 ? at(low) : mixed(at(low), at(low + 1), share);
    }
  });
  return { ...irf, exposure: { geom: exposureGeom(geom), unit: exposure.unit, data } };
}

/** The bin whose centre is at or below an energy, and how far it is to the next centre; beyond the outermost centres these. */
function between(axis: MapAxis, e: number): readonly [bin: number, share: number] {
  const centers = axisCenters(axis);
  if (e <= centers[0]!) return [0, 0];
  const next = centers.findIndex((c) => c > e);
  if (next < 0) return [centers.length - 1, 0];
  const [a, b] = [centers[next - 1]!, centers[next]!];
  return [next - 1, Math.log(e / a) / Math.log(b / a)];
}

/** As a power of the energy; linear where one of both is 0. */
const mixed = (a: number, b: number, share: number): number =>
  a > 0 && b > 0 ? a * (b / a) ** share : a + share * (b - a);

const position = ([lon, lat]: readonly [number, number], { frame }: Pixels): SkyPosition => ({ lon, lat, frame });

const finite = (x: number): number => (Number.isFinite(x) ? x : 0);
