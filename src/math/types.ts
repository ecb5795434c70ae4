/** Types that all rooms share. */

/** What asks a computation to stop: an `AbortSignal` of Node or of a browser, whose own types a program then need not have. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
