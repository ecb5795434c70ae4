/**
 * Events of a source. Candidates come from a rate that is no smaller than that of the source anywhere (flux in narrow bins of energy, times the largest effective area
 * and brightness there); each is kept with the probability that the effective area and the brightness at its own energy and direction give. So the number of those
 * kept is Poisson of flux times exposure, and their energies and directions follow the responses and not a grid.
 */
import { SpecError, UnsupportedError } from "../errors.js";
import { pointingOf } from "../events/observations.js";
import type { Observation } from "../events/types.js";
import { shapeOf } from "../fold/bind.js";
import { positionOf } from "../fold/shape.js";
import type { FoldContext } from "../fold/types.js";
import { evaluateGrid } from "../irf/tables/grid.js";
import type { IrfTable } from "../irf/tables/types.js";
import { requireMemory } from "../memory.js";
import { parameterVector } from "../models/parameters.js";
import type { SkyModel } from "../models/types.js";
import { needed } from "../reduce/responses.js";
import { axisCenters, axisEdges } from "../sky/axis.js";
import { BLOCK, type Drawn, EVENT_BYTES, emptyDrawn } from "./drawn.js";
import { type EnergyBins, energyBins, fineEdges } from "./energies.js";
import { emptyBlock, RESPONSE_NUMBERS, respond } from "./respond.js";
import { extendedSky, pointSky, type SkySampler } from "./sky.js";
import { drawnNumber, fillUniforms, partOf, sumsOf } from "./streams.js";
import { evenTimes, modelTimes, type TimeSampler } from "./times.js";

/** Bins of energy that share a bound on the brightness of a shape which differs with energy. */
const SHARED = 12;
/** Uniform numbers of a candidate: bin, energy, three of the direction, whether it is recorded, and those of `respond`. */
const NUMBERS = 6 + RESPONSE_NUMBERS;

export interface SourceOptions {
  readonly seed: number;
  readonly maxBytes: number | undefined;
}

export function sourceEvents(
  observation: Observation,
  model: SkyModel,
  context: FoldContext,
  options: SourceOptions,
): Drawn {
  const where = `model "${model.name}" in observation ${observation.id}`;
  if (model.applyIrf?.exposure === false) {
    throw new UnsupportedError({
      where,
      found: "apply_irf with exposure: false",
      expected: "a flux that the instrument sees through its effective area",
    });
  }
  const { table } = needed(observation, "aeff");
  const spectral = context.declarations.of(model.spectral, "spectral", where);
  const bins = energyBins(spectral, parameterVector(model.spectral, spectral), fineEdges(table.axes[0]!), where);
  const times = timesFor(observation, model, context, where);
  const skyOf = skyFor(observation, model, context, bins.edges, where);
  // a brightness above its bound is met by a higher bound everywhere, and all is drawn again
  for (let margin = 1, round = 0; round < MOST_ROUNDS; round++) {
    const sky = skyOf(margin);
    const { drawn, highest } = drawAll(observation, model, { bins, sky, times, table }, options, where);
    if (highest <= 1) return drawn;
    margin *= 1.1 * highest;
  }
  throw new UnsupportedError({
    where,
    found: `a brightness on the sky of which no upper bound is found in ${MOST_ROUNDS} rounds`,
    expected: "a shape without structure far below its radius of evaluation; give it as a map, or as several sources",
  });
}

const MOST_ROUNDS = 20;

function timesFor({ gti }: Observation, { temporal }: SkyModel, context: FoldContext, where: string): TimeSampler {
  if (temporal === undefined) return evenTimes(gti);
  const declaration = context.declarations.of(temporal, "temporal", where);
  return modelTimes(declaration, temporal, parameterVector(temporal, declaration), gti, where);
}

/** The sampler of directions, by a factor on its bounds. */
function skyFor(
  observation: Observation,
  model: SkyModel,
  context: FoldContext,
  edges: Float64Array,
  where: string,
): (margin: number) => SkySampler {
  if (model.spatial === undefined) {
    throw new SpecError({
      where,
      found: "no spatial model",
      expected: "one that says where its events come from, such as a PointSpatialModel",
    });
  }
  const shape = shapeOf(model, model.spatial, context);
  const { declaration } = shape;
  const p = parameterVector(model.spatial, declaration);
  const pointing = pointingOf(observation);
  if (declaration.perPixel === true) {
    throw new UnsupportedError({
      where,
      found: `${declaration.type}, whose brightness is that of a pixel`,
      expected: "a shape on the sky, such as a ConstantSpatialModel",
    });
  }
  const position = positionOf(shape, p);
  if (declaration.point === true && position !== null) return () => pointSky(position, pointing);
  const seen = axisEdges(needed(observation, "aeff").table.axes[1]!).at(-1)!;
  const energies =
    declaration.energyDependent === true
      ? Array.from({ length: Math.ceil((edges.length - 1) / SHARED) }, (_, c) =>
          [0, SHARED / 2, SHARED].map((k) => edges[Math.min(c * SHARED + k, edges.length - 1)]!),
        )
      : [[undefined]];
  return (margin) => extendedSky({ shape, p, pointing, seen, energies, margin });
}

interface Rates {
  readonly bins: EnergyBins;
  readonly sky: SkySampler;
  readonly times: TimeSampler;
  readonly table: IrfTable;
}

/** All events of one set of bounds; `highest`: the largest brightness over its bound that was met. */
function drawAll(
  observation: Observation,
  model: SkyModel,
  { bins, sky, times, table }: Rates,
  { seed, maxBytes }: SourceOptions,
  where: string,
): { readonly drawn: Drawn; readonly highest: number } {
  const areas = largestAreas(table, bins.edges, sky.reach);
  const classOf = (k: number) => (sky.classes > 1 ? Math.floor(k / SHARED) : 0);
  const sums = sumsOf(bins.flux.map((flux, k) => flux * areas[k]! * sky.total(classOf(k))));
  const mean = sums.at(-1)! * times.total * observation.liveFraction;
  requireMemory(where, [{ what: `${mean.toPrecision(2)} events`, bytes: mean * EVENT_BYTES }], maxBytes);
  const drawn = emptyDrawn();
  const n = drawnNumber(seed, mean);
  const u = new Float64Array(NUMBERS);
  const place = new Float64Array(2);
  const irf = { psf: true, edisp: true, ...model.applyIrf };
  let highest = 0;
  for (let first = 0; first < n; first += BLOCK) {
    const block = emptyBlock(Math.min(BLOCK, n - first));
    for (let i = 0; i < block.n; i++) {
      fillUniforms(seed, first + i, u);
      const k = partOf(sums, u[0]!);
      const energy = bins.draw(k, u[1]!);
      const brightness = sky.draw(classOf(k), energy, [u[2]!, u[3]!, u[4]!], place);
      highest = Math.max(highest, brightness);
      block.energy[i] = energy;
      block.ra[i] = place[0]!;
      block.dec[i] = place[1]!;
      block.least[i] = brightness > 0 ? (u[5]! * areas[k]!) / brightness : Infinity;
      block.numbers.set(u.subarray(6), i * RESPONSE_NUMBERS);
    }
    respond(observation, block, times, irf, drawn);
  }
  return { drawn, highest };
}

/** The largest effective area, cm2, in bins of energy in which it is linear in ln E, at the offsets of a source. */
function largestAreas(table: IrfTable, edges: Float64Array, [low, high]: readonly [number, number]): Float64Array {
  const axis = table.axes[1]!;
  const last = axisEdges(axis).at(-1)!;
  const between = axisCenters(axis).filter((x) => x > low && x < high);
  const offsets = [low, ...between, Math.min(high, Math.max(low, last))];
  const area = evaluateGrid(table, [edges, offsets]);
  const m = offsets.length;
  return Float64Array.from({ length: edges.length - 1 }, (_, k) =>
    area.subarray(k * m, (k + 2) * m).reduce((a, b) => Math.max(a, b), 0),
  );
}
