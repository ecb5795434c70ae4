/** Event lists drawn from models and the responses of an observation. */
import { SpecError, UnsupportedError } from "../errors.js";
import type { EventList, Observation } from "../events/types.js";
import type { FoldContext } from "../fold/types.js";
import { calibrationParameters } from "../models/calibration.js";
import type { ModelRegistry } from "../models/declaration.js";
import { createDeclarations } from "../models/lookup.js";
import { allParameters, parameterVector } from "../models/parameters.js";
import type { FoVBackgroundModel, Model, Models } from "../models/types.js";
import { backgroundEvents } from "./background.js";
import type { Drawn } from "./drawn.js";
import { sourceEvents } from "./source.js";
import { componentSeed } from "./streams.js";
import type { SimulatedComponent, SimulatedEvents } from "./types.js";

/** How events are drawn. */
export interface SimulateEventsOptions {
  /** A whole number from 0 to 2^53. */
  readonly seed: number;
  /** What `datasets_names` of the models call the observation; default: its id. */
  readonly name?: string;
  /** Memory that the events may take, bytes; default: no limit. */
  readonly maxBytes?: number | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

/** A name that no model of a file can have. */
const BACKGROUND = "\u0000background";

export function simulateEvents(
  observation: Observation,
  models: Models,
  options: SimulateEventsOptions,
  registry: ModelRegistry,
): SimulatedEvents {
  const { seed, name = observation.id, maxBytes, onNote } = options;
  checkSeed(seed);
  const context: FoldContext = {
    models,
    entries: allParameters(models),
    isFree: () => false,
    declarations: createDeclarations(registry),
  };
  refuseCalibration(models, name);
  const applied = models.components.flatMap((model, k) =>
    (model.datasetsNames?.includes(name) ?? true) ? [{ model, id: k + 1 }] : [],
  );
  sayLeftOut(models, applied, name, onNote);
  sayMissing(observation, applied, onNote);
  const of = (id: string) => ({ seed: componentSeed(seed, observation.id, id), maxBytes });
  const parts: { readonly id: number; readonly name: string; readonly drawn: Drawn }[] = [];
  const scale = applied.find(({ model }) => model.type === "FoVBackgroundModel")?.model as
    | FoVBackgroundModel
    | undefined;
  if (observation.irfs.background !== undefined) {
    const drawn = backgroundEvents(observation, normOf(scale, context), of(BACKGROUND));
    parts.push({ id: 0, name: scale?.name ?? `${name}-bkg`, drawn });
  } else if (scale !== undefined) {
    throw new SpecError({
      where: `observation ${observation.id}`,
      found: `the model "${scale.name}" of its background, and no background (BKG_2D or BKG_3D)`,
      expected: "a background response, or no model of it",
    });
  }
  for (const { model, id } of applied) {
    if (model.type === "TemplateNPredModel") {
      throw new UnsupportedError({
        where: `model "${model.name}" in observation ${observation.id}`,
        found: "a map of predicted counts",
        expected: "sources, and a background response: events of a map of counts have no energy and place of their own",
      });
    }
    if (model.type === "SkyModel")
      parts.push({ id, name: model.name, drawn: sourceEvents(observation, model, context, of(model.name)) });
  }
  return joined(observation, parts, onNote);
}

function checkSeed(seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return;
  throw new SpecError({ where: "simulateEvents, seed", found: String(seed), expected: "a whole number from 0" });
}

function refuseCalibration({ calibration = [] }: Models, name: string): void {
  for (const { name: own, datasetsNames, parameters } of calibration) {
    if (!datasetsNames.includes(name)) continue;
    const changed = parameters.find(
      (p) => p.value !== calibrationParameters[p.name as keyof typeof calibrationParameters]?.value,
    );
    if (changed === undefined) continue;
    throw new UnsupportedError({
      where: `"${own}" of observation ${name}`,
      found: `${changed.name} = ${changed.value}`,
      expected: "an instrument as its responses say; change the models instead",
    });
  }
}

/** Models that are for other datasets. */
function sayLeftOut(
  { components }: Models,
  applied: readonly { readonly model: Model }[],
  name: string,
  onNote: SimulateEventsOptions["onNote"],
): void {
  const left = components.filter((model) => !applied.some((a) => a.model === model)).map((m) => `"${m.name}"`);
  if (left.length > 0)
    onNote?.(
      `observation ${name}: ${left.join(", ")} ${left.length > 1 ? "are" : "is"} for other datasets, and not used`,
    );
}

/** Responses without which events are simpler than those of the instrument. */
function sayMissing(
  { id, irfs }: Observation,
  applied: readonly { readonly model: Model }[],
  onNote: SimulateEventsOptions["onNote"],
): void {
  const hasSources = applied.some(({ model }) => model.type === "SkyModel");
  const said = [
    ...(irfs.background === undefined ? ["no background events are drawn (no BKG_2D or BKG_3D)"] : []),
    ...(hasSources && irfs.psf === undefined ? ["reconstructed directions are the true ones (no psf)"] : []),
    ...(hasSources && irfs.edisp === undefined ? ["reconstructed energies are the true ones (no EDISP_2D)"] : []),
    ...(hasSources && irfs.aeff?.pointLike === true
      ? ["the effective area is that of events within RAD_MAX, and so are the events of sources"]
      : []),
  ];
  for (const text of said) onNote?.(`observation ${id}: ${text}`);
}

/** The factor of a model on the background, by energy. */
function normOf(model: FoVBackgroundModel | undefined, context: FoldContext): (energy: number) => number {
  if (model === undefined) return () => 1;
  if (model.spatial !== undefined) {
    throw new UnsupportedError({
      where: `model "${model.name}"`,
      found: `a spatial model of the background (${model.spatial.type})`,
      expected: "a factor by energy alone",
    });
  }
  const f = context.declarations.of(model.spectral, "spectral", `model "${model.name}"`);
  const p = parameterVector(model.spectral, f);
  return (energy) => {
    const value = f.evaluate(energy, p);
    if (value >= 0 && value < Infinity) return value;
    throw new SpecError({
      where: `model "${model.name}"`,
      found: `a factor of ${value} at ${energy} TeV`,
      expected: "a finite number of at least 0",
    });
  };
}

/** All events in the order of time. */
function joined(
  { id, gti }: Observation,
  parts: readonly { readonly id: number; readonly name: string; readonly drawn: Drawn }[],
  onNote: SimulateEventsOptions["onNote"],
): SimulatedEvents {
  const rows = parts.flatMap(({ drawn }, part) => drawn.time.map((time, row) => ({ time, part, row })));
  // equal times stay in the order of the components
  rows.sort((a, b) => a.time - b.time);
  const column = (name: Exclude<keyof Drawn, "unknown" | "outside">) =>
    Float64Array.from(rows, ({ part, row }) => parts[part]!.drawn[name][row]!);
  const events: EventList = {
    n: rows.length,
    time: column("time"),
    ra: column("ra"),
    dec: column("dec"),
    energy: column("energy"),
    reference: gti.reference,
    timeScale: gti.timeScale,
  };
  const components = parts.map(({ id: mcId, name, drawn }): SimulatedComponent => {
    const { unknown, outside, time } = drawn;
    return { id: mcId, name, recorded: time.length + unknown + outside, unknown, outside, events: time.length };
  });
  for (const { name, recorded, unknown, outside } of components) {
    const of = `of ${recorded} events of "${name}"`;
    if (unknown > 0)
      onNote?.(
        `observation ${id}: ${unknown} ${of} are dropped, for whose true energy and offset the responses hold no psf or no energy dispersion`,
      );
    if (outside > 0)
      onNote?.(`observation ${id}: ${outside} ${of} are dropped, outside of the field of view of the responses`);
  }
  return {
    events,
    eventId: Int32Array.from(rows, (_, k) => k + 1),
    mcId: Int32Array.from(rows, ({ part }) => parts[part]!.id),
    truth: { energy: column("energyTrue"), ra: column("raTrue"), dec: column("decTrue") },
    components,
  };
}
