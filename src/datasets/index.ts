export { restrictEnergy } from "./energy-range.js";
export { inSedType, isUpperLimit, normError, sqrtTsOf } from "./flux-points.js";
export { type BinnedDataset, fitMask, isBinned, withEnergyRange } from "./masks.js";
export { datasetMemory } from "./memory.js";
export { energySlice, sliceByEnergy } from "./slice.js";
export { stackReduce, toMasked } from "./stack.js";
export type * from "./types.js";
