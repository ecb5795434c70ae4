import { UnsupportedError } from "../../errors.js";
import { scaleValues, unscaleValue } from "../../math/interpolate.js";
import { axisEdges } from "../../sky/axis.js";
import { geomFrame, nPix, pixelsOf } from "../../sky/pixels.js";
import type { SkyMap, WcsGeom } from "../../sky/types.js";
import { makeProjector } from "../../sky/wcs.js";
import { conversionFactor, isConvertible } from "../../units/index.js";
import { type Along, axesAlong, axisParameters, cellAlong, ENERGY, placeAlong } from "../axis-grid.js";
import type {
  ResourceNeed,
  SpatialDeclaration,
  SpatialDerivatives,
  SpatialEvaluate,
  SpatialFunction,
} from "../declaration.js";
import { resourceOf } from "../resources.js";
import type { ModelData } from "../types.js";
import { cellOf, isInside } from "./template-grid.js";

const TYPE = "TemplateNDSpatialModel";
const BRIGHTNESS = "sr-1";
const FLUX = "cm-2 s-1 TeV-1 sr-1";

const mapNeed = {
  kind: "map",
  from: "filename",
  about: "surface brightness by the parameters, which are its axes, and maybe by true energy",
} as const satisfies ResourceNeed<"map">;

function templateOf(data: ModelData) {
  const map: SkyMap = resourceOf(data, "map", mapNeed, TYPE);
  const { geom } = map;
  if (geom.kind !== "wcs") {
    const found = geom.kind === "healpix" ? "HEALPix pixels" : "a region";
    throw new UnsupportedError({ where: `${TYPE}: its map`, found, expected: "images in a projection" });
  }
  const unit = map.unit || String(data.extra?.unit ?? "");
  const flux = unit !== "" && isConvertible(unit, FLUX);
  // without a unit it is one of sr-1
  const factor = unit === "" ? 1 : conversionFactor(unit, flux ? FLUX : BRIGHTNESS, `${TYPE}: its map`);
  return { map, geom, flux, factor };
}

/** ln of the brightness on the pixels of one image, and its derivatives by the parameters. */
interface Logs {
  readonly value: Float64Array;
  /** [m] */
  readonly first: readonly Float64Array[];
  /** [m, m] */
  readonly second: readonly Float64Array[];
}

/** Mixes the images around a place of all axes; null where that is outside of one. `logs`: all images. */
function mix(along: readonly Along[], m: number, n: number, logs: Float64Array) {
  const places = along.map(() => new Float64Array(3));
  return (p: Float64Array, energy: number, order: 0 | 2): Logs | null => {
    for (const [a, axis] of along.entries()) {
      placeAlong(axis, axis.index < 0 ? energy : p[axis.index]!, places[a]!);
      if (!isInside(places[a]![0]!, axis.cells + 1)) return null;
    }
    const image = () => new Float64Array(n);
    const [first, second] =
      order === 0 ? [[], []] : [Array.from({ length: m }, image), Array.from({ length: m * m }, image)];
    const value = image();
    for (let corner = 0; corner < 1 << along.length; corner++) {
      const isUpper = (a: number) => ((corner >> a) & 1) === 1;
      const from = along.reduce(
        (sum, axis, a) => sum + (cellAlong(axis, places[a]![0]!) + (isUpper(a) ? 1 : 0)) * axis.stride,
        0,
      );
      /** With the derivative of the share in its place along axes i and j; i = j: the second. */
      const weight = (i: number, j: number) =>
        along.reduce((product, axis, a) => {
          const share = places[a]![0]! - cellAlong(axis, places[a]![0]!);
          if (a !== i && a !== j) return product * (isUpper(a) ? share : 1 - share);
          return product * (isUpper(a) ? 1 : -1) * places[a]![i === j ? 2 : 1]!;
        }, 1);
      const add = (out: Float64Array, factor: number) => {
        if (factor !== 0) for (let k = 0; k < n; k++) out[k]! += factor * logs[from + k]!;
      };
      add(value, weight(-1, -1));
      if (order === 0) continue;
      for (const [i, { index: one }] of along.entries()) {
        if (one < 0) continue;
        add(first[one]!, weight(i, -1));
        for (const [j, { index: two }] of along.entries()) if (two >= 0) add(second[one * m + two]!, weight(i, j));
      }
    }
    return { value, first, second };
  };
}

/** Bilinear between pixels, in the logarithm: the function of an image. */
function functionOf({ wcs, npix: [nx, ny] }: WcsGeom, images: Logs | null, m: number): Required<SpatialFunction> {
  const { skyToPix } = makeProjector(wcs);
  const pix = new Float64Array(2);
  let at = 0;
  const enter = (lon: number, lat: number): boolean => {
    skyToPix(lon, lat, pix);
    if (images === null || !(isInside(pix[0]!, nx) && isInside(pix[1]!, ny))) return false;
    const [i, j] = [cellOf(pix[0]!, nx), cellOf(pix[1]!, ny)];
    at = j * nx + i;
    pix[0] = nx === 1 ? 0 : pix[0]! - i;
    pix[1] = ny === 1 ? 0 : pix[1]! - j;
    return true;
  };
  const between = (image: Float64Array) => {
    const [x, y] = [pix[0]!, pix[1]!];
    const [right, up] = [nx === 1 ? 0 : 1, ny === 1 ? 0 : nx];
    const low = (1 - x) * image[at]! + x * image[at + right]!;
    return (1 - y) * low + y * ((1 - x) * image[at + up]! + x * image[at + up + right]!);
  };
  const evaluate = (lon: number, lat: number) => {
    if (!enter(lon, lat)) return 0;
    const value = unscaleValue(between(images!.value), "log");
    return Number.isFinite(value) ? value : 0;
  };
  return {
    evaluate,
    derivatives(lon, lat, g, h) {
      g.fill(0);
      h.fill(0);
      const value = evaluate(lon, lat);
      if (value === 0) return 0;
      for (let i = 0; i < m; i++) g[i] = between(images!.first[i]!);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < m; j++) h[i * m + j] = value * (g[i]! * g[j]! + between(images!.second[i * m + j]!));
      }
      for (let i = 0; i < m; i++) g[i]! *= value;
      return value;
    },
  };
}

/** Images by parameters: straight between their values in the logarithm of the brightness. */
export const templateNdSpatial: SpatialDeclaration = {
  type: TYPE,
  tag: "templateND",
  about:
    "Map of the brightness by parameters, which are its axes, and maybe by energy; straight in its logarithm between them",
  latex: String.raw`\phi_{ij}(\theta_{1,k}, \theta_{2,l}, \ldots)`,
  parameters: {},
  extra: { unit: "of a file that has none; else kept, not used" },
  example: { filename: "template.fits" },
  resources: { map: mapNeed },
  evaluate: () => Number.NaN,
  evaluationRadius: () => Number.POSITIVE_INFINITY,
  binSizeMin: () => undefined,
  bind(data) {
    const { map, geom, flux, factor } = templateOf(data);
    const n = nPix(geom);
    const { along, parameters } = axesAlong(geom.axes, n);
    const m = parameters.length;
    const logs = scaleValues(factor === 1 ? map.data : map.data.map((x) => x * factor), "log");
    const mixed = mix(along, m, n, logs);
    const energies = geom.axes.find(({ name }) => ENERGY.includes(name));
    const pixels = pixelsOf(geom);
    const ofOrder =
      (order: 0 | 2) =>
      (p: Float64Array, energy = Number.NaN) =>
        functionOf(geom, mixed(p, energy, order), m);
    const [valueAt, at] = [ofOrder(0), ofOrder(2)];
    const evaluate: SpatialEvaluate = (lon, lat, p, energy) => valueAt(p, energy).evaluate(lon, lat);
    const derivatives: SpatialDerivatives = (lon, lat, p, g, h, energy) => at(p, energy).derivatives(lon, lat, g, h);
    const edges = energies && axisEdges(energies);
    return {
      ...templateNdSpatial,
      parameters: axisParameters(parameters),
      frame: geomFrame(geom),
      energyDependent: energies !== undefined,
      flux,
      ...(edges && { energyRange: [edges[0]!, edges.at(-1)!] as const }),
      ...(flux && { covers: (lon: number, lat: number) => pixels.indexOf(lon, lat) >= 0 }),
      evaluate: Object.assign(evaluate, { at: valueAt }),
      derivatives: Object.assign(derivatives, { at }),
    };
  },
};
