import type { Report } from "./rows.mjs";

/** The report as Markdown. */
export function markdown(report: Report): string;
