/** A text between blocks, or a block of code. */
export interface Part {
  readonly text: string;
  readonly language?: string;
  readonly flags?: readonly string[];
  readonly code?: string;
}
export function partsOf(markdown: string): Part[];
export function flagOf(flags: readonly string[], name: string): string | undefined;
