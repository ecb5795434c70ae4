import type { MapDataset } from "../datasets/types.js";
import {
  axisCenters,
  axisFromBounds,
  axisFromNodes,
  nBins,
  nPix,
  pixelCenters,
  regionMask,
  size,
  solidAngle,
  squashAxis,
  wcsGeom,
} from "../sky/index.js";
import type { MapAxis, SkyMap, SkyPosition, WcsGeom } from "../sky/types.js";
import { logNormalKernel } from "./dispersion.js";
import {
  containment68,
  energyResolution,
  galacticIntensity,
  isotropicIntensity,
  kingProfile,
  SURVEY_LIVETIME,
  SURVEY_SPAN,
  surveyExposure,
} from "./lat.js";
import { energyAxis, integrateLog, rounded } from "./numbers.js";

/** Middle of the map; the Crab lies a little off it, so that it is on no pixel corner. */
const CENTER: SkyPosition = { lon: 184.56, lat: -5.78, frame: "galactic" };
/** Counts beyond this angle from the middle are masked, deg. */
const RADIUS = 1.4;
/** Beyond this angle the psf is taken as zero, deg. */
const PSF_RADIUS = 2;

type SpatialFactor = (x: number, y: number) => number;

/** A cube of Fermi-LAT's size and bins around the Crab, without counts: 10 GeV to 2 TeV in 5 bins, 50 x 40 pixels of 0.06 deg. */
export function fermiDataset(name: string): MapDataset {
  const energy = energyAxis("energy", 0.01, 2, 5);
  const energyTrue = energyAxis("energy_true", 0.0059, 3.4, 12);
  const image = wcsGeom({ center: CENTER, binsz: 0.06, npix: [50, 40] });
  const exposure = exposureMap(withAxes(image, energyTrue));
  return {
    type: "MapDataset",
    name,
    exposure,
    background: backgroundMap(withAxes(image, energy)),
    edisp: edispMap(energyTrue, energy),
    psf: psfMap(energyTrue),
    maskSafe: regionMask(withAxes(image, energy), [{ shape: "circle", center: CENTER, radius: RADIUS }]),
    gti: {
      start: Float64Array.of(239557417),
      stop: Float64Array.of(239557417 + SURVEY_SPAN),
      reference: 51910 + 64.184 / 86400,
      timeScale: "tt",
    },
  };
}

const withAxes = (geom: WcsGeom, ...axes: MapAxis[]): WcsGeom => ({ ...geom, axes });

/** A map of f(energy, pixel) x g(pixel position in deg east and north of the middle). */
function fill(geom: WcsGeom, unit: string, f: (k: number) => number, factor: SpatialFactor): SkyMap {
  const n = nPix(geom);
  const data = new Float64Array(size(geom));
  const weight = Float64Array.from({ length: n }, (_, i) => factor(...offset(geom, i)));
  for (let k = 0, i = 0; i < data.length; k++) {
    const value = f(k);
    for (let pixel = 0; pixel < n; pixel++) data[i++] = value * weight[pixel]!;
  }
  return { geom, unit, data: rounded(data) };
}

function offset(geom: WcsGeom, pixel: number): [number, number] {
  const [nx, ny] = geom.npix;
  const [dx, , , dy] = geom.wcs.cd;
  return [((pixel % nx) - (nx - 1) / 2) * dx, (Math.floor(pixel / nx) - (ny - 1) / 2) * dy];
}

/** The survey goes deeper towards the pole: 1 % a degree. */
function exposureMap(geom: WcsGeom): SkyMap {
  const e = axisCenters(geom.axes.at(-1)!);
  return fill(
    geom,
    "cm2 s",
    (k) => surveyExposure(e[k]!, SURVEY_LIVETIME),
    (_, y) => 1 + 0.01 * y,
  );
}

/** Diffuse intensity x exposure, integrated over bins and pixels; psf and energy dispersion hardly change what is so smooth. */
function backgroundMap(geom: WcsGeom): SkyMap {
  const [energy] = geom.axes;
  const { lat } = pixelCenters(geom);
  const area = solidAngle(geom);
  const data = new Float64Array(size(geom));
  for (let k = 0, i = 0; k < nBins(energy!); k++) {
    const [low, high] = [energy!.nodes[k]!, energy!.nodes[k + 1]!];
    const flat = integrateLog((e) => isotropicIntensity(e) * surveyExposure(e, SURVEY_LIVETIME), low, high);
    const atPlane = integrateLog((e) => galacticIntensity(e, 0) * surveyExposure(e, SURVEY_LIVETIME), low, high);
    for (let pixel = 0; pixel < area.length; pixel++, i++) {
      const profile = galacticIntensity(1, lat[pixel]!) / galacticIntensity(1, 0);
      data[i] = (flat + atPlane * profile) * (1 + 0.01 * offset(geom, pixel)[1]) * area[pixel]!;
    }
  }
  return { geom, unit: "", data: rounded(data) };
}

/** Kernels on 0.6 deg pixels, 20 % wider for each degree from the middle, so that a reader has to take the right pixel. */
function edispMap(energyTrue: MapAxis, energy: MapAxis): { map: SkyMap; exposure: SkyMap } {
  const image = wcsGeom({ center: CENTER, binsz: 0.6, npix: [5, 4] });
  const geom = withAxes(image, energy, energyTrue);
  const data = new Float64Array(size(geom));
  const n = nPix(image);
  for (let pixel = 0; pixel < n; pixel++) {
    const wider = 1 + 0.2 * Math.hypot(...offset(image, pixel));
    const law = { sigma: (e: number) => wider * energyResolution(e), bias: () => 1 };
    logNormalKernel(energyTrue, energy, law).forEach((p, k) => {
      data[k * n + pixel] = p;
    });
  }
  const exposure = exposureMap(withAxes(image, squashAxis(energy), energyTrue));
  return { map: { geom, unit: "", data }, exposure };
}

/** King profiles at the edges of the true-energy bins on two pixels, 5 % narrower in the east than in the middle, 5 % wider in the west. */
function psfMap(energyTrue: MapAxis): { map: SkyMap; exposure: SkyMap } {
  const rad = axisFromBounds(0, PSF_RADIUS, 100, { name: "rad", unit: "deg" });
  const nodes = axisFromNodes(energyTrue.nodes, { name: "energy_true", unit: "TeV", interp: "log" });
  const image = wcsGeom({ center: CENTER, binsz: [1.5, 2.4], npix: [2, 1] });
  const geom = withAxes(image, rad, nodes);
  const data = new Float64Array(size(geom));
  for (const [k, e] of nodes.nodes.entries()) {
    for (const [pixel, wider] of [0.95, 1.05].entries()) {
      kingProfile(rad.nodes, wider * containment68(e)).forEach((p, i) => {
        data[(k * nBins(rad) + i) * 2 + pixel] = p;
      });
    }
  }
  return {
    map: { geom, unit: "sr-1", data: rounded(data) },
    exposure: exposureMap(withAxes(image, squashAxis(rad), nodes)),
  };
}
