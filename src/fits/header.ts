import { didYouMean, FormatError } from "../errors.js";
import type { Card, HeaderValue } from "./types.js";

/** The first card with this keyword; keywords do not depend on case. */
export function getCard(header: readonly Card[], key: string): Card | undefined {
  const upper = key.toUpperCase();
  return header.find((card) => card.key === key || card.key.toUpperCase() === upper);
}

/** A text value. `where` (file and HDU) starts the error's message; `fallback` stands in for a card that is missing or has no value. */
export function headerString(header: readonly Card[], key: string, where = "header", fallback?: string): string {
  const value = present(header, key, where, fallback);
  if (typeof value === "string") return value;
  throw wrongType(key, where, value, "a text in quotes");
}

/** A number, also one in quotes, as some programs write; integers beyond 2^53 are rounded (the card's own value is a bigint then). */
export function headerNumber(header: readonly Card[], key: string, where = "header", fallback?: number): number {
  const value = present(header, key, where, fallback);
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value === "string" && NUMBER.test(value)) return Number(value);
  throw wrongType(key, where, value, "a number");
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** T or F. */
export function headerBoolean(header: readonly Card[], key: string, where = "header", fallback?: boolean): boolean {
  const value = present(header, key, where, fallback);
  if (typeof value === "boolean") return value;
  throw wrongType(key, where, value, "T or F");
}

function present(header: readonly Card[], key: string, where: string, fallback: HeaderValue | undefined): HeaderValue {
  const value = getCard(header, key)?.value ?? fallback;
  if (value !== undefined && value !== null) return value;
  const found = getCard(header, key) ? "has no value" : "is missing";
  const near = getCard(header, key)
    ? ""
    : didYouMean(
        key,
        header.map((card) => card.key),
      );
  throw new FormatError(
    `${where}: the keyword ${key} ${found}${near}; add it to the header, or use a file that has it`,
  );
}

function wrongType(key: string, where: string, value: HeaderValue, expected: string): FormatError {
  const found = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new FormatError(`${where}: the keyword ${key} is ${found}, expected ${expected}; correct the header`);
}
