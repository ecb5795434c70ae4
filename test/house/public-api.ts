/** The names that the entries of the package export, as the compiler of TypeScript sees them. */
import ts from "typescript";

export const ENTRIES = ["index", "models", "io", "sky", "plot", "node", "extend", "types", "time", "reduce"] as const;

export const program = ts.createProgram(
  ENTRIES.map((name) => `src/${name}.ts`),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true, noEmit: true },
);
export const checker = program.getTypeChecker();

/** Names and what they stand for; an import that is passed on stands for what it was declared as. */
export function exportsOf(file: string): { readonly name: string; readonly symbol: ts.Symbol }[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return checker.getExportsOfModule(module).map((entry) => ({
    name: entry.name,
    symbol: entry.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(entry) : entry,
  }));
}

export const isFunction = (symbol: ts.Symbol): boolean =>
  (symbol.flags & ts.SymbolFlags.Value) !== 0 && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;

/** The text of a docstring without its tags; empty where there is none. */
export const docsOf = (symbol: ts.Symbol): string => ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** The texts of the tags of one name in a docstring. */
export const tagsOf = (symbol: ts.Symbol, name: "example" | "throws"): string[] =>
  symbol.getJsDocTags(checker).flatMap((tag) => (tag.name === name ? [ts.displayPartsToString(tag.text)] : []));
