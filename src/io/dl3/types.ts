/** What one file of event data holds, as its tables say it. */
import type { ObservationIndex } from "../../events/index-types.js";
import type { EarthLocation, EventList, Pointing } from "../../events/types.js";
import type { IrfTables } from "../../irf/tables/types.js";
import type { Gti } from "../../time/types.js";
import type { ResponseClass } from "./responses.js";

/** An event list with its good time intervals. */
export interface EventRun {
  /** File and HDU, as messages have them. */
  readonly at: string;
  /** OBS_ID; "" where the header has none. */
  readonly id: string;
  readonly events: EventList;
  /** Columns of the list as the file has them. */
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  /** Absent: the file has no table GTI. */
  readonly gti?: Gti;
  readonly pointing?: Pointing;
  /** RA_OBJ and DEC_OBJ, deg. */
  readonly targetPosition?: { readonly ra: number; readonly dec: number };
  readonly location?: EarthLocation;
  readonly telescope: string;
  readonly instrument: string;
  readonly target: string;
  /** DEADC of the header, 1 where it has none. */
  readonly liveFraction: number;
  /** LIVETIME of the header, s. */
  readonly headerLivetime?: number;
}

/** One table of a response. */
export interface ResponseHdu {
  /** File and HDU, as messages have them. */
  readonly at: string;
  /** Name of the HDU. */
  readonly hdu: string;
  readonly kind: ResponseClass;
  readonly irfs: IrfTables;
  /** HDUCLAS3 is POINT-LIKE: it holds for events within RAD_MAX. */
  readonly pointLike: boolean;
  /** FOVALIGN as the header has it; "" where it has none. */
  readonly fovAlign: string;
  /** RAD_MAX of the header, deg. */
  readonly radMax?: number;
  /** LO_THRES and HI_THRES, TeV, where the header gives them. */
  readonly energies?: readonly [low: number | undefined, high: number | undefined];
}

/** Event lists and responses of one file. */
export interface EventData {
  /** Absent: a file of responses alone. */
  readonly run?: EventRun;
  readonly responses: readonly ResponseHdu[];
}

/** The observations of a folder or of an index file, and which of their files are there. */
export interface ObservationFiles {
  readonly index: ObservationIndex;
  /** "HESS, H.E.S.S. Phase I", each once; of an index that does not say it, of the first event list that is there. */
  readonly instruments: readonly string[];
  /** Files that the index names, each once. */
  readonly named: readonly string[];
  /** Those that are not there. */
  readonly missing: readonly string[];
}
