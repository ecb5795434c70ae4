import ts from "typescript";
import { describe, expect, it } from "vitest";

const ENTRIES = ["index", "models", "io", "sky", "plot", "node", "extend", "types"] as const;

const program = ts.createProgram(
  ENTRIES.map((name) => `src/${name}.ts`),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true, noEmit: true },
);
const checker = program.getTypeChecker();
const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

const textOf = (type: ts.Type) => checker.typeToString(type, undefined, FORMAT);

function exportsOf(file: string): { readonly name: string; readonly symbol: ts.Symbol }[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return checker.getExportsOfModule(module).map((entry) => ({
    name: entry.name,
    symbol: entry.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(entry) : entry,
  }));
}

/** What a caller sees of a name, on one line or, of an interface, on one for each member. */
function report(name: string, symbol: ts.Symbol): string {
  const { flags } = symbol;
  if (flags & ts.SymbolFlags.Class) return `class ${name}\n${membersOf(checker.getDeclaredTypeOfSymbol(symbol))}`;
  if (flags & ts.SymbolFlags.Interface) {
    return `interface ${name}\n${membersOf(checker.getDeclaredTypeOfSymbol(symbol))}`;
  }
  if (flags & ts.SymbolFlags.TypeAlias) {
    const declaration = symbol.declarations!.find(ts.isTypeAliasDeclaration)!;
    return `type ${name} = ${declaration.type
      .getText()
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
      .replace(/\s+/g, " ")}`;
  }
  const type = checker.getTypeOfSymbol(symbol);
  const calls = type.getCallSignatures();
  if (calls.length === 0) return `const ${name}: ${textOf(type)}`;
  return calls.map((call) => `function ${name}${checker.signatureToString(call, undefined, FORMAT)}`).join("\n");
}

function membersOf(type: ts.Type): string {
  return type
    .getProperties()
    .filter((member) => member.declarations?.some((d) => d.getSourceFile().fileName.includes("/src/")))
    .map((member) => {
      const optional = member.flags & ts.SymbolFlags.Optional ? "?" : "";
      return `  ${member.name}${optional}: ${textOf(checker.getTypeOfSymbol(member))}`;
    })
    .join("\n");
}

describe("the public API", () => {
  // a change here is a change for users: look at it, then run vitest with -u
  it.each(ENTRIES)("of %s, with its signatures", async (name) => {
    const reports = exportsOf(`src/${name}.ts`).map((entry) => report(entry.name, entry.symbol));
    const text = `${reports.sort((a, b) => (a < b ? -1 : 1)).join("\n")}\n`;
    await expect(text).toMatchFileSnapshot(`api/${name}.txt`);
  });

  it("has about 150 names at its main entry", () => {
    expect(exportsOf("src/index.ts").length).toBeLessThanOrEqual(170);
  });

  it("gives every type of its own that a name of the main entry shows", () => {
    const known = new Set(ENTRIES.flatMap((name) => exportsOf(`src/${name}.ts`).map((entry) => entry.name)));
    const shown = exportsOf("src/index.ts").flatMap(({ name, symbol }) =>
      [...report(name, symbol).matchAll(/\b[A-Z][a-z]\w+\b/g)].map(([type]) => type),
    );
    const own = [...new Set(shown)].filter((type) => program.getSourceFiles().some((f) => declares(f, type)));
    expect(own.filter((type) => !known.has(type)).sort()).toEqual([]);
  });
});

function declares(file: ts.SourceFile, name: string): boolean {
  return (
    file.fileName.includes("/src/") &&
    file.statements.some((s) => (ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s)) && s.name.text === name)
  );
}
