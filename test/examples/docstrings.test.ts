/** The examples in the docstrings of the public entries, as a user would copy them: their types are right, and what they assert holds. */
import * as main from "gammats";
import * as extend from "gammats/extend";
import * as io from "gammats/io";
import * as models from "gammats/models";
import * as node from "gammats/node";
import * as plot from "gammats/plot";
import * as reduce from "gammats/reduce";
import * as sky from "gammats/sky";
import ts from "typescript";
import { expect, it } from "vitest";
import { ENTRIES, exportsOf, tagsOf } from "../house/public-api.js";
import { typeProblems } from "./type-problems.js";

const modules: Readonly<Record<string, unknown>> = {
  gammats: main,
  "gammats/extend": extend,
  "gammats/io": io,
  "gammats/models": models,
  "gammats/node": node,
  "gammats/plot": plot,
  "gammats/reduce": reduce,
  "gammats/sky": sky,
};

/** Code by the name of what it is an example of. */
const examples = new Map(
  ENTRIES.flatMap((entry) =>
    exportsOf(`src/${entry}.ts`).flatMap(({ name, symbol }) =>
      tagsOf(symbol, "example").map((text): [string, string] => [
        name,
        text.match(/^```ts\n([\s\S]*?)\n```$/)?.[1] ?? text,
      ]),
    ),
  ),
);

it("have types without errors, as strict as those of the project", () => {
  const files = new Map(Array.from(examples, ([name, code]) => [`examples/${name}.docstring.ts`, code]));
  expect(typeProblems(files)).toEqual([]);
});

type AsyncCode = (require: unknown, exports: object, console: object) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => AsyncCode;

/** Runs an example; returns for each of its assertions whether it held. */
async function assertionsOf(code: string): Promise<boolean[]> {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const held: boolean[] = [];
  const console = { assert: (condition: boolean) => held.push(condition), log: () => {} };
  await new AsyncFunction("require", "exports", "console", outputText)((name: string) => modules[name], {}, console);
  return held;
}

it.each([...examples])("run, and what they assert holds: %s", async (_, code) => {
  const held = await assertionsOf(code);
  expect(held).toEqual(held.map(() => true));
  expect(held.length).toBeGreaterThan(0);
});
