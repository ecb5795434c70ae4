/** What a run of seeded cases is given and gives. Case `index` of a seed is the same whatever is run before it. */
export interface Run {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** Told of each case before it runs, so that one that does not end can be named. */
  readonly onCase?: ((index: number) => void) | undefined;
}

export interface Failure {
  readonly index: number;
  readonly problem: string;
}
