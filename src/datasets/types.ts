import type { MapAxis, MaskMap, SkyMap } from "../sky/types.js";
import type { Gti } from "../time/types.js";

export type { Gti };

/** Keywords and columns of the file that the analysis does not use but that are written back. */
export type Meta = Readonly<Record<string, unknown>>;

/** Energy dispersion: probability per bin `[energy_true, energy, lat, lon]` (kernel map) or density dP/dmigra `[energy_true, migra, lat, lon]`. */
export interface EDisp {
  readonly map: SkyMap;
  /** `[energy_true, 1, lat, lon]`, cm2 s: the weight of the map when stacking. */
  readonly exposure?: SkyMap;
}

/**
 * Point spread function `[energy_true, rad, lat, lon]` in sr-1 (axis `energy` instead of `energy_true`: applied after edisp), or a kernel `[energy_true, y, x]`:
 * images on pixels of the size of the counts', the same everywhere.
 */
export interface Psf {
  readonly map: SkyMap;
  /** `[energy_true, 1, lat, lon]`, cm2 s */
  readonly exposure?: SkyMap;
}

/**
 * What was measured, of any kind: `type` names the kind, whose descriptor (a `DatasetKind` of the registry) knows what can be done with it. Kinds of
 * one's own hold what they need beside these fields, as plain data.
 */
export interface Dataset {
  readonly type: string;
  readonly name: string;
  readonly gti?: Gti;
  readonly meta?: Meta;
}

/** Counts in bins of energy and place, and the instrument that measured them. */
export interface BinnedDataset extends Dataset {
  /** `[energy, lat, lon]`; a spectrum has lat = lon = 1. */
  readonly counts?: SkyMap;
  /** `[energy_true, lat, lon]`, cm2 s */
  readonly exposure?: SkyMap;
  readonly edisp?: EDisp;
  readonly psf?: Psf;
  readonly maskSafe?: MaskMap;
  readonly maskFit?: MaskMap;
  /** Livetime in s, where the file gives one. */
  readonly livetime?: number;
  /** Name of the statistic; absent: that of the kind (cash, or wstat for ON/OFF data). */
  readonly statistic?: string;
}

/** Counts with a background model: a cube (`MapDataset`, WCS geometry) or a spectrum (`SpectrumDataset`, region geometry). Statistic: cash. */
export interface MapDataset extends BinnedDataset {
  readonly type: "MapDataset" | "SpectrumDataset";
  /** Predicted background counts `[energy, lat, lon]`. */
  readonly background?: SkyMap;
}

/** Counts on and off the source. Statistic: wstat. Maps of errors are `[energy, lat, lon]`; without them counts are Poisson distributed. */
export interface OnOffDataset extends BinnedDataset {
  /** Standard deviations of the counts, which are not Poisson distributed then. */
  readonly countsError?: SkyMap;
  readonly countsOffError?: SkyMap;
  /** Systematic errors, as parts of the counts. */
  readonly systematic?: SkyMap;
  readonly systematicOff?: SkyMap;
  readonly type: "SpectrumDatasetOnOff" | "MapDatasetOnOff";
  readonly countsOff?: SkyMap;
  /** Relative exposure of the ON region, `[energy, lat, lon]`. */
  readonly acceptance: SkyMap;
  readonly acceptanceOff?: SkyMap;
}

/** The quantities of an SED that files may hold, in cm-2 s-1 TeV-1 (dnde), TeV cm-2 s-1 (e2dnde, eflux), cm-2 s-1 (flux). */
export type SedType = "dnde" | "e2dnde" | "flux" | "eflux" | "likelihood";

/**
 * Flux points, all arrays [n] unless said. Values are kept as `norm` = value / reference, as in Gammapy, with the
 * reference in all four SED types beside it, so each quantity can be had in each type.
 */
export interface FluxPoints {
  /** Edges or centres, TeV. Bins that do not join have their energies as nodes, and their edges in `meta`. */
  readonly energy: MapAxis;
  /** [n] TeV, the energy that dnde belongs to; absent: the centre of the bin. */
  readonly eRef?: Float64Array;
  /** SED type of the file, used again when writing. */
  readonly sedType: SedType;
  /** Reference values per point: dnde [cm-2 s-1 TeV-1] at e_ref, flux [cm-2 s-1], eflux [TeV cm-2 s-1], e2dnde [TeV cm-2 s-1]. */
  readonly reference: {
    readonly dnde: Float64Array;
    readonly flux: Float64Array;
    readonly eflux: Float64Array;
    readonly e2dnde: Float64Array;
  };
  readonly norm: Float64Array;
  readonly normErr?: Float64Array;
  readonly normErrn?: Float64Array;
  readonly normErrp?: Float64Array;
  readonly normUl?: Float64Array;
  readonly normSensitivity?: Float64Array;
  readonly ts?: Float64Array;
  readonly sqrtTs?: Float64Array;
  readonly stat?: Float64Array;
  readonly statNull?: Float64Array;
  readonly nDof?: Float64Array;
  readonly npred?: Float64Array;
  readonly npredExcess?: Float64Array;
  readonly counts?: Float64Array;
  readonly success?: Uint8Array;
  /** As stored in the file; absent: derived (see `isUl`). */
  readonly isUlStored?: Uint8Array;
  /** Likelihood scan: `normScan` [n, m], `statScan` [n, m]; the scan's statistic is absolute. */
  readonly normScan?: Float64Array;
  readonly statScan?: Float64Array;
  /** Significance of errors and limits: n_sigma 1, n_sigma_ul 2. */
  readonly nSigma?: number;
  readonly nSigmaUl?: number;
  /** [n] why an estimated point has no value, "" where it has one; absent: all have one. Files do not keep it. */
  readonly remarks?: readonly string[];
  readonly meta?: Meta;
}

/**
 * The flux points of a source in each of several intervals of time. Flux points for each interval, and no table with a time axis of its own: an
 * interval is a spectrum like any other, so whatever writes, draws or fits flux points takes it as it is. All intervals have the same energy bins.
 */
export interface LightCurve {
  /** Interval i is [start[i], stop[i]]; they follow one another and do not overlap. */
  readonly time: Gti;
  /** [interval] */
  readonly points: readonly FluxPoints[];
  /** Names of the datasets measured in each interval, where they are known. */
  readonly datasets?: readonly (readonly string[])[];
}

/** Flux points of another analysis. */
export interface FluxPointsDataset extends Dataset {
  readonly type: "FluxPointsDataset";
  readonly points: FluxPoints;
  /** Name of the statistic: "chi2" (symmetric errors), "distrib" (asymmetric errors, limits), "profile" (likelihood scans), or one of the registry. */
  readonly statistic: string;
  /** [n] 0 or 1 */
  readonly maskSafe?: Uint8Array;
  /** [n] 0 or 1 */
  readonly maskFit?: Uint8Array;
}

/** What is in a dataset, summed inside its mask_safe (Gammapy's info_dict). NaN: unknown, or not meant for this type. */
export interface DatasetInfo {
  readonly name: string;
  readonly type: string;
  readonly counts: number;
  /** Counts above the background as it is modelled. */
  readonly excess: number;
  readonly sqrtTs: number;
  /** The background map; for ON/OFF data alpha counts_off. */
  readonly background: number;
  readonly npred: number;
  readonly npredBackground: number;
  readonly npredSignal: number;
  /** cm2 s, where it is above 0 */
  readonly exposureMin: number;
  readonly exposureMax: number;
  /** s */
  readonly livetime: number;
  /** s, sum of the good time intervals */
  readonly ontime: number;
  /** s-1 */
  readonly countsRate: number;
  readonly backgroundRate: number;
  readonly excessRate: number;
  readonly nBins: number;
  readonly nFitBins: number;
  readonly statType: string;
  readonly statSum: number;
  /** ON/OFF data only. */
  readonly countsOff?: number;
  readonly acceptance?: number;
  readonly acceptanceOff?: number;
  readonly alpha?: number;
}
