/** Lists that grow while events are drawn. */

/** Events of one component. */
export interface Drawn {
  /** s after the reference of the good time intervals */
  readonly time: number[];
  readonly ra: number[];
  readonly dec: number[];
  readonly energy: number[];
  readonly raTrue: number[];
  readonly decTrue: number[];
  readonly energyTrue: number[];
  unknown: number;
  outside: number;
}

export const emptyDrawn = (): Drawn => ({
  time: [],
  ra: [],
  dec: [],
  energy: [],
  raTrue: [],
  decTrue: [],
  energyTrue: [],
  unknown: 0,
  outside: 0,
});

/** Candidates that are drawn together. */
export const BLOCK = 1 << 14;

/** Bytes that a candidate takes at most, should it become an event. */
export const EVENT_BYTES = 160;
