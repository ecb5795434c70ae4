import ts from "typescript";

/** Types of values that can be changed although their variable is a constant. */
const CONTAINER = /^(Weak)?(Map|Set)$|^(Float|Int|Uint|BigInt|BigUint)\d+(Clamped)?Array$/;
const CHANGING = /^(set|add|delete|clear|fill|push|pop|shift|unshift|splice|sort|reverse|copyWithin)$/;

/** Variables of the modules of a program that something may change after the module was loaded: "file: name: why". */
export function moduleState(program: ts.Program, files: readonly string[]): string[] {
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return source.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
      declarationList.declarations.flatMap((declaration) => {
        const why =
          (declarationList.flags & ts.NodeFlags.Const) === 0
            ? ["not a constant"]
            : [madeWithState(declaration, checker), ...namesOf(declaration.name).map((name) => use(name, checker))];
        const found = why.find((reason) => reason !== undefined);
        return found === undefined ? [] : [`${file}: ${declaration.name.getText()}: ${found}`];
      }),
    );
  });
}

const namesOf = (name: ts.BindingName): ts.Identifier[] =>
  ts.isIdentifier(name) ? [name] : name.elements.flatMap((e) => (ts.isBindingElement(e) ? namesOf(e.name) : []));

function* inside(node: ts.Node): Generator<ts.Node> {
  for (const child of node.getChildren()) {
    yield child;
    yield* inside(child);
  }
}

/** Whether a type is a container, or an object with one in it. */
function holdsContainer(type: ts.Type, checker: ts.TypeChecker, depth = 2): boolean {
  if (CONTAINER.test(type.symbol?.name ?? "")) return true;
  if (depth === 0 || type.isUnion() || (type.flags & ts.TypeFlags.Object) === 0) return false;
  if (checker.isArrayType(type) || type.getCallSignatures().length > 0) return false;
  return type.getProperties().some((p) => holdsContainer(checker.getTypeOfSymbol(p), checker, depth - 1));
}

/** How a variable is changed in its file, or where a container leaves it; undefined where it is read alone. */
function use(name: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  const isContainer = holdsContainer(checker.getTypeAtLocation(name), checker);
  for (const node of inside(name.getSourceFile())) {
    if (!ts.isIdentifier(node) || node === name || node.text !== name.text) continue;
    if (checker.getSymbolAtLocation(node) !== symbol) continue;
    const changed = isChanged(node);
    if (changed || (isContainer && !isRead(node))) return changed ? "changed" : "given to others";
  }
  return undefined;
}

/** The longest chain of a.b[c] that begins with an identifier. */
function pathFrom(node: ts.Node): ts.Node {
  let at = node;
  for (;;) {
    const { parent } = at;
    const isLonger =
      (ts.isPropertyAccessExpression(parent) ||
        ts.isElementAccessExpression(parent) ||
        ts.isNonNullExpression(parent)) &&
      parent.expression === at;
    if (!isLonger) return at;
    at = parent;
  }
}

function isChanged(node: ts.Node): boolean {
  const path = pathFrom(node);
  const { parent } = path;
  if (ts.isCallExpression(parent) && parent.expression === path && ts.isPropertyAccessExpression(path)) {
    return CHANGING.test(path.name.text);
  }
  if (ts.isBinaryExpression(parent) && parent.left === path) {
    const { kind } = parent.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  const isStep = ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent);
  return (
    isStep && (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

/** One of its entries, properties or methods, or all of it in a loop or a list. */
function isRead(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) return parent.expression === node;
  if (ts.isNonNullExpression(parent)) return isRead(parent);
  return (
    ts.isForOfStatement(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isTypeQueryNode(parent) ||
    ts.isExportSpecifier(parent)
  );
}

/** The variable is what a function returns that keeps state for the functions made in it. */
function madeWithState({ initializer }: ts.VariableDeclaration, checker: ts.TypeChecker): string | undefined {
  if (initializer === undefined || ts.isFunctionLike(initializer)) return undefined;
  const calls = [initializer, ...inside(initializer)].filter(ts.isCallExpression).filter((call) => {
    let at: ts.Node = call;
    while (at !== initializer && !ts.isFunctionLike(at)) at = at.parent;
    return at === initializer;
  });
  for (const call of calls) {
    let symbol = checker.getSymbolAtLocation(call.expression);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    const declared = symbol?.valueDeclaration;
    const body = declared && (ts.isVariableDeclaration(declared) ? declared.initializer : declared);
    if (body !== undefined && ts.isFunctionLike(body) && keepsState(body, checker)) {
      return `${call.expression.getText()} keeps state`;
    }
  }
  return undefined;
}

/** A variable of the function is changed by a function inside of it. */
function keepsState(outer: ts.SignatureDeclaration, checker: ts.TypeChecker): boolean {
  for (const node of inside(outer)) {
    if (!ts.isIdentifier(node) || !isChanged(node)) continue;
    const declared = checker.getSymbolAtLocation(node)?.valueDeclaration;
    if (declared === undefined || enclosing(declared) !== outer) continue;
    if (enclosing(node) !== outer) return true;
  }
  return false;
}

function enclosing(node: ts.Node): ts.Node | undefined {
  let at = node.parent;
  while (at !== undefined && !ts.isFunctionLike(at)) at = at.parent;
  return at;
}
