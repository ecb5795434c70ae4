/** Files and functions that can be read at once; longer ones have a reason. */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";

const FILE_LINES = 300;
/** Without those of the named functions inside. */
const FUNCTION_LINES = 60;

const COMMAND = "a command from its options to what it prints, read from top to bottom";
const PUBLISHED = "one algorithm as it was published, whose steps share its numbers";
const PICTURE = "a picture, one layer after the other";

const LONG_FILES: Readonly<Record<string, string>> = {};

const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  "cli/commands/contour.ts: run": COMMAND,
  "cli/commands/profile.ts: run": COMMAND,
  "cli/commands/sample.ts: run": COMMAND,
  "cli/commands/test.ts: run": COMMAND,
  "cli/commands/toys.ts: run": COMMAND,
  "estimators/calibrated.ts: calibratedInterval": "checks of what is given, then the plan of its jobs",
  "fit/propagate-profile.ts: createExtremes": PUBLISHED,
  "fit/summarize.ts: summarize": "a result, one field after the other",
  "fold/edges/segment.ts: segmentAdder": "formulas in the order of their terms",
  "io/flux-points/read.ts: fromTable": "a table, one column after the other",
  "io/yaml/read-models.ts: parseModels": "a file, one key after the other",
  "math/roots.ts: brentMinimum": PUBLISHED,
  "math/roots.ts: brentRoot": PUBLISHED,
  "models/spatial/ellipse-derivatives.ts: ellipseDerivatives": "formulas in the order of their terms",
  "plot/contour.ts: contourPlot": PICTURE,
  "plot/counts.ts: countsPlot": PICTURE,
  "plot/sed.ts: sedPlot": PICTURE,
  "sampling/nested.ts: nested": PUBLISHED,
  "sampling/trajectory.ts: transitions": PUBLISHED,
};

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const textOf = (name: string) => readFileSync(`src/${name}`, "utf8");

it("files", () => {
  const long = files.filter((name) => textOf(name).split("\n").length - 1 > FILE_LINES);
  expect(long.sort()).toEqual(Object.keys(LONG_FILES).sort());
});

type Body = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;
const isFunction = (node: ts.Node): node is Body =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node);
const isNamed = (node: Body) =>
  ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableDeclaration(node.parent);

it("functions", () => {
  const long = files.flatMap((name) => {
    const source = ts.createSourceFile(name, textOf(name), ts.ScriptTarget.Latest, true);
    const line = (at: number) => source.getLineAndCharacterOfPosition(at).line;
    const lines = (node: ts.Node) => line(node.end) - line(node.getStart()) + 1;
    const inside = (node: ts.Node): number => {
      let sum = 0;
      ts.forEachChild(node, (child) => {
        sum += isFunction(child) && isNamed(child) ? lines(child) : inside(child);
      });
      return sum;
    };
    const found: string[] = [];
    const visit = (node: ts.Node) => {
      if (isFunction(node) && lines(node) - inside(node) > FUNCTION_LINES) {
        const parent = node.parent as { name?: ts.Node };
        found.push(`${name}: ${(node.name ?? parent.name)?.getText() ?? "?"}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
  expect(long.sort()).toEqual(Object.keys(LONG_FUNCTIONS).sort());
});
