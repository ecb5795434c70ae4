/** Regions as text, in the formats of DS9 and of CASA (CRTF). */
import { formatCrtf, isCrtf, parseCrtf } from "./region-crtf.js";
import { formatDs9, parseDs9 } from "./region-ds9.js";
import type { Region } from "./types.js";

/** A text format of regions. */
export type RegionTextFormat = "ds9" | "crtf";

/**
 * The regions of a text of DS9, or of CASA where it begins with "#CRTF". A shape behind "-" is taken out of all others (DS9's rule; astropy-regions gives its
 * complement instead). Angles in deg unless they are marked.
 * @throws UnsupportedError where a shape or frame is not known.
 * @throws FormatError where a region has no frame or cannot be read.
 */
export function parseRegions(text: string): Region[] {
  return isCrtf(text) ? parseCrtf(text) : parseDs9(text);
}

/**
 * The regions as text, numbers in full: of DS9 in one line, of CASA with a line for each.
 * @throws UnsupportedError where the format cannot say it.
 */
export function formatRegions(regions: readonly Region[], format: RegionTextFormat = "ds9"): string {
  return format === "crtf" ? formatCrtf(regions) : formatDs9(regions);
}
