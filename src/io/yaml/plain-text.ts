/** Plain data as a text in YAML 1.1, which PyYAML reads alike. */
import { Document, Scalar, visit } from "yaml";

/** Characters that YAML 1.1 takes for line ends (U+0085, U+2028, U+2029), refuses, or drops (U+FEFF) where they stand as such. */
const HIDDEN = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const isHidden = (text: string): boolean => text.search(HIDDEN) >= 0;

const byNumbers = (text: string): string =>
  text.replace(HIDDEN, (letter) => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);

/** Whether a text has to be `quotedText` in YAML whatever its style: line ends, and characters that YAML does not take as such. */
export const needsQuotes = (text: string): boolean => /[\r\n]/.test(text) || isHidden(text);

/** A text in double quotes, on one line, for YAML and JSON. */
export const quotedText = (text: string): string => byNumbers(JSON.stringify(text));

/** A document as a text, long lines not folded. What YAML does not take as such stands by its number. */
export function printed(document: Document): string {
  let hasHidden = false;
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== "string" || !isHidden(node.value)) return;
      hasHidden = true;
      node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0 });
  return hasHidden ? byNumbers(text) : text;
}

/** A mapping, one key a line; long texts are not folded. */
export const yamlText = (data: Readonly<Record<string, unknown>>): string =>
  printed(new Document(data, { version: "1.1" }));
