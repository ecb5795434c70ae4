/** What files hold as plain data, beside datasets and models. */
import type { SkyMap } from "../sky/types.js";
import type { Gti } from "../time/types.js";

/** The result of a fit; NaN (a limit that does not exist) becomes null. */
export interface FitReport {
  readonly success: boolean;
  readonly message: string;
  readonly reason: string;
  readonly backend: string;
  readonly method: string;
  readonly nfev: number;
  readonly edm: number | null;
  readonly total_stat: number | null;
  readonly datasets: readonly {
    readonly name: string;
    readonly type: string;
    readonly stat: number | null;
    readonly n_fit_bins: number;
    /** In the bins of the fit, measured and predicted; null for flux points. */
    readonly counts: number | null;
    readonly npred: number | null;
    /** In all bins. */
    readonly counts_all: number | null;
    readonly npred_all: number | null;
  }[];
  readonly parameters: readonly {
    readonly model: string;
    readonly name: string;
    readonly value: number | null;
    readonly error: number | null;
    readonly unit: string;
    readonly min: number | null;
    readonly max: number | null;
    readonly frozen: boolean;
    readonly link?: string;
    readonly error_status: string;
    /** MINOS errors, both positive, where they were computed. */
    readonly errn?: number | null;
    readonly errp?: number | null;
  }[];
  /** Of the free parameters, `<model>.<parameter>`, in the units of the parameters. */
  readonly covariance: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

/** Maps of fluxes and significances of one source at each pixel. */
export interface FluxMaps {
  /** "likelihood": norms. */
  readonly sedType: string;
  /** By quantity in lower case: norm or flux, ts, sqrt_ts, ... with the units of the file. */
  readonly maps: Readonly<Record<string, SkyMap>>;
  readonly modelFile?: string;
  readonly gti?: Gti;
}
