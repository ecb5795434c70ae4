export { imageHdu, makeColumn, tableHdu } from "./build.js";
export { findColumn, findHdu, findImage, findTable, numericColumn, numericImage } from "./find.js";
export { gzipped } from "./gzip.js";
export { getCard, headerBoolean, headerNumber, headerString } from "./header.js";
export { historyOf, withHistory } from "./history.js";
export { type ReadFitsOptions, readFits } from "./read.js";
export { fitsText } from "./text.js";
export type { Card, Column, FitsArray, Hdu, HeaderValue, ImageHdu, TableHdu } from "./types.js";
export { type WriteFitsOptions, writeFits } from "./write.js";
