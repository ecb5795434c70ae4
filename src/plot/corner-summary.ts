/** What stands above the histogram of a parameter: its median and the errors of it. */
import { text, textWidth } from "./text.js";

export const SUMMARY_SIZE = 12;

/** "(1.20 +0.03 -0.04) x10^-9", the errors one above the other. */
interface Summary {
  main: string;
  up: string;
  down: string;
  after: string;
}

/** Median and the distances to the quantiles 0.16 and 0.84, with two digits of the smaller distance. */
export function summaryOf([low, median, high]: readonly number[]): Summary {
  const none = { up: "", down: "", after: "" };
  if (low === undefined || median === undefined || high === undefined) return { main: "", ...none };
  const smaller = Math.min(median - low, high - median);
  const largest = Math.max(Math.abs(median), high - median, median - low);
  if (!(smaller > 0)) return { main: number(median, 3, 0), ...none };
  const magnitude = Math.floor(Math.log10(largest));
  const exponent = magnitude >= 4 || magnitude <= -3 ? magnitude : 0;
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(smaller)) + exponent);
  const main = number(median, decimals, exponent);
  return {
    main: exponent === 0 ? main : `(${main}`,
    up: `+${number(high - median, decimals, exponent)}`,
    down: `−${number(median - low, decimals, exponent)}`,
    after: exponent === 0 ? "" : `) ×10^{${String(exponent).replace("-", "−")}}`,
  };
}

const ERROR_SIZE = 0.75;

export function widthOf({ main, up, down, after }: Summary, size: number): number {
  const errors = Math.max(textWidth(up, ERROR_SIZE * size), textWidth(down, ERROR_SIZE * size));
  return textWidth(main, size) + errors + 3 + textWidth(after, size);
}

/** Centred at x, with its baseline at y. */
export function drawSummary(summary: Summary, x: number, y: number, size: number): string {
  const { main, up, down, after } = summary;
  const left = x - widthOf(summary, size) / 2;
  const errors = left + textWidth(main, size) + 2;
  const small = { size: ERROR_SIZE * size };
  return (
    text(main, left, y, { size }) +
    (up === "" ? "" : text(up, errors, y - 0.45 * size, small) + text(down, errors, y + 0.3 * size, small)) +
    (after === "" ? "" : text(after, left + widthOf(summary, size) - textWidth(after, size), y, { size }))
  );
}

function number(value: number, decimals: number, exponent: number): string {
  const label = (value / 10 ** exponent).toFixed(Math.min(12, decimals));
  return label.replace("-", Number(label) === 0 ? "" : "−");
}
