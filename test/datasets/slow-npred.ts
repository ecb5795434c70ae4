import { dnde } from "../../src/api/models.js";
import type { MapDataset } from "../../src/datasets/types.js";
import { declarationOf } from "../../src/models/lookup.js";
import { standardModels } from "../../src/models/registry.js";
import type { Models, SkyModel } from "../../src/models/types.js";
import { axisCenters, axisEdges, axisPix } from "../../src/sky/axis.js";
import { separation, toFrame } from "../../src/sky/frames.js";
import { solidAngle } from "../../src/sky/pixels.js";
import type { SkyMap, SkyPosition, WcsGeom } from "../../src/sky/types.js";
import { pixToSky, skyToPix } from "../../src/sky/wcs.js";

/*
 * Predicted counts written straight from the formulas: n[r] = sum_t K[t, r] S_t P_t(x, y) X_t(x, y), over the whole map, nothing kept, nothing cut
 * out, each sum as a loop. Sources only; for point and Gaussian sources.
 */

/** Values of a map at a position: linear between its pixels. */
function atPosition(map: SkyMap, position: SkyPosition): Float64Array {
  const { npix, wcs } = map.geom as WcsGeom;
  const { lon, lat } = toFrame(position, wcs.frame);
  const [px, py] = skyToPix(wcs, lon, lat) as unknown as [number, number];
  const x = npix[0] === 1 ? 0 : Math.min(Math.max(Math.floor(px), 0), npix[0] - 2);
  const y = npix[1] === 1 ? 0 : Math.min(Math.max(Math.floor(py), 0), npix[1] - 2);
  const out = new Float64Array(map.data.length / (npix[0] * npix[1]));
  for (let k = 0; k < out.length; k++) {
    const value = (i: number, j: number) =>
      map.data[(k * npix[1] + Math.min(y + j, npix[1] - 1)) * npix[0] + Math.min(x + i, npix[0] - 1)]!;
    const bottom = value(0, 0) + (px - x) * (value(1, 0) - value(0, 0));
    const top = value(0, 1) + (px - x) * (value(1, 1) - value(0, 1));
    out[k] = bottom + (py - y) * (top - bottom);
  }
  return out;
}

function nearest(map: SkyMap, position: SkyPosition): Float64Array {
  const { npix, wcs } = map.geom as WcsGeom;
  const { lon, lat } = toFrame(position, wcs.frame);
  const [px, py] = skyToPix(wcs, lon, lat) as unknown as [number, number];
  const i = Math.min(Math.max(Math.round(px), 0), npix[0] - 1);
  const j = Math.min(Math.max(Math.round(py), 0), npix[1] - 1);
  return Float64Array.from(
    { length: map.data.length / (npix[0] * npix[1]) },
    (_, k) => map.data[(k * npix[1] + j) * npix[0] + i]!,
  );
}

function linear(values: ArrayLike<number>, pix: number): number {
  const i = Math.min(Math.max(Math.floor(pix), 0), values.length - 2);
  return values[i]! + (pix - i) * (values[i + 1]! - values[i]!);
}

/** Section 3: radius whose containment is nearest to the fraction; sum up to the upper edges of the rings. */
function containmentRadius(edges: Float64Array, profile: ArrayLike<number>, fraction: number): number {
  const n = edges.length - 1;
  const width = edges[1]! - edges[0]!;
  const cumulative: number[] = [];
  for (let i = 0, sum = 0; i < n; i++) {
    const r = ((edges[i]! + edges[i + 1]!) / 2) * (Math.PI / 180);
    sum += 2 * Math.PI * r * width * (Math.PI / 180) * profile[i]!;
    cumulative.push(sum);
  }
  let best = Number.NaN;
  let distance = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 20 * n; k++) {
    const r = edges[0]! + ((k + 0.5) / 20) * width;
    // nodes at the upper edges; below half a ring under the first there is nothing
    const pix = (r - edges[1]!) / width;
    const value = pix < -0.5 ? 0 : linear(cumulative, pix);
    if (Math.abs(value - fraction) < distance) {
      distance = Math.abs(value - fraction);
      best = r;
    }
  }
  return best;
}

const odd = (x: number) => Math.floor(Math.ceil(x) / 2) * 2 + 1;

/** Section 3, "Kernel for a geometry": image of energy t as a function of pixel offsets. */
function kernelImage(dataset: MapDataset, position: SkyPosition, t: number): (dx: number, dy: number) => number {
  const { map } = dataset.psf!;
  const [rad, energies] = [map.geom.axes[0]!, map.geom.axes[1]!];
  const edges = axisEdges(rad);
  const n = edges.length - 1;
  const cube = atPosition(map, position);
  const geom = dataset.exposure!.geom as WcsGeom;
  const pixel = Math.abs(geom.wcs.cd[3]);
  const e = axisPix(energies, axisCenters(geom.axes[0]!)[t]!);
  const profile = Float64Array.from({ length: n }, (_, i) =>
    linear(
      Float64Array.from({ length: cube.length / n }, (_, k) => cube[k * n + i]!),
      e,
    ),
  );
  const radius = containmentRadius(edges, cube.subarray(t * n, (t + 1) * n), 0.999);
  const factor = Math.min(Math.ceil(12 / ((2 * containmentRadius(edges, profile, 0.68)) / pixel)), 4);
  const half = (odd((2 * radius) / pixel) - 1) / 2;
  const wcs = {
    ...geom.wcs,
    crval: [0, 0] as const,
    crpix: [1, 1] as const,
    lonpole: geom.wcs.projection === "TAN" ? 180 : 0,
    latpole: 90,
  };
  const width = edges[1]! - edges[0]!;
  const sample = (dx: number, dy: number) => {
    let sum = 0;
    for (let j = 0; j < factor; j++) {
      for (let i = 0; i < factor; i++) {
        const [lon, lat] = pixToSky(wcs, dx + (i + 0.5) / factor - 0.5, dy + (j + 0.5) / factor - 0.5) as unknown as [
          number,
          number,
        ];
        sum += Math.max(0, linear(profile, separation(0, 0, lon, lat) / width - 0.5));
      }
    }
    return sum;
  };
  const images = new Map<string, number>();
  let total = 0;
  for (let dy = -half; dy <= half; dy++) {
    for (let dx = -half; dx <= half; dx++) {
      const value = sample(dx, dy);
      images.set(`${dx},${dy}`, value);
      total += value;
    }
  }
  return (dx, dy) => (images.get(`${dx},${dy}`) ?? 0) / total;
}

/** Section 4: share of the source in each pixel before the psf. */
function shares(model: SkyModel, geom: WcsGeom): Float64Array {
  const spatial = model.spatial!;
  const frame = spatial.frame ?? "icrs";
  const p = Float64Array.from(spatial.parameters, (q) => q.value);
  const [nx, ny] = geom.npix;
  const out = new Float64Array(nx * ny);
  if (spatial.type === "PointSpatialModel") {
    const { lon, lat } = toFrame({ lon: p[0]!, lat: p[1]!, frame }, geom.wcs.frame);
    const [px, py] = skyToPix(geom.wcs, lon, lat) as unknown as [number, number];
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++)
        out[y * nx + x] = Math.max(0, 1 - Math.abs(x - px)) * Math.max(0, 1 - Math.abs(y - py));
    }
    return out;
  }
  const declaration = declarationOf(spatial, "spatial", standardModels);
  const factor = Math.max(1, Math.ceil(Math.abs(geom.wcs.cd[3]) / declaration.binSizeMin(p)!));
  const areas = solidAngle(geom);
  for (let k = 0; k < out.length; k++) {
    for (let j = 0; j < factor; j++) {
      for (let i = 0; i < factor; i++) {
        const x = (k % nx) + (i + 0.5) / factor - 0.5;
        const y = Math.floor(k / nx) + (j + 0.5) / factor - 0.5;
        const [lon, lat] = pixToSky(geom.wcs, x, y) as unknown as [number, number];
        const here = toFrame({ lon, lat, frame: geom.wcs.frame }, frame);
        out[k]! += (declaration.evaluate(here.lon, here.lat, p) * areas[k]!) / factor ** 2;
      }
    }
  }
  return out;
}

/** Power-law trapezoid with N nodes for all bins, N from the widest. */
function fluxes(model: SkyModel, edges: Float64Array): number[] {
  const n = Math.max(2, ...Array.from(edges.slice(1), (e, k) => Math.trunc(100 * Math.log10(e / edges[k]!) + 1e-9)));
  return Array.from(edges.slice(1), (high, k) => {
    const nodes = Array.from({ length: n }, (_, i) => edges[k]! * (high / edges[k]!) ** (i / (n - 1)));
    const y = dnde(model.spectral, nodes);
    let sum = 0;
    for (let i = 0; i + 1 < n; i++) {
      const gamma = -Math.log(y[i]! / y[i + 1]!) / Math.log(nodes[i]! / nodes[i + 1]!);
      const ratio = nodes[i + 1]! / nodes[i]!;
      sum +=
        y[i]! * nodes[i]! * (Math.abs(1 - gamma) < 1e-8 ? Math.log(ratio) : (ratio ** (1 - gamma) - 1) / (1 - gamma));
    }
    return sum;
  });
}

export function slowNpred(dataset: MapDataset, models: Models): Float64Array {
  const geom = dataset.exposure!.geom as WcsGeom;
  const [nx, ny] = geom.npix;
  const nPix = nx * ny;
  const nReco = axisCenters(dataset.counts!.geom.axes[0]!).length;
  const out = new Float64Array(nReco * nPix);
  for (const model of models.components as SkyModel[]) {
    const value = (name: string) => model.spatial!.parameters.find((q) => q.name === name)!.value;
    const position = { lon: value("lon_0"), lat: value("lat_0"), frame: model.spatial!.frame ?? "icrs" };
    const flux = fluxes(model, axisEdges(geom.axes[0]!));
    const share = shares(model, geom);
    const edisp = nearest(dataset.edisp!.map, position);
    for (let t = 0; t < flux.length; t++) {
      const kernel = kernelImage(dataset, position, t);
      for (let k = 0; k < nPix; k++) {
        let sum = 0;
        for (let m = 0; m < nPix; m++) {
          if (share[m] === 0) continue;
          sum += share[m]! * kernel((k % nx) - (m % nx), Math.floor(k / nx) - Math.floor(m / nx));
        }
        const counts = flux[t]! * sum * dataset.exposure!.data[t * nPix + k]!;
        for (let r = 0; r < nReco; r++) out[r * nPix + k]! += edisp[t * nReco + r]! * counts;
      }
    }
  }
  return out;
}
