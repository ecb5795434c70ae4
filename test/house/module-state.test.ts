import { readdirSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { moduleState } from "./module-state.js";

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What may stay, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  "src/node/temporaries.ts: pending": "temporary files to remove when the process ends: a process has one end",
  "src/node/temporaries.ts: watching": "whether this process waits for its end",
};

describe("modules without state", () => {
  it("finds variables that can change", () => {
    const text = `
      export let counter = 0;
      const scratch = new Float64Array(3);
      export const f = (x: number) => { scratch[0] = x; };
      const work = { z: new Float64Array(3) };
      const fill = (out: { z: Float64Array }) => { out.z[0] = 1; };
      export const g = () => fill(work);
      const cache = new Map<number, number>();
      export const h = (x: number) => cache.set(x, 1);
      const list: number[] = [];
      export const i = () => list.push(1);
      const remember = (make: () => number) => { let known: number | undefined; return () => (known ??= make()); };
      export const j = remember(() => 1);
      const counting = () => { const seen = new Set<number>(); return (x: number) => seen.add(x); };
      export const k = counting();
    `;
    expect(inText(text)).toEqual([
      "counter: not a constant",
      "scratch: changed",
      "work: given to others",
      "cache: changed",
      "list: changed",
      "j: remember keeps state",
      "k: counting keeps state",
    ]);
  });

  it("lets constants pass", () => {
    const text = `
      const table = Float64Array.of(1, 2);
      const names = new Set(["a"]);
      export const f = (i: number, x: string) => names.has(x) ? table[i]! + table.length : table.reduce((a, b) => a + b, 0);
      const twice = (x: number) => { let y = x; y *= 2; return y; };
      export const four = twice(2);
      const scaled = (x: number) => { const all = new Float64Array(2); all[0] = x; return (i: number) => all[i]!; };
      export const g = scaled(2);
    `;
    expect(inText(text)).toEqual([]);
  });

  it("are all of src", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
      .map((name) => `src/${name.replaceAll("\\", "/")}`);
    const found = moduleState(ts.createProgram(files, OPTIONS), files);
    const name = (one: string) => one.split(": ", 2).join(": ");
    expect(found.filter((one) => !(name(one) in ALLOWED))).toEqual([]);
    expect(found.map(name)).toEqual(expect.arrayContaining(Object.keys(ALLOWED)));
  });
});

function inText(text: string): string[] {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile } = host;
  host.getSourceFile = (name, version, ...rest) =>
    name === "text.ts"
      ? ts.createSourceFile(name, text, version, true)
      : getSourceFile.call(host, name, version, ...rest);
  return moduleState(ts.createProgram(["text.ts"], OPTIONS, host), ["text.ts"]).map((one) =>
    one.replace("text.ts: ", ""),
  );
}
