import type { Frame, Geom, Pixels } from "./types.js";

/** What one kind of geometry does. A new kind is a file with one of these, its type in `Geom`, and a line in pixels.ts; and a reader of its files. */
export interface Pixelisation<G extends Geom> {
  pixels(geom: G): Pixels;
  /** Shape of one image of the data; its product is the number of pixels. */
  shape(geom: G): readonly number[];
  /** The frame of its positions. */
  frame(geom: G): Frame;
  /** "50 x 40 pixels of a TAN image" */
  describe(geom: G): string;
  /** Whether pixels of equal index are the same. */
  same(a: G, b: G): boolean;
}
