/** What ARF and RMF of a spectrum are to a dataset: exposure and energy dispersion. */
import type { EDisp } from "../../datasets/types.js";
import { FormatError, UnsupportedError } from "../../errors.js";
import { nBins, squashAxis } from "../../sky/index.js";
import type { MapAxis, RegionGeom, SkyMap } from "../../sky/types.js";
import type { NoteOptions } from "../cards.js";
import type { Opened } from "./companion.js";
import type { Pha } from "./pha.js";
import { type Rmf, readArf, readRmf } from "./response.js";

interface Source extends NoteOptions {
  readonly axis: MapAxis;
  readonly geom: RegionGeom;
  readonly pha: Pha;
  readonly path: string;
  readonly maxBytes: number | undefined;
}

interface FoldedResponse {
  readonly exposure?: SkyMap;
  readonly edisp?: EDisp;
}

/** The largest sum of a row of probabilities; rounding and efficiencies leave room. */
const PROBABILITY = 1.5;

export function readResponse(arf: Opened | undefined, rmf: Opened | undefined, source: Source): FoldedResponse {
  const { axis, pha, path, geom, onNote } = source;
  const channels = nBins(axis);
  const area = arf && readArf(arf, { onNote });
  const read = rmf && readRmf(rmf, channels, { maxBytes: source.maxBytes, onNote });
  const redistribution = read && withArea(read, { rmf: rmf!, hasArf: area !== undefined, onNote });
  if (area === undefined && !redistribution?.isFull) {
    onNote?.(
      `${path}: HDU SPECTRUM: ANCRFILE names no file, and no effective area is in RESPFILE: counts can be shown, no source can be fitted`,
    );
  }
  if (redistribution === undefined) return area ? { exposure: exposureOf(area.axis, area.area, pha, geom) } : {};
  const { matrix, isFull } = redistribution;
  const sums = rowSums(matrix, channels);
  if (area !== undefined && isFull && sums.some((sum) => sum > PROBABILITY)) {
    throw new FormatError(
      `${rmf!.path}: the matrix holds the effective area (HDUCLAS3 FULL), and ANCRFILE of ${path} names one too, which would count twice; set one of them to "none"`,
    );
  }
  const trueAxis = area?.axis ?? redistribution.axis;
  if (area !== undefined) checkSameAxis(redistribution.axis, trueAxis, rmf!.path, path);
  else if (isFull) for (let i = 0; i < matrix.length; i++) matrix[i]! /= sums[Math.floor(i / channels)]! || 1;
  if (!isUniform(pha.areascal)) for (let i = 0; i < matrix.length; i++) matrix[i]! *= pha.areascal[i % channels]!;
  const map: SkyMap = { geom: { ...geom, axes: [axis, trueAxis] }, unit: "", data: matrix };
  const effective = area?.area ?? (isFull ? sums : undefined);
  if (effective === undefined) return { edisp: { map } };
  const exposure = exposureOf(trueAxis, effective, pha, geom);
  const weights: SkyMap = {
    ...exposure,
    geom: { ...geom, axes: [squashAxis(axis), trueAxis] },
    data: exposure.data.slice(),
  };
  return { exposure, edisp: { map, exposure: weights } };
}

/** A matrix that says of itself nothing else holds the area where no ARF is named and its rows are more than probabilities: what XSPEC and Sherpa fold as it is. */
function withArea(
  found: Rmf,
  { rmf, hasArf, onNote }: NoteOptions & { readonly rmf: Opened; readonly hasArf: boolean },
) {
  const { isFull, matrix, channels } = found;
  if (isFull || hasArf || !rowSums(matrix, channels).some((sum) => sum > PROBABILITY)) return found;
  onNote?.(
    `${rmf.path}: rows of the matrix have sums above 1 and no ARF is named: it is taken to hold the effective area in cm2, though its HDUCLAS3 is not FULL`,
  );
  return { ...found, isFull: true };
}

const rowSums = (matrix: Float64Array, channels: number): Float64Array =>
  Float64Array.from({ length: matrix.length / channels }, (_, t) =>
    matrix.subarray(t * channels, (t + 1) * channels).reduce((sum, x) => sum + x, 0),
  );

function exposureOf(axis: MapAxis, area: Float64Array, pha: Pha, geom: RegionGeom): SkyMap {
  const scale = isUniform(pha.areascal) ? pha.areascal[0]! : 1;
  return { geom: { ...geom, axes: [axis] }, unit: "cm2 s", data: area.map((x) => x * pha.exposure * scale) };
}

/** The true-energy axis is the ARF's: that of the RMF is often rounded. */
function checkSameAxis(own: MapAxis, arf: MapAxis, where: string, path: string): void {
  const near = own.nodes.every((e, i) => Math.abs(e / (arf.nodes[i] ?? Number.NaN) - 1) < 1e-3);
  if (own.nodes.length === arf.nodes.length && near) return;
  throw new FormatError(
    `${where}: HDU MATRIX: the ${nBins(own)} bins of ENERG_LO, ENERG_HI are not the ${nBins(arf)} of the ARF of ${path}; the files do not belong together`,
  );
}

const isUniform = (values: Float64Array): boolean => values.every((x) => x === values[0]);

/** Whether a spectrum without an RMF has an AREASCAL per channel, which nothing could carry. */
export function refuseAreascal(pha: Pha, rmf: boolean, path: string): void {
  if (rmf || isUniform(pha.areascal)) return;
  throw new UnsupportedError(`${path}: AREASCAL differs from channel to channel, which needs an RMF; add RESPFILE`);
}
