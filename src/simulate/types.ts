/** Event lists that are drawn, as plain data. Energies in TeV, angles in deg, times in s. */
import type { EventList } from "../events/types.js";

/** What became of the events of a source or of the background. */
export interface SimulatedComponent {
  /** MC_ID: 0 is the background, k the k-th of the models. */
  readonly id: number;
  readonly name: string;
  /** Events that the instrument recorded: Poisson around flux, times effective area, times livetime. */
  readonly recorded: number;
  /** Of these: where the responses hold no psf or no energy dispersion for true energy and offset; they are dropped, as predicted counts leave them out. */
  readonly unknown: number;
  /** Of these: reconstructed outside of the field of view of the responses; they are dropped. */
  readonly outside: number;
  /** In the list: recorded - unknown - outside. */
  readonly events: number;
}

/** Simulated events [n], in the order of time. */
export interface SimulatedEvents {
  readonly events: EventList;
  /** 1 to n, in the order of time. */
  readonly eventId: Int32Array;
  /** Which component an event belongs to. */
  readonly mcId: Int32Array;
  /** What the events were before the instrument; of the background, which has no such, what was reconstructed. */
  readonly truth: { readonly energy: Float64Array; readonly ra: Float64Array; readonly dec: Float64Array };
  /** The background first, then the sources. */
  readonly components: readonly SimulatedComponent[];
}
