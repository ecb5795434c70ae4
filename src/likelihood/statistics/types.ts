/** How well predictions agree with data: the contribution of one bin or point to -2 ln L, with exact derivatives. */
import type { FluxPoints } from "../../datasets/types.js";
import type { Component, MaskPixels } from "../../fold/types.js";
import type { RandomStream } from "../../math/random.js";
import type { CountsTerm } from "../types.js";

interface StatisticBase {
  /** As datasets name it. */
  readonly name: string;
  readonly about: string;
}

/** Of n counts in a bin for mu predicted ones; mu may be of either sign. */
export interface CountsStatistic extends StatisticBase {
  readonly data: "counts";
  value(n: number, mu: number): number;
  /** Fills out [value, first, second derivative by mu]. */
  derivatives(n: number, mu: number, out: Float64Array): void;
  /** Random counts where mu, not below 0, are predicted; absent: of a Poisson distribution. */
  draw?(random: RandomStream, mu: number): number;
  /** A faster term for the whole sum; absent: one bin after the other. */
  term?(name: string, components: readonly Component[], mask: MaskPixels, counts: Float64Array): CountsTerm;
}

/** Errors of the counts of a bin that its dataset gives; NaN: it gives none, and they are Poisson's. */
export interface OnOffErrors {
  readonly on: number;
  readonly off: number;
  /** Systematic errors, in counts; 0: none. */
  readonly onSystematic: number;
  readonly offSystematic: number;
}

/** Of counts on and off the source in a bin, for mu predicted from the source and the ratio alpha of the exposures; mu may be of either sign. */
export interface OnOffStatistic extends StatisticBase {
  readonly data: "on-off";
  /** What depends on the data alone (a part of the value, an error), given back to the other functions; absent: 0. */
  constant?(nOn: number, nOff: number, alpha: number, errors: OnOffErrors): number;
  /** The errors of a dataset that `constant` uses; absent: it takes all counts for Poisson's. */
  readonly uses?: readonly ("on" | "off" | "systematic")[];
  /** It is nothing without the errors of a dataset. */
  readonly needsErrors?: boolean;
  /** It can do without counts off the source. */
  readonly mayLackOff?: boolean;
  /** Of Poisson counts: the fewest in a bin for which it is a good likelihood. */
  readonly fewest?: { readonly on?: number; readonly off?: number };
  value(nOn: number, nOff: number, alpha: number, mu: number, constant: number): number;
  /** Fills out [value, first, second derivative by mu]. */
  derivatives(nOn: number, nOff: number, alpha: number, mu: number, out: Float64Array, constant: number): void;
  /** The same [6] with those by alpha and the mixed one; absent: the norm of the background cannot be fitted with this statistic. */
  alphaDerivatives?(nOn: number, nOff: number, alpha: number, mu: number, out: Float64Array, constant: number): void;
  /** The background in the OFF region that is expected, and the counts in the ON region. */
  background(nOn: number, nOff: number, alpha: number, mu: number, constant: number): number;
  total(nOn: number, nOff: number, alpha: number, mu: number, constant: number): number;
}

/** Of values with errors and limits at points of energy. */
export interface PointsStatistic extends StatisticBase {
  readonly data: "points";
  /** Whether point i has what the statistic needs. */
  uses(points: FluxPoints, i: number): boolean;
  /** For the points `used`; `values`: their dnde, which may be refilled. */
  bind(points: FluxPoints, used: readonly number[], values: Float64Array): BoundPoints;
}

/** A statistic of the points of one dataset: the part of point i in -2 ln L for a predicted dnde `mu`. */
export interface BoundPoints {
  value(i: number, mu: number): number;
  /** Fills out [value, first, second derivative by mu]. */
  derivatives(i: number, mu: number, out: Float64Array): void;
  /** Spread of values above (1) and below (-1) the model. */
  sigma(i: number, side: 1 | -1): number;
  /** What does not change when the data are drawn again: limits. */
  isFixed(i: number): boolean;
}

/** A statistic of any kind of data. */
export type Statistic = CountsStatistic | OnOffStatistic | PointsStatistic;
