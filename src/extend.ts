/**
 * What declarations and estimators of one's own are made with: models, priors, statistics, kinds of datasets, file formats, and work for many workers.
 * CONTRIBUTING has a worked example of each.
 */

export { compileDataset, fitMemory, simulator } from "./api/datasets.js";
export { sameEnergy } from "./datasets/energy-edges.js";
export { datasetMemory } from "./datasets/memory.js";
export { hasCode, type PlainError, plainError, toError, unknownName } from "./errors.js";
export {
  defineTask,
  eachItem,
  type Payload,
  type Plan,
  type PlanOptions,
  partSize,
  payloadOf,
  runPlan,
  runPlanOn,
  type TaskContext,
} from "./estimators/plan.js";
export { standardTasks } from "./estimators/tasks.js";
export { jobRange, runJobs } from "./execute/run.js";
export type { AnyTaskKind, Executor, RunOptions, Task, TaskKind } from "./execute/types.js";
export { type Joint, jointAt } from "./fit/joint.js";
export { type JointMinimum, type MinimizeJointOptions, minimizeJoint } from "./fit/minimize-joint.js";
export { bindSubmodel } from "./fold/bind.js";
export { bindCalibration, calibratedValues, type DatasetCalibration } from "./fold/calibration.js";
export { mirror, type Stack, stackComponents, updateStack } from "./fold/component.js";
export { type FluxVector, packedLength } from "./fold/flux/types.js";
export type { BoundComponent, Component, FoldContext, MaskPixels, TermParameter } from "./fold/types.js";
export { stemOf } from "./io/files.js";
export { appearance } from "./io/formats/open.js";
export type * from "./io/formats/types.js";
export { contentsOf } from "./io/formats/use.js";
export { likelihoodRegistry } from "./kinds/registry.js";
export { unknownInfo } from "./kinds/unknown-info.js";
export { predictedValues, type ValuesKind, valuesKind, valuesMap } from "./kinds/values-kind.js";
export { bindSpectra, type MeasuredValues, valuesTerm, type Weight } from "./kinds/values-term.js";
export { statisticAt } from "./likelihood/compile.js";
export type {
  BinnedKind,
  CompileContext,
  DatasetKind,
  DrawDataset,
  JoinedTerm,
  KindContext,
  Predicted,
  Registry,
  SimulateOptions,
} from "./likelihood/kind.js";
export { modelsFor } from "./likelihood/kind.js";
export { type RowStatistic, rowTerm } from "./likelihood/row-term.js";
export { normalErrors } from "./likelihood/statistics/points.js";
export type * from "./likelihood/statistics/types.js";
export type * from "./likelihood/types.js";
export { type RandomStream, randomStream } from "./math/random.js";
export type { StopSignal } from "./math/types.js";
export type { MemoryNeed } from "./memory.js";
export { minimizers } from "./minimize/minimizers.js";
export type { Minimizer, StopReason } from "./minimize/types.js";
export type * from "./models/declaration.js";
export { declarationOf, type SubmodelKind } from "./models/lookup.js";
export { parameterVector } from "./models/parameters.js";
