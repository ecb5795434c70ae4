/** Parts that JSON Schemas (2020-12) of our files and documents are made of. */

/** A schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

export const text = { type: "string" } as const;
export const number = { type: "number" } as const;
export const whole = { type: "integer" } as const;
export const flag = { type: "boolean" } as const;
/** JSON has neither NaN nor infinite numbers: null stands for them. */
export const numberOrNull = { type: ["number", "null"] } as const;
export const anything = {};

export const list = (items: JsonSchema, more: JsonSchema = {}): JsonSchema => ({ type: "array", items, ...more });
export const texts = list(text);

/** Values of one kind by names that nobody knows beforehand. */
export const byName = (value: JsonSchema): JsonSchema => ({ type: "object", additionalProperties: value });

export const oneOf = (...values: readonly unknown[]): JsonSchema => ({ enum: values });

/** What a value is, for people. */
export const about = (description: string, schema: JsonSchema): JsonSchema => ({ ...schema, description });

/** A mapping of these keys and no others. */
export const mapping = (properties: JsonSchema, more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  additionalProperties: false,
  ...more,
});

/** A mapping that has all of `properties`, and of `optional` what there is. */
export const shape = (properties: JsonSchema, optional: JsonSchema = {}): JsonSchema =>
  mapping({ ...properties, ...optional }, { required: Object.keys(properties) });

/** A schema of its own; `title`: the file that it describes, or the command whose document. */
export const document = (title: string, schema: JsonSchema): JsonSchema => ({ $schema: DRAFT, title, ...schema });

/** Where a published schema of this version is found. A file that names it is completed and checked by editors. */
export const schemaAddress = (name: string): string => `https://unpkg.com/gammats@0.1/dist/schema/${name}.schema.json`;

/** The line of a YAML file that names its schema; for others a comment. */
export const schemaLine = (name: string): string => `# yaml-language-server: $schema=${schemaAddress(name)}\n`;
