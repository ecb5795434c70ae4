import { createResponses } from "../../src/fold/response.js";

/** Psf and energy dispersion at a source by Gammapy's rule, for numbers of Gammapy where these differ from place to place. */
export const byGammapysRule = () => ({ responses: createResponses({ irfs: "gammapy" }) });
