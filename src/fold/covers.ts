/** Where a model is asked for more than the data that it works on. */
import type { SpatialDeclaration, SpectralDeclaration } from "../models/declaration.js";
import { rangeAt } from "../models/jumps.js";
import { axisEdges } from "../sky/axis.js";
import { convertFrame } from "../sky/frames.js";
import { pixelsOf } from "../sky/pixels.js";
import type { Response } from "./response.js";

const rounded = (x: number) => Number(x.toPrecision(4));

/** Rounding of energies between files. */
const SLACK = 1e-3;

/** `where`: "model "x" on dataset "y"". */
export function spectrumWarnings(
  { energyRange, tables = [] }: SpectralDeclaration,
  p: Float64Array,
  { energyTrue }: Pick<Response, "energyTrue">,
  where: string,
): string[] {
  const edges = axisEdges(energyTrue);
  const spectra = [
    { range: energyRange, what: "spectrum", after: "it is continued as a power law" },
    ...tables.map((table) => ({ range: rangeAt(table, p), what: "table", after: table.beyond })),
  ];
  return spectra.flatMap(({ range, what, after }) => {
    const beyond = outside(range, edges);
    return beyond === undefined ? [] : [`${where}: its ${what} is ${beyond}, beyond which ${after}`];
  });
}

/** Diffuse emission that is a flux: others end where their map ends. */
export function shapeWarnings(declaration: SpatialDeclaration, response: Response, where: string): string[] {
  const { energyRange, covers } = declaration;
  const beyond = outside(energyRange, axisEdges(response.energyTrue));
  const said = beyond === undefined ? [] : [`${where}: its map is ${beyond}, beyond which it counts as 0`];
  if (covers === undefined) return said;
  const pixels = pixelsOf(response.geom);
  const used = response.mask.reduce((most, pixels) => (pixels.length > most.length ? pixels : most), new Int32Array());
  const at = new Float64Array(2);
  let missing = 0;
  for (const pixel of used) {
    pixels.center(pixel, at);
    convertFrame(at[0]!, at[1]!, pixels.frame, declaration.frame ?? pixels.frame, at);
    if (!covers(at[0]!, at[1]!)) missing++;
  }
  if (missing > 0)
    said.push(
      `${where}: its map does not reach ${missing} of ${used.length} pixels in the fit, where it counts as 0; take a larger map, or leave these pixels out`,
    );
  return said;
}

function outside(range: readonly [number, number] | undefined, edges: Float64Array): string | undefined {
  if (range === undefined) return undefined;
  const [from, to] = [edges[0]!, edges.at(-1)!];
  if (from >= range[0] * (1 - SLACK) && to <= range[1] * (1 + SLACK)) return undefined;
  return `given from ${rounded(range[0])} to ${rounded(range[1])} TeV, and needed from ${rounded(from)} to ${rounded(to)} TeV`;
}
