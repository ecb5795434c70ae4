export * from "./cash.js";
export * from "./chi2.js";
export * from "./chi2-counts.js";
export * from "./counts-statistics.js";
export * from "./pgstat.js";
export * from "./wstat.js";
export * from "./wstat-alpha.js";
