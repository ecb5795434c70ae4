/** Energy dispersion of datasets of Gammapy 0.17 and before: one matrix for the whole map, laid out as an RMF (EDISP_MATRIX, EDISP_MATRIX_EBOUNDS). */
import type { EDisp } from "../datasets/types.js";
import { FormatError } from "../errors.js";
import { findTable, type Hdu } from "../fits/index.js";
import { nBins } from "../sky/index.js";
import type { MapAxis } from "../sky/types.js";
import type { NoteOptions } from "./cards.js";
import type { MemoryLimit } from "./memory.js";
import { readRmf } from "./ogip/response.js";

const NAME = "EDISP_MATRIX";

/** The matrix on the axes of counts and exposure; undefined where the file has none. */
export function readEDispMatrix(
  hdus: readonly Hdu[],
  energy: MapAxis | undefined,
  energyTrue: MapAxis | undefined,
  { where, ...options }: MemoryLimit & NoteOptions,
): EDisp | undefined {
  if (energy === undefined || !hdus.some((hdu) => hdu.name.toUpperCase() === NAME)) return undefined;
  const chosen = findTable(hdus, NAME, where);
  const channels = nBins(energy);
  const bounds = hdus.find((hdu) => hdu.name.toUpperCase() === `${NAME}_EBOUNDS`);
  if (bounds?.kind === "table" && bounds.nrows !== channels) {
    throw new FormatError(
      `${where}: HDU ${bounds.name}: found ${bounds.nrows} bins of energy, expected ${channels} as in COUNTS`,
    );
  }
  const { axis, matrix } = readRmf({ hdus, path: where, chosen }, channels, { ...options, firstChannel: 0 });
  if (energyTrue !== undefined && nBins(axis) !== nBins(energyTrue)) {
    throw new FormatError(
      `${where}: HDU ${NAME}: found ${nBins(axis)} bins of true energy, expected ${nBins(energyTrue)} as in EXPOSURE`,
    );
  }
  const geom = { kind: "region", regions: [], wcs: null, axes: [energy, energyTrue ?? axis] } as const;
  return { map: { geom, unit: "", data: matrix } };
}
