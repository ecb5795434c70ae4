/** Responses of one observation as plain data: tables over energy and offset, as GADF has them. Energies in TeV, angles in deg. */
import type { MapAxis } from "../../sky/types.js";

/** Values on a grid of axes. */
export interface IrfTable {
  /** Slowest first: `data` is in C order, [axes[0], axes[1], ...]. */
  readonly axes: readonly MapAxis[];
  readonly data: Float64Array;
  /** Internal unit of `data`. */
  readonly unit: string;
}

/** Effective area, cm2, `[energy_true, offset]`. */
export interface EffectiveArea {
  readonly table: IrfTable;
  /** LO_THRES and HI_THRES, TeV, where the file gives them: the energies that the analysis was made for. */
  readonly range?: readonly [low: number | undefined, high: number | undefined];
  /** The area holds for events within RAD_MAX (point-like) and not for all of them. */
  readonly pointLike: boolean;
  /** RAD_MAX of the header, deg: one radius for all energies. */
  readonly radMax?: number;
}

/** Density dP/dmigra, migra = E_reco / E_true, `[energy_true, migra, offset]`. */
export interface EnergyDispersionTable {
  readonly table: IrfTable;
}

/** Point spread function of a point source over true energy and offset. */
export type PsfTable =
  /** Density `[energy_true, offset, rad]`, sr-1. */
  | { readonly kind: "table"; readonly table: IrfTable }
  /** Sums of three Gaussians; tables of SIGMA_k [deg] and of AMPL_k (that of the first is 1), `[energy_true, offset]`. */
  | { readonly kind: "gauss"; readonly sigma: readonly IrfTable[]; readonly amplitude: readonly IrfTable[] }
  /** Tables of GAMMA and SIGMA [deg], `[energy_true, offset]`. */
  | { readonly kind: "king"; readonly gamma: IrfTable; readonly sigma: IrfTable };

/** How the axes of a background in the field of view lie: with growing right ascension to the left (`radec`) or right, or along azimuth and altitude. */
export type FovAlignment = "radec" | "reverse-lon-radec" | "altaz";

/** Rate of background events, s-1 TeV-1 sr-1: `[energy, offset]` or `[energy, fov_lon, fov_lat]`. */
export interface BackgroundTable {
  readonly table: IrfTable;
  readonly alignment: FovAlignment;
  /** Smallest positive number of the file's type: stands for 0 where logarithms are taken. */
  readonly tiny: number;
}

/** Radius of the ON region of point-like responses, deg, `[energy, offset]`. */
export interface RadMaxTable {
  readonly table: IrfTable;
}

/** The responses of an observation; those that are absent were not given. */
export interface IrfTables {
  readonly aeff?: EffectiveArea;
  readonly edisp?: EnergyDispersionTable;
  readonly psf?: PsfTable;
  readonly background?: BackgroundTable;
  readonly radMax?: RadMaxTable;
}
