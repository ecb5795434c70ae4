import { SpecError } from "../../errors.js";
import { axisEdges } from "../../sky/axis.js";
import { centerPosition, pixelScales } from "../../sky/geom.js";
import { geomFrame, pixelsOf } from "../../sky/pixels.js";
import type { HealpixGeom, SkyMap, WcsGeom } from "../../sky/types.js";
import { conversionFactor, isConvertible } from "../../units/index.js";
import type { ResourceNeed, SpatialDeclaration } from "../declaration.js";
import { resourceOf } from "../resources.js";
import type { ModelData } from "../types.js";
import { lat0, lon0 } from "./geometry.js";
import { templateGrid } from "./template-grid.js";
import { healpixGrid } from "./template-healpix.js";

const TYPE = "TemplateSpatialModel";
const BRIGHTNESS = "sr-1";
const FLUX = "cm-2 s-1 TeV-1 sr-1";

const mapNeed = {
  kind: "map",
  from: "filename",
  about: "surface brightness, an image or one for each of several true energies",
} as const satisfies ResourceNeed<"map">;

/** A map of brightness and what is said of it. */
interface Template {
  readonly geom: WcsGeom | HealpixGeom;
  readonly map: SkyMap;
  readonly normalize: boolean;
  /** From the unit of the map to that of the declaration. */
  readonly factor: number;
  /** Whether it is one of flux, not of shares of a source. */
  readonly flux: boolean;
}

function templateOf(data: ModelData): Template {
  const map = resourceOf(data, "map", mapNeed, TYPE);
  const { geom } = map;
  if (geom.kind === "region") throw new SpecError(`${TYPE}: its map is that of a region, expected an image of the sky`);
  if (geom.kind === "healpix" && geom.pixels !== null) {
    throw new SpecError(
      `${TYPE}: its map has the HEALPix pixels of a part of the sky, expected all of them or an image; bring it to an image (interpolateMap of gammats/sky)`,
    );
  }
  const names = geom.axes.map(({ name }) => name);
  if (names.length > 1 || names.some((name) => name !== "energy_true")) {
    throw new SpecError(
      `${TYPE}: its map has the axes ${names.join(", ")}, expected none or energy_true; rename or sum the others`,
    );
  }
  const normalize = data.extra?.normalize ?? true;
  if (typeof normalize !== "boolean") {
    throw new SpecError(`${TYPE}: normalize is ${JSON.stringify(normalize)}, expected true or false`);
  }
  const unit = map.unit || String(data.extra?.unit ?? "");
  // without a unit it is one of sr-1, as in Gammapy
  if (normalize || unit === "") return { geom, map, normalize, factor: 1, flux: false };
  const flux = isConvertible(unit, FLUX);
  return { geom, map, normalize, factor: conversionFactor(unit, flux ? FLUX : BRIGHTNESS, `${TYPE}: its map`), flux };
}

/** Values in the unit of the declaration; with `normalize` each image sums to one over its pixels. */
function brightness({ geom, map, normalize, factor }: Template): Float64Array {
  if (!normalize) return factor === 1 ? map.data : map.data.map((x) => x * factor);
  const out = new Float64Array(map.data.length);
  const area = pixelsOf(geom).solidAngles();
  for (let from = 0; from < out.length; from += area.length) {
    let sum = 0;
    for (let i = 0; i < area.length; i++) {
      const x = map.data[from + i]!;
      if (Number.isFinite(x)) sum += x;
    }
    if (sum !== 0) for (let i = 0; i < area.length; i++) out[from + i] = map.data[from + i]! / sum / area[i]!;
  }
  return out;
}

/** The middle of a map, how far it reaches from there, deg, and the values between its pixels. */
function layoutOf(geom: WcsGeom | HealpixGeom, values: () => Float64Array) {
  if (geom.kind === "healpix") {
    return { center: { lon: 0, lat: 0 }, radius: 180, grid: healpixGrid(geom, values) };
  }
  const [x, y] = pixelScales(geom);
  // out to the corners, as the map may be turned against that of the data
  const radius = Math.min(180, Math.hypot(geom.npix[0] * x, geom.npix[1] * y) / 2);
  return { center: centerPosition(geom), radius, grid: templateGrid(geom, values) };
}

const endsOf = (edges: Float64Array) => [edges[0]!, edges.at(-1)!] as const;

export const templateSpatial: SpatialDeclaration = {
  type: TYPE,
  tag: "template",
  about: "Map of the brightness, an image or one for each of several energies; a map of flux takes a norm as spectrum",
  latex: String.raw`\phi_{ij}`,
  parameters: {
    lon_0: { ...lon0, frozen: true, about: "longitude of the centre; default: that of the map" },
    lat_0: { ...lat0, frozen: true, about: "latitude of the centre; default: that of the map" },
  },
  position: ["lon_0", "lat_0"],
  extra: {
    normalize: "true (default): each image sums to 1 over its pixels; false: values are those of the file",
    unit: "of a file that has none (diffuse emission of Fermi-LAT); else kept, not used",
    copy_data: "kept, not used",
  },
  example: { filename: "template.fits" },
  resources: { map: mapNeed },
  evaluate: () => Number.NaN,
  evaluationRadius: () => Number.NaN,
  binSizeMin: () => undefined,
  bind(data) {
    const template = templateOf(data);
    const { geom, flux } = template;
    const { center, radius, grid } = layoutOf(geom, () => brightness(template));
    const found = new Float64Array(6);
    const pixels = pixelsOf(geom);
    const { lon_0, lat_0 } = templateSpatial.parameters;
    return {
      ...templateSpatial,
      parameters: { lon_0: { ...lon_0!, value: center.lon }, lat_0: { ...lat_0!, value: center.lat } },
      frame: geomFrame(geom),
      energyDependent: geom.axes.length > 0,
      flux,
      // the grid holds half a bin beyond its outer nodes
      ...(geom.axes[0] && { energyRange: endsOf(axisEdges(geom.axes[0])) }),
      ...(flux && { covers: (lon: number, lat: number) => pixels.indexOf(lon, lat) >= 0 }),
      // moved by differences of the coordinates, as in Gammapy
      evaluate: (lon, lat, p, energy = Number.NaN) =>
        grid.value(lon - (p[0]! - center.lon), lat - (p[1]! - center.lat), energy),
      derivatives(lon, lat, p, g, h, energy = Number.NaN) {
        grid.derivatives(lon - (p[0]! - center.lon), lat - (p[1]! - center.lat), energy, found);
        g[0] = -found[1]!;
        g[1] = -found[2]!;
        h[0] = found[3]!;
        h[1] = h[2] = found[4]!;
        h[3] = found[5]!;
        return found[0]!;
      },
      evaluationRadius: () => radius,
    };
  },
};
