/** Code to run: that of the blocks before, whose output is not shown, and that of the block. `site`: address of the site. */
export interface Task {
  readonly before: string;
  readonly code: string;
  readonly site: string;
}

/** What the worker says. */
export type Said =
  | { readonly type: "line"; readonly text: string }
  | { readonly type: "error"; readonly text: string }
  | { readonly type: "end" };
