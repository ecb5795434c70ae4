/**
 * Axes, geometries and maps as plain, structured-clonable data. Energies are in TeV, angles in deg; arrays are in C
 * order with the last axis fastest.
 */

/** A non-spatial axis. `nodes` are nbin+1 edges (`nodeType: "edges"`) or nbin centres (`"center"`), strictly increasing. */
export interface MapAxis {
  /** Gammapy's names: `energy`, `energy_true`, `rad`, `migra`, `norm`, ... */
  readonly name: string;
  /** Unit of `nodes`: `TeV` for energies, `deg` for angles, `""` for pure numbers. */
  readonly unit: string;
  /** Scale in which positions between nodes are linear: x, ln x or sqrt x. */
  readonly interp: "lin" | "log" | "sqrt";
  readonly nodeType: "edges" | "center";
  readonly nodes: Float64Array;
}

/** `fk5`: equator and equinox of J2000, `fk4`: those of B1950. */
export type Frame = "icrs" | "fk5" | "fk4" | "galactic";

/** A celestial WCS (FITS WCS Papers I and II). Angles in deg. */
export interface Wcs {
  /** Three-letter projection code: CAR, TAN, AIT, ... */
  readonly projection: string;
  readonly frame: Frame;
  readonly crval: readonly [number, number];
  /** FITS convention: the centre of the first pixel is 1. */
  readonly crpix: readonly [number, number];
  /**
   * CDi_j, deg a pixel, as [CD1_1, CD1_2, CD2_1, CD2_2]: offsets from the reference point in the plane of the projection are this matrix times those
   * in pixels. [CDELT1, 0, 0, CDELT2] where the map is not rotated.
   */
  readonly cd: readonly [number, number, number, number];
  readonly lonpole: number;
  readonly latpole: number;
  /** PV2_1, PV2_2 of projections that take them (SIN, CEA, CYP); absent: their defaults. */
  readonly pv?: readonly number[];
}

/** A position on the sky, deg. */
export interface SkyPosition {
  readonly lon: number;
  readonly lat: number;
  readonly frame: Frame;
}

/** A sky region; angles in deg, `frame` of the coordinates. */
export type Region =
  | { readonly shape: "point"; readonly center: SkyPosition }
  | { readonly shape: "circle"; readonly center: SkyPosition; readonly radius: number }
  | { readonly shape: "annulus"; readonly center: SkyPosition; readonly inner: number; readonly outer: number }
  | {
      readonly shape: "ellipse" | "rectangle";
      readonly center: SkyPosition;
      readonly width: number;
      readonly height: number;
      /** Counter-clockwise from the longitude axis of the frame. */
      readonly angle: number;
    }
  | {
      readonly shape: "ellipse-annulus" | "rectangle-annulus";
      readonly center: SkyPosition;
      /** Width and height of what is left out. */
      readonly inner: readonly [number, number];
      /** Width and height of the whole. */
      readonly outer: readonly [number, number];
      /** As of an ellipse, of both. */
      readonly angle: number;
    }
  | { readonly shape: "polygon"; readonly vertices: readonly SkyPosition[] }
  /** What lies in `region` and in none of `without`. */
  | { readonly shape: "difference"; readonly region: Region; readonly without: readonly Region[] };

/** A pixelised map geometry. `axes[0]` is the fastest of the non-spatial axes, as in Gammapy; data shape is `[...axes reversed, ny, nx]`. */
export interface WcsGeom {
  readonly kind: "wcs";
  readonly wcs: Wcs;
  /** [nx, ny] */
  readonly npix: readonly [number, number];
  readonly axes: readonly MapAxis[];
}

/** One spatial bin: the union of `regions` (none: the bin has no place on the sky, and `wcs` is null). Data shape `[...axes reversed, 1, 1]`. */
export interface RegionGeom {
  readonly kind: "region";
  readonly regions: readonly Region[];
  readonly wcs: Wcs | null;
  readonly axes: readonly MapAxis[];
}

/** Pixels of HEALPix, of the whole sky or of a part of it. Data shape `[...axes reversed, nPix]`. */
export interface HealpixGeom {
  readonly kind: "healpix";
  readonly nside: number;
  /** Numbers of NESTED; else those of RING. */
  readonly nested: boolean;
  readonly frame: Frame;
  /** Numbers of the pixels that the map has, in the order of its data; null: all of them. */
  readonly pixels: Int32Array | null;
  /** The part of the sky in words of the file (HPX_REG, "DISK(83.6,22,5)"), by which Gammapy knows the pixels: it reads no numbers of them. */
  readonly region?: string;
  readonly axes: readonly MapAxis[];
}

/** The pixels of a map: those of an image, of a part of a sphere, or a region as a single one; times its axes. */
export type Geom = WcsGeom | RegionGeom | HealpixGeom;

/** Pixels, and the weight of each. */
export interface PixelWeights {
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/**
 * The pixels of a geometry, of whatever form: an image, one region, a part of a sphere. A pixel is named by its index, 0 to nPix - 1: its place within
 * each image of the data. Longitudes and latitudes are those of `frame`, deg.
 */
export interface Pixels {
  readonly nPix: number;
  readonly frame: Frame;
  /** Writes lon, lat of the middle of a pixel; NaN where it is off the sky or has no place. */
  center(index: number, out: Float64Array): void;
  /** Solid angle of each pixel, sr, [nPix]; NaN where a part of it is off the sky or has no place. */
  solidAngles(): Float64Array;
  /** The pixel that holds a position; -1 where none does. */
  indexOf(lon: number, lat: number): number;
  /** Writes the pixels that share a side or a corner with one (at most 8) and returns how many these are. */
  neighbours(index: number, out: Int32Array): number;
  /**
   * Writes the (at most 4) pixels whose middles are around a position with the weights of a linear interpolation between them, also beyond the outermost
   * middles, and returns how many these are: 0 where the position cannot be on the map.
   */
  interpolation(lon: number, lat: number, out: PixelWeights): number;
  /** The same in the middle of the map. */
  readonly middle: PixelWeights;
  /**
   * The pixel nearest to a position (null, or one that cannot be on the map: to the middle) of those that are `valid`; without any the nearest of all.
   */
  nearest(position: SkyPosition | null, valid: (index: number) => boolean): number;
}

/** A map of numbers; `unit` is the internal unit (exposure `cm2 s`, psf `sr-1`, counts `""`). */
export interface SkyMap {
  readonly geom: Geom;
  readonly unit: string;
  readonly data: Float64Array;
}

/** A map of 0 (outside) and 1 (inside). */
export interface MaskMap {
  readonly geom: Geom;
  readonly data: Uint8Array;
}
