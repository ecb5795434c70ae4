/** What goes between the page and its engine: plain data. */
import type { BinnedDataset, Models } from "gammats";
import type { RunCounts } from "gammats/reduce";

/** Where models come from: a fit that converged, a file, or neither. */
export type Origin = "fit" | "as read" | "changed";

/** Name of the picture of the spectrum. */
export const SPECTRUM = "spectrum";

export type NamedBytes = readonly [path: string, bytes: Uint8Array];

/** Where the error of the engine says that it was given events: they are for the other thread. */
export const EVENT_FILES = "event files";

/** Datasets that were made from events here. */
export interface Made {
  readonly datasets: readonly BinnedDataset[];
}

export interface ParameterRow {
  readonly id: string;
  readonly value: number;
  /** NaN where there is none. */
  readonly error: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly frozen: boolean;
  /** It follows another: linked or by a formula. */
  readonly follows: boolean;
  /** Why the error is not a plain one; empty where it is. */
  readonly status: string;
}

export interface DatasetRow {
  readonly name: string;
  readonly type: string;
  readonly bins: number;
  readonly stat: number;
  /** In the fit; NaN for flux points. */
  readonly counts: number;
  readonly npred: number;
}

export interface FitSummary {
  readonly success: boolean;
  readonly message: string;
  /** What is wrong with a minimum that was found. */
  readonly warnings: readonly string[];
  readonly nfev: number;
  readonly milliseconds: number;
  readonly ids: readonly string[];
  /** [n, n] */
  readonly correlation: Float64Array;
}

export interface View {
  readonly totalStat: number;
  readonly parameters: readonly ParameterRow[];
  readonly datasets: readonly DatasetRow[];
  readonly sources: readonly string[];
  /** Of the models as they are; absent: changed since, or not yet fitted. */
  readonly fit?: FitSummary;
  readonly sed: string;
  /** Names of the other pictures, which are drawn when they are asked for. */
  readonly pictures: readonly string[];
  readonly models: Models;
  readonly origin: Origin;
  readonly notes: readonly string[];
  readonly canStack: boolean;
}

/** After one step of a slider. */
export interface Step {
  readonly totalStat: number;
  readonly values: Readonly<Record<string, number>>;
  readonly datasets: readonly Pick<DatasetRow, "stat" | "npred">[];
  readonly sed: string;
}

export interface MinosRow {
  readonly id: string;
  readonly errn: number;
  readonly errp: number;
  readonly message: string;
}

export type Change = number | { readonly frozen?: boolean; readonly min?: number; readonly max?: number };

export type Progress = (done: number, total: number, what: string) => void;

export interface OpenOptions {
  /** Stacks ON/OFF spectra into one of this name. */
  readonly stack?: string;
  /** In place of those among the files. */
  readonly models?: Models;
  /** Where these come from; default: a file. */
  readonly origin?: Origin;
  /** Fits at once. */
  readonly fit?: boolean;
}

/** Methods of the engine; all answers come as promises of plain data. */
export interface Engine {
  open(given: readonly NamedBytes[] | Made, options?: OpenOptions): Promise<View>;
  change(changes: Readonly<Record<string, Change>>): Promise<View>;
  fit(backend: "newton" | "minuit" | "simplex"): Promise<View>;
  slide(id: string, value: number, refit: boolean): Promise<Step>;
  stack(name: string): Promise<View>;
  minos(): Promise<readonly MinosRow[]>;
  fluxPoints(source: string): Promise<View>;
  /** SVG of the spectrum (SPECTRUM) or one of `View.pictures`, `width` px wide; absent: of the size that it is taken home in. */
  picture(name: string, width?: number): Promise<string>;
  /** From now on spectra are drawn `width` px wide; the one of now, empty where nothing is open. */
  paper(width: number): Promise<string>;
  downloads(): Promise<readonly NamedBytes[]>;
}

/** An observation among the files. */
export interface ObservationRow {
  readonly id: string;
  readonly target: string;
  readonly events: number;
  /** s; good time with the dead time taken off. */
  readonly livetime: number;
  /** ICRS, deg; absent: none on the sky. */
  readonly pointing?: { readonly lon: number; readonly lat: number };
}

/** A target that the files name. */
export interface TargetChoice {
  readonly name: string;
  /** "83.63 22.01" */
  readonly place: string;
  /** Where that comes from. */
  readonly from: string;
}

export interface Observed {
  readonly observations: readonly ObservationRow[];
  /** Of the most observations first. */
  readonly targets: readonly TargetChoice[];
  /** What the spectra would be made with unless the user says otherwise; angles in deg, energies in TeV. */
  readonly radius: number | "rad-max";
  readonly energy: { readonly min: number; readonly max: number; readonly bins: number };
  readonly notes: readonly string[];
}

/** What spectra are made of, as the user said it. */
export interface SpectraChoice {
  readonly target: string;
  /** deg, or "rad-max" */
  readonly radius: string;
  /** TeV */
  readonly energyMin: number;
  readonly energyMax: number;
  readonly bins: number;
  /** Regions that OFF regions must not touch: "icrs;circle(83.63,22.5,0.2)"; empty: none. */
  readonly exclude: string;
  /** Observations that are left out. */
  readonly without: readonly string[];
}

export interface MadeSpectra extends Made {
  /** Of each observation, and of all up to it. */
  readonly counts: readonly RunCounts[];
  /** What was left out, of all files. */
  readonly notes: readonly string[];
}

/** Methods of the thread that has the events. */
export interface EventsEngine {
  open(files: readonly NamedBytes[]): Promise<Observed>;
  /** SVG of the counts around the target with the regions, `width` px wide. */
  image(choice: SpectraChoice, width: number): Promise<string>;
  /** The place at a fraction of the last image from its lower left corner, as `SpectraChoice.target` has it. */
  place(x: number, y: number): Promise<string>;
  spectra(choice: SpectraChoice): Promise<MadeSpectra>;
}
