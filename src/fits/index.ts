export { imageHdu, makeColumn, tableHdu } from "./build.js";
export { findColumn, findHdu, findImage, findTable, numericColumn, numericImage } from "./find.js";
export { getCard, headerBoolean, headerNumber, headerString } from "./header.js";
export { type ReadFitsOptions, readFits } from "./read.js";
export type { Card, Column, FitsArray, Hdu, HeaderValue, ImageHdu, TableHdu } from "./types.js";
export { writeFits } from "./write.js";
