/**
 * From events to datasets: observations as plain data (event lists, good time intervals, responses as tables), and pure functions from an observation and a
 * geometry to the spectra and maps that are fitted; and from models to the events that an observation would have. Energies in TeV, angles in deg, times in s, areas in cm2.
 */
export { estimateSensitivity, type Sensitivity } from "./api/sensitivity.js";
export { simulateEvents } from "./api/simulate-events.js";
export type { DetectableExcess, SensitivityOptions } from "./estimators/sensitivity.js";
export type { HduEntry, ObservationEntry, ObservationIndex } from "./events/index-types.js";
export { livetimeOf, pointingOf } from "./events/observations.js";
export { type Ephemeris, type PhaseIntervals, withPhases } from "./events/phases.js";
export { type ObservationSelection, selectObservations } from "./events/select.js";
export type { EarthLocation, EventColumn, EventList, Observation, Pointing } from "./events/types.js";
export { readObservationIndex } from "./io/dl3/folder.js";
export {
  createObservationReader,
  type ObservationReader,
  type ObservationReaderOptions,
  observationOf,
} from "./io/dl3/observations.js";

export type { ResponseClass } from "./io/dl3/responses.js";
export type { EventData, EventRun, ObservationFiles, ResponseHdu } from "./io/dl3/types.js";

export { encodeEventFiles, type SimulatedRun } from "./io/dl3/write-events.js";

export { containmentRadius, type PsfCoords, psfContainment, psfDensity } from "./irf/tables/psf.js";
export type {
  BackgroundTable,
  EffectiveArea,
  EnergyDispersionTable,
  FovAlignment,
  IrfTable,
  IrfTables,
  PsfTable,
  RadMaxTable,
} from "./irf/tables/types.js";
export { defaultOversampling } from "./reduce/background.js";
export { type ExcessMapOptions, type ExcessMaps, excessMaps } from "./reduce/excess-map.js";
export type { Exclusion } from "./reduce/exclusion.js";
export { type FovNorm, type FovOptions, fovNorm, withFovNorm } from "./reduce/fov-background.js";
export { createMapReducer, type MapOptions, reduceMap } from "./reduce/map.js";
export {
  type OffRegions,
  type ReflectedOptions,
  reflectedRegions,
  type WobbleOptions,
  wobbleRegions,
} from "./reduce/off-regions.js";
export {
  type AdaptiveRingOptions,
  adaptiveRingBackground,
  type RingOptions,
  ringBackground,
} from "./reduce/ring.js";
export { type RunCounts, runCounts } from "./reduce/run-counts.js";
export type { ResponsesAt, SafeMaskRule } from "./reduce/safe-mask.js";
export { defaultEnergyTrue, type PhaseOptions, reduceSpectrum, type SpectrumOptions } from "./reduce/spectrum.js";
export { defaultRegion, spectrumDefaults } from "./reduce/spectrum-defaults.js";
export { type Theta2, type Theta2Options, theta2 } from "./reduce/theta2.js";
export type { SimulateEventsOptions } from "./simulate/simulate.js";
export type { SimulatedComponent, SimulatedEvents } from "./simulate/types.js";
