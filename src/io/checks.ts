/** What a dataset's numbers must be, whatever file they come from. The first bin that is not is named. */
import { FormatError } from "../errors.js";
import { axisEdges, describePixels, imageShape, imageSize, nPix, sameAxis, samePixels, shape } from "../sky/index.js";
import type { Geom, MaskMap, SkyMap } from "../sky/types.js";

/** Same axes and pixels as `expected`. */
export function checkPair(expected: Geom, found: Geom, at: string): void {
  const differs = expected.axes.find((axis, i) => !found.axes[i] || !sameAxis(axis, found.axes[i]!));
  const hasSamePixels = expected.kind !== "healpix" || samePixels(expected, found);
  if (!hasSamePixels) {
    throw new FormatError(
      `${at}: found ${describePixels(found)}, expected the ${describePixels(expected)} of COUNTS, with the same numbers in the same order; all maps of a dataset share one geometry`,
    );
  }
  if (shape(expected).join() === shape(found).join() && differs === undefined) return;
  throw new FormatError(
    `${at}: the shape is [${shape(found).join(", ")}]${differs ? ` and the axis "${differs.name}" is another` : ""}, expected [${shape(expected).join(", ")}] as in COUNTS; all maps of a dataset share one geometry`,
  );
}

/** Counts must not be negative, and must be numbers where the safe mask (if any) selects them. */
export function checkCounts(counts: SkyMap, mask: MaskMap | undefined, at: string): void {
  const bad = counts.data.findIndex(
    (n, i) => n < 0 || (!Number.isFinite(n) && (mask === undefined || mask.data[i] === 1)),
  );
  if (bad < 0) return;
  throw new FormatError(
    `${at}: found ${counts.data[bad]} counts in ${describeBin(counts.geom, bad)}, expected 0 or more; mask the bin (MASK_SAFE) or correct the file`,
  );
}

/** The exposure must be a finite number, 0 or above, or NaN, as files have it where the instrument does not see; a fit says how many bins these are. */
export function checkExposure(exposure: SkyMap, counts: Geom, at: string): void {
  if (imageShape(exposure.geom).join() !== imageShape(counts).join()) {
    throw new FormatError(
      `${at}: found ${describePixels(exposure.geom)}, expected ${describePixels(counts)} as in COUNTS`,
    );
  }
  const axes = exposure.geom.axes.map(({ name }) => name);
  if (axes.join() !== "energy_true") {
    throw new FormatError(
      `${at}: ${axes.length === 0 ? "the axis is missing" : `found the axes [${axes.join(", ")}]`}, expected "energy_true" alone`,
    );
  }
  const bad = exposure.data.findIndex((x) => x < 0 || x === Number.POSITIVE_INFINITY);
  if (bad < 0) return;
  throw new FormatError(
    `${at}: the exposure is ${exposure.data[bad]} cm2 s in ${describeBin(exposure.geom, bad)}, expected a number from 0; correct the file (0 where the instrument does not see)`,
  );
}

/** "energy bin 3 (1.2 to 1.5 TeV), pixel (4, 5)" of a flat index; bins and pixels count from 0. */
function describeBin(geom: Geom, index: number): string {
  const n = nPix(geom);
  const [nx] = imageSize(geom);
  const pixel = index % n;
  let rest = (index - pixel) / n;
  const parts: string[] = [];
  for (const axis of geom.axes) {
    const edges = axisEdges(axis);
    const bin = rest % (edges.length - 1);
    rest = (rest - bin) / (edges.length - 1);
    const [low, high] = [edges[bin]!, edges[bin + 1]!].map((x) => Number(x.toPrecision(4)));
    parts.push(`${axis.name} bin ${bin} (${low} to ${high}${axis.unit === "" ? "" : ` ${axis.unit}`})`);
  }
  if (geom.kind === "wcs" && n > 1) parts.push(`pixel (${pixel % nx}, ${Math.floor(pixel / nx)})`);
  else if (n > 1) parts.push(`pixel ${pixel}`);
  return parts.join(", ");
}
