/** True directions of the events of a source. */
import { positionOf, radiusOf, type Shape } from "../fold/shape.js";
import { convertFrame, offsetBy, separation, toFrame } from "../sky/frames.js";
import type { SkyPosition } from "../sky/types.js";
import { partOf, sumsOf } from "./streams.js";

const RAD = Math.PI / 180;

/** A brightness on the sky, by classes of energy, that is sampled in cells no darker than it. */
export interface SkySampler {
  /** Nearest and farthest offset from the pointing, deg, at which it may be. */
  readonly reach: readonly [low: number, high: number];
  /** Number of classes of energy. */
  readonly classes: number;
  /** Integral of the bound over the cells, of a class. */
  total(energyClass: number): number;
  /** Writes a direction, ICRS deg, of three uniform numbers; returns the brightness over the bound there, 0 to 1. */
  draw(energyClass: number, energy: number, u: readonly [number, number, number], out: Float64Array): number;
}

/** A source without extent. */
export function pointSky(position: SkyPosition, pointing: SkyPosition): SkySampler {
  const { lon, lat } = toFrame(position, "icrs");
  const offset = separation(lon, lat, pointing.lon, pointing.lat);
  return {
    reach: [offset, offset],
    classes: 1,
    total: () => 1,
    draw(_, __, ___, out) {
      out[0] = lon;
      out[1] = lat;
      return 1;
    },
  };
}

/** Cells along the radius: as narrow as the shape asks for, so many at least and at most; a shape made of data does not say. */
const [RINGS_LEAST, RINGS_MOST] = [48, 250];
/** The same of shapes that are others at each energy, which are looked at so much more often. */
const RINGS_BY_ENERGY = 100;
const SECTORS_MOST = 1000;
/** Factor on what is found at the corners and middle of a cell and those around it. */
const MARGIN = 1.1;

/** What a sampler is made from. */
export interface SkyOptions {
  readonly shape: Shape;
  readonly p: Float64Array;
  /** ICRS */
  readonly pointing: SkyPosition;
  /** Beyond this distance of the pointing nothing is seen, deg. */
  readonly seen: number;
  /** TeV, of each class: where the brightness is looked at. One class without energies for a shape that is the same at all. */
  readonly energies: readonly (readonly (number | undefined)[])[];
  /** Factor on the bounds. */
  readonly margin: number;
}

/** Rings and sectors around the middle of a shape, or around the pointing where the shape is wider than what is seen. */
export function extendedSky({ shape, p, pointing, seen, energies, margin }: SkyOptions): SkySampler {
  const { declaration, frame } = shape;
  const own = positionOf(shape, p);
  const wanted = radiusOf(shape, p);
  const isNear = own !== null && wanted < seen;
  const center = isNear ? own : toFrame(pointing, frame);
  const radius = isNear ? wanted : seen;
  const there = toFrame(center, "icrs");
  const distance = separation(there.lon, there.lat, pointing.lon, pointing.lat);
  const most = declaration.energyDependent === true ? RINGS_BY_ENERGY : RINGS_MOST;
  const rings = Math.min(Math.max(RINGS_LEAST, Math.ceil(radius / (declaration.binSizeMin(p) ?? 0))), most);
  const sectors = Math.min(Math.ceil(2 * Math.PI * rings), SECTORS_MOST);
  const r = Float64Array.from({ length: rings + 1 }, (_, k) => (radius * k) / rings);
  // of the solid angle within r: 4 pi sin^2(r / 2)
  const s = r.map((x) => Math.sin((x * RAD) / 2) ** 2);
  const at = (ring: number, sector: number) => offsetBy(center, (360 * sector) / sectors, (radius * ring) / rings);
  const value = (ring: number, sector: number, list: readonly (number | undefined)[]) => {
    const { lon, lat } = at(ring, sector);
    return list.reduce<number>((most, energy) => Math.max(most, declaration.evaluate(lon, lat, p, energy)), 0);
  };
  const classes = energies.map((list) => {
    const corners = Float64Array.from({ length: (rings + 1) * sectors }, (_, k) =>
      value(Math.floor(k / sectors), k % sectors, list),
    );
    const bounds = Float64Array.from({ length: rings * sectors }, (_, k) => {
      const [ring, sector] = [Math.floor(k / sectors), k % sectors];
      const next = (sector + 1) % sectors;
      const around = [ring, ring + 1].flatMap((i) => [corners[i * sectors + sector]!, corners[i * sectors + next]!]);
      return Math.max(value(ring + 0.5, sector + 0.5, list), ...around);
    });
    const wide = widened(bounds, rings, sectors);
    const solid = (k: number) =>
      ((4 * Math.PI) / sectors) * (s[Math.floor(k / sectors) + 1]! - s[Math.floor(k / sectors)]!);
    const bound = wide.map((x) => x * MARGIN * margin);
    return { bound, sums: sumsOf(bound.map((b, k) => b * solid(k))) };
  });
  return {
    reach: [Math.max(0, distance - radius), distance + radius],
    classes: classes.length,
    total: (energyClass) => classes[energyClass]!.sums.at(-1)!,
    draw(energyClass, energy, [u, v, w], out) {
      const { bound, sums } = classes[energyClass]!;
      const k = partOf(sums, u);
      const ring = Math.floor(k / sectors);
      const inside = s[ring]! + v * (s[ring + 1]! - s[ring]!);
      const place = offsetBy(center, (360 * ((k % sectors) + w)) / sectors, (2 * Math.asin(Math.sqrt(inside))) / RAD);
      convertFrame(place.lon, place.lat, frame, "icrs", out);
      const found = declaration.evaluate(place.lon, place.lat, p, declaration.energyDependent ? energy : undefined);
      return found > 0 ? found / bound[k]! : 0;
    },
  };
}

/** The largest of each cell and the eight around it. */
function widened(bounds: Float64Array, rings: number, sectors: number): Float64Array {
  return bounds.map((_, k) => {
    const [ring, sector] = [Math.floor(k / sectors), k % sectors];
    let most = 0;
    for (let i = Math.max(0, ring - 1); i <= Math.min(rings - 1, ring + 1); i++) {
      for (const j of [sector + sectors - 1, sector, sector + 1])
        most = Math.max(most, bounds[i * sectors + (j % sectors)]!);
    }
    return most;
  });
}
