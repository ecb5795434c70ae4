import ts from "typescript";
import { describe, expect, it } from "vitest";
import { checker, docsOf, ENTRIES, exportsOf, isFunction, program, tagsOf } from "./public-api.js";

const FORMAT = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

const textOf = (type: ts.Type) => checker.typeToString(type, undefined, FORMAT);

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

/** The functions that an analysis begins with. Each shows in a few lines how it is used; test/examples/docstrings.test.ts runs them. */
const CENTRAL = [
  ...["readDatasets", "writeDatasets", "readModels", "writeModels", "writeFit", "stackReduce", "extendRegistry"],
  ...["createSubmodel", "skyModel", "fovBackground", "combineSpectra", "updateParameters", "validateModels"],
  ...["dnde", "flux", "npred", "simulate", "asimov", "infoTable"],
  ...["compileJoint", "fit", "fitJoint", "confidence", "upperLimit", "statProfile", "statContour", "samplePosterior"],
  ...["goodnessOfFit", "compareModels", "propagateErrors", "pivotEnergy"],
  ...["estimateFluxPoints", "estimateLightCurve", "estimateTsMap", "toys"],
];

/** They have no errors to tell of: what is wrong is for others to find, or the result itself. */
const HARMLESS = ["fovBackground", "validateModels"];

describe("the public API", () => {
  // a change here is a change for users: look at it, then run vitest with -u
  it.each(ENTRIES)("of %s, with its signatures", async (name) => {
    const reports = exportsOf(`src/${name}.ts`).map((entry) => report(entry.name, entry.symbol));
    const text = `${reports.sort((a, b) => (a < b ? -1 : 1)).join("\n")}\n`;
    await expect(text).toMatchFileSnapshot(`api/${name}.txt`);
  });

  it.each(ENTRIES)("of %s says of every name what it is", (name) => {
    expect(exportsOf(`src/${name}.ts`).flatMap((entry) => (docsOf(entry.symbol) === "" ? [entry.name] : []))).toEqual(
      [],
    );
  });

  it.each(ENTRIES)("of %s says of every function that throws by itself what it throws", (name) => {
    const throwing = exportsOf(`src/${name}.ts`).filter(({ symbol }) => isFunction(symbol) && throwsItself(symbol));
    expect(throwing.flatMap((entry) => (hasErrors(entry.symbol) ? [] : [entry.name]))).toEqual([]);
  });

  it.each(CENTRAL)("shows by an example how %s is used, and says what it throws", (name) => {
    const { symbol } = exportsOf("src/index.ts").find((entry) => entry.name === name)!;
    expect(isFunction(symbol)).toBe(true);
    expect(tagsOf(symbol, "example").filter((text) => text.startsWith("```ts\n"))).toHaveLength(1);
    expect(hasErrors(symbol)).toBe(!HARMLESS.includes(name));
  });

  it("has about 150 names at its main entry", () => {
    expect(exportsOf("src/index.ts").length).toBeLessThanOrEqual(150);
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

const throwsItself = (symbol: ts.Symbol): boolean =>
  symbol.declarations!.some((declaration) => /\bthrow /.test(declaration.getText()));

/** Whether it says what it throws and when: "SpecError where ...". */
const hasErrors = (symbol: ts.Symbol): boolean => {
  const errors = tagsOf(symbol, "throws");
  return errors.length > 0 && errors.every((text) => text.split(" ").length > 3);
};
