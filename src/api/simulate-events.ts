/** Event lists drawn from models. */
import type { Observation } from "../events/types.js";
import type { Models } from "../models/types.js";
import * as simulation from "../simulate/simulate.js";
import type { SimulatedEvents } from "../simulate/types.js";
import { requireModels } from "./arguments.js";
import { type RegistryOption, registryOf } from "./context.js";

/**
 * An event list as an observation would have it: events of the sources (spectral, spatial and temporal models) through effective area, psf and energy dispersion, and
 * events of the background. The observation gives pointing, good time intervals, live fraction and responses; its own events are not used. What is drawn follows the
 * responses at each event's own energy, offset and time, and no map. The list depends on `seed`, the id of the observation and the names of the models alone: other
 * models, another order or other workers leave the events of a source as they are.
 * @throws SpecError where a source has no place or a negative flux, a response is missing or the observation has no pointing; UnsupportedError where a model cannot be
 * drawn, or the events take more than `maxBytes`.
 */
export function simulateEvents(
  observation: Observation,
  models: Models,
  options: simulation.SimulateEventsOptions & RegistryOption,
): SimulatedEvents {
  requireModels(models);
  return simulation.simulateEvents(observation, models, options, registryOf(options));
}
