import ts from "typescript";
import { describe, expect, it } from "vitest";

const ENTRIES = ["index", "models", "io", "sky", "plot", "node"] as const;

const program = ts.createProgram(
  ENTRIES.map((name) => `src/${name}.ts`),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true, noEmit: true },
);
const checker = program.getTypeChecker();

/** "function fit", "interface FitResult" ... of a module, sorted. */
function exportsOf(file: string): string[] {
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return checker
    .getExportsOfModule(symbol)
    .map((entry) => {
      const target = entry.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(entry) : entry;
      return `${kindOf(target)} ${entry.name}`;
    })
    .sort((a, b) => (a < b ? -1 : 1));
}

function kindOf({ flags }: ts.Symbol): string {
  if (flags & ts.SymbolFlags.Class) return "class";
  if (flags & ts.SymbolFlags.Function) return "function";
  if (flags & ts.SymbolFlags.Interface) return "interface";
  if (flags & ts.SymbolFlags.TypeAlias) return "type";
  return "const";
}

describe("the public API", () => {
  // a change here is a change for users: look at it, then run vitest with -u
  it.each(ENTRIES)("of %s", async (name) => {
    const text = `${exportsOf(`src/${name}.ts`).join("\n")}\n`;
    await expect(text).toMatchFileSnapshot(`api/${name}.txt`);
  });
});
