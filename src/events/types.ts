/** Event lists and observations as plain data. Energies in TeV, angles in deg, times in s. */
import type { IrfTables } from "../irf/tables/types.js";
import type { SkyPosition } from "../sky/types.js";
import type { Gti } from "../time/types.js";

/** One number for each event, in the precision of the file. */
export type EventColumn = Float32Array | Float64Array;

/** Events [n], in the precision of their file. */
export interface EventList {
  readonly n: number;
  /** s after `reference` */
  readonly time: EventColumn;
  /** ICRS, deg */
  readonly ra: EventColumn;
  readonly dec: EventColumn;
  /** TeV */
  readonly energy: EventColumn;
  /** PHASE of pulsars, 0 to 1. */
  readonly phase?: EventColumn;
  /** MJD, of the scale `timeScale` */
  readonly reference: number;
  readonly timeScale: string;
}

/** Where an instrument looked. */
export type Pointing =
  | { readonly mode: "pointed"; readonly position: SkyPosition }
  /** A fixed direction over the horizon, deg: the sky passes through (OBS_MODE = DRIFT). */
  | { readonly mode: "drift"; readonly alt: number; readonly az: number };

/** Where an instrument stands; deg, deg, m. */
export interface EarthLocation {
  readonly lon: number;
  readonly lat: number;
  readonly height: number;
}

/** One run: events, the times they were taken in, and what the instrument was then. */
export interface Observation {
  /** OBS_ID */
  readonly id: string;
  readonly events: EventList;
  readonly gti: Gti;
  /** Absent: the file gives none (Fermi). */
  readonly pointing?: Pointing;
  /** Share of the time in which events could be recorded (DEADC). */
  readonly liveFraction: number;
  readonly irfs: IrfTables;
  readonly location?: EarthLocation;
  readonly telescope?: string;
  readonly target?: string;
  /** Where the target is, by the header (RA_OBJ, DEC_OBJ). */
  readonly targetPosition?: SkyPosition;
}
