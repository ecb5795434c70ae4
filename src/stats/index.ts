export * from "./cash.js";
export * from "./chi2.js";
export * from "./counts-statistics.js";
export * from "./wstat.js";
export * from "./wstat-alpha.js";
