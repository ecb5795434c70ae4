/** Holds what commands print as JSON against the schemas that are published for it. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { commands } from "../../src/cli/declarations/index.js";
import { commandSchema, errorSchema, tableSchema } from "../../src/cli/schemas/index.js";

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  formats: { "date-time": true },
});
const compiled = new Map<string, ValidateFunction>();

function check(name: string, schema: () => object, text: string): void {
  const validate = compiled.get(name) ?? ajv.compile(schema());
  compiled.set(name, validate);
  if (validate(JSON.parse(text))) return;
  const problems = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`${name}: what was printed is not what its schema says:\n${problems.join("\n")}`);
}

/** @throws Error where a document is not as its schema has it. */
export function checkDocuments(
  argv: readonly string[],
  { stdout, stderr }: { readonly stdout: string; readonly stderr: string },
): void {
  const error = /^\{"error":.*\}$/m.exec(stderr)?.[0];
  if (error !== undefined) check("error", errorSchema, error);
  const [spec] = argv.flatMap((word) => commands.find(({ name }) => name === word) ?? []);
  if (spec === undefined || !/^\s*[[{]/.test(stdout)) return;
  if (argv.includes("--json")) check(`${spec.name} --json`, () => commandSchema(spec), stdout);
  else if (argv.join(" ").includes("--format json")) check("--format json", tableSchema, stdout);
}
