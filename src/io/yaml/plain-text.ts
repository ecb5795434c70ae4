/** Plain data as a text in YAML 1.1, which PyYAML reads alike. */
import { stringify } from "yaml";

/** A mapping, one key a line; long texts are not folded. */
export const yamlText = (data: Readonly<Record<string, unknown>>): string =>
  stringify(data, { version: "1.1", lineWidth: 0 });
