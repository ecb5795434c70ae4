import type * as kinds from "../kinds/additions.js";
import { likelihoodRegistry } from "../kinds/registry.js";
import { standardFormats } from "./formats/index.js";
import type { FileRegistry } from "./formats/types.js";

// a call that is marked pure, since bundlers keep what a spread could do: a page that reads an analysis alone then loads no other format
const withFormats = (formats: FileRegistry["formats"]): FileRegistry => ({ ...likelihoodRegistry, formats });

/** All that comes with GammaTS: models, priors, statistics, kinds of datasets, file formats. */
export const standardRegistry: FileRegistry = /* @__PURE__ */ withFormats(standardFormats);

/** What a file of one's own (`--plugin`) exports: declarations in lists of the same names as in a registry. */
export type RegistryAdditions = kinds.RegistryAdditions<FileRegistry>;
