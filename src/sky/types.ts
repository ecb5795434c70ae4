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
  | { readonly shape: "polygon"; readonly vertices: readonly SkyPosition[] };

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
  readonly npix: readonly [1, 1];
  readonly axes: readonly MapAxis[];
}

export type Geom = WcsGeom | RegionGeom;

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
