import { catalogue3fgl } from "./3fgl.js";
import { catalogue4fgl } from "./4fgl.js";
import { catalogue2fhl, catalogue3fhl } from "./fhl.js";
import { catalogueGammacat } from "./gammacat.js";
import { catalogueHgps } from "./hgps.js";
import { catalogue2hwc, catalogue3hwc } from "./hwc.js";
import { catalogue1lhaaso } from "./lhaaso.js";
import { catalogue2pc, catalogue3pc } from "./pulsars.js";
import type { CatalogueDeclaration } from "./types.js";

/** All catalogues that come with GammaTS. */
export const standardCatalogues: readonly CatalogueDeclaration[] = [
  catalogue3fgl,
  catalogue4fgl,
  catalogue2fhl,
  catalogue3fhl,
  catalogue2pc,
  catalogue3pc,
  catalogue2hwc,
  catalogue3hwc,
  catalogue1lhaaso,
  catalogueHgps,
  catalogueGammacat,
];
