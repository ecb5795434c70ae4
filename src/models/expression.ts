import { nameHint, SpecError } from "../errors.js";
import { affine, chain, chain2, combine, exp, inverse, type Jet, multiply, sqrt } from "./jet.js";

/** A formula over parameters. References are ids as the user wrote them. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "reference"; readonly id: string }
  | { readonly kind: "negate"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "call"; readonly name: FunctionName; readonly args: readonly Expression[] };

type Operator = "+" | "-" | "*" | "/" | "^";

/** Number of arguments; Infinity: two or more. */
const functions = {
  sqrt: 1,
  exp: 1,
  log: 1,
  log10: 1,
  abs: 1,
  min: Number.POSITIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
  pow: 2,
} as const;
type FunctionName = keyof typeof functions;

interface Token {
  readonly kind: "number" | "name" | "quoted" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

/** Deeper nesting than this is refused rather than overflowing the stack. */
const MAX_DEPTH = 200;

/**
 * Reads `2 * "Crab Nebula.beta" - sqrt(other.index)^2`: numbers, + - * / ^ with the usual precedence (^ to the right, before a minus
 * on its left), parentheses, functions, and ids of parameters, quoted where they are more than letters, digits and _.
 */
export function parseExpression(text: string, where: string): Expression {
  const fail = (message: string, at: number, hint = ""): never => {
    throw new SpecError(`${where}: ${message} at position ${at + 1} of "${text}"${hint}`);
  };
  const tokens = tokenize(text, fail);
  let i = 0;
  let depth = 0;
  const peek = () => tokens[i]!;
  const symbol = (...texts: string[]) => peek().kind === "symbol" && texts.includes(peek().text);
  const describe = (t: Token) => (t.kind === "end" ? "the end" : `"${t.text}"`);
  const expect = (what: string) => {
    if (!symbol(what)) fail(`found ${describe(peek())}, expected "${what}"`, peek().at);
    i++;
  };

  function sum(): Expression {
    if (++depth > MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels of nesting`, peek().at);
    let left = product();
    while (symbol("+", "-")) left = binary(tokens[i++]!.text as Operator, left, product());
    depth--;
    return left;
  }
  function product(): Expression {
    let left = unary();
    while (symbol("*", "/")) left = binary(tokens[i++]!.text as Operator, left, unary());
    return left;
  }
  function unary(): Expression {
    if (!symbol("-", "+")) return power();
    if (++depth > MAX_DEPTH) fail(`more than ${MAX_DEPTH} levels of nesting`, peek().at);
    const negative = tokens[i++]!.text === "-";
    const of = unary();
    depth--;
    return negative ? { kind: "negate", of } : of;
  }
  function power(): Expression {
    const base = atom();
    if (!symbol("^")) return base;
    i++;
    return binary("^", base, unary());
  }
  function atom(): Expression {
    const token = peek();
    i++;
    if (token.kind === "number") return { kind: "number", value: Number(token.text) };
    if (token.kind === "quoted") return { kind: "reference", id: token.text };
    if (token.kind === "name") return symbol("(") ? call(token) : { kind: "reference", id: token.text };
    if (token.text === "(" && token.kind === "symbol") {
      const inner = sum();
      expect(")");
      return inner;
    }
    return fail(`found ${describe(token)}, expected a number, a parameter, a function or "("`, token.at);
  }
  function call({ text: name, at }: Token): Expression {
    const names = Object.keys(functions);
    if (!Object.hasOwn(functions, name)) {
      fail(`unknown function "${name}"${nameHint(name, names)}`, at);
    }
    expect("(");
    const args = [sum()];
    while (symbol(",")) {
      i++;
      args.push(sum());
    }
    expect(")");
    const count = functions[name as FunctionName];
    if (count === Number.POSITIVE_INFINITY ? args.length < 2 : args.length !== count) {
      const expected = count === Number.POSITIVE_INFINITY ? "two or more" : String(count);
      fail(`${name} has ${args.length} argument${args.length === 1 ? "" : "s"}, expected ${expected},`, at);
    }
    return { kind: "call", name: name as FunctionName, args };
  }

  if (peek().kind === "end") fail("nothing is written", 0);
  const whole = sum();
  if (peek().kind !== "end") {
    const hint = peek().kind === "name" ? '; names with blanks are quoted: "Crab Nebula.beta"' : "";
    fail(`found ${describe(peek())}, expected an operator or the end`, peek().at, hint);
  }
  return whole;
}

const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  kind: "binary",
  operator,
  left,
  right,
});

const patterns: readonly (readonly [Token["kind"] | "space", RegExp])[] = [
  ["space", /\s+/y],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y],
  ["name", /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/uy],
  ["quoted", /"([^"]*)"|'([^']*)'/y],
  ["symbol", /[-+*/^(),]/y],
];

function tokenize(text: string, fail: (message: string, at: number) => never): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    let match: RegExpExecArray | null = null;
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      match = pattern.exec(text);
      if (match === null) continue;
      if (kind !== "space") tokens.push({ kind, text: match[1] ?? match[2] ?? match[0], at });
      break;
    }
    if (match === null) {
      const quote = text[at] === '"' || text[at] === "'";
      fail(quote ? "a quoted name is not closed" : `found "${text[at]}", which means nothing here,`, at);
    }
    if (match![0] === "*" && tokens.at(-2)?.text === "*" && tokens.at(-2)!.at === at - 1) {
      fail('found "**"; write ^ for a power', at - 1);
    }
    at += match![0].length;
  }
  tokens.push({ kind: "end", text: "", at: text.length });
  return tokens;
}

/** The ids that an expression refers to, each once. */
export function referencesOf(expression: Expression): string[] {
  const ids = new Set<string>();
  const visit = (e: Expression): void => {
    if (e.kind === "reference") ids.add(e.id);
    else if (e.kind === "negate") visit(e.of);
    else if (e.kind === "binary") for (const x of [e.left, e.right]) visit(x);
    else if (e.kind === "call") for (const x of e.args) visit(x);
  };
  visit(expression);
  return [...ids];
}

/** The value of an expression for values of its references. */
export function evaluateExpression(e: Expression, lookUp: (id: string) => number): number {
  switch (e.kind) {
    case "number":
      return e.value;
    case "reference":
      return lookUp(e.id);
    case "negate":
      return -evaluateExpression(e.of, lookUp);
    case "binary": {
      const x = evaluateExpression(e.left, lookUp);
      const y = evaluateExpression(e.right, lookUp);
      if (e.operator === "+") return x + y;
      if (e.operator === "-") return x - y;
      if (e.operator === "*") return x * y;
      return e.operator === "/" ? x / y : x ** y;
    }
    case "call":
      return Math[e.name](...(e.args.map((a) => evaluateExpression(a, lookUp)) as [number, number]));
  }
}

/** An expression with its exact first and second derivatives by `n` variables, from those of its references. */
export function differentiateExpression(e: Expression, n: number, jetOf: (id: string) => Jet): Jet {
  const of = (x: Expression) => differentiateExpression(x, n, jetOf);
  switch (e.kind) {
    case "number":
      return { v: e.value, g: new Float64Array(n), h: new Float64Array(n * n) };
    case "reference":
      return jetOf(e.id);
    case "negate":
      return affine(-1, of(e.of));
    case "binary": {
      const x = of(e.left);
      const y = of(e.right);
      if (e.operator === "+") return combine(1, x, 1, y);
      if (e.operator === "-") return combine(1, x, -1, y);
      if (e.operator === "*") return multiply(x, y);
      return e.operator === "/" ? multiply(x, inverse(y)) : power(x, y);
    }
    case "call":
      return callJet(e.name, e.args.map(of));
  }
}

function callJet(name: FunctionName, args: readonly Jet[]): Jet {
  const x = args[0]!;
  switch (name) {
    case "sqrt":
      return sqrt(x);
    case "exp":
      return exp(x);
    case "log":
      return chain(x, Math.log(x.v), 1 / x.v, -1 / x.v ** 2);
    case "log10":
      return chain(x, Math.log10(x.v), 1 / (x.v * Math.LN10), -1 / (x.v ** 2 * Math.LN10));
    case "abs":
      return x.v < 0 ? affine(-1, x) : x;
    case "min":
      return args.reduce((a, b) => (b.v < a.v ? b : a));
    case "max":
      return args.reduce((a, b) => (b.v > a.v ? b : a));
    case "pow":
      return power(x, args[1]!);
  }
}

/** x^y; of a negative x only where y is constant. */
function power(x: Jet, y: Jet): Jet {
  const f = x.v ** y.v;
  // without the guards 0 * Infinity would stand for the derivatives of x^0 and x^1 at 0
  const fx = y.v === 0 ? 0 : y.v * x.v ** (y.v - 1);
  const fxx = y.v === 0 || y.v === 1 ? 0 : y.v * (y.v - 1) * x.v ** (y.v - 2);
  if (y.g.every((d) => d === 0) && y.h.every((d) => d === 0)) return chain(x, f, fx, fxx);
  const l = Math.log(x.v);
  return chain2(x, y, f, fx, f * l, fxx, x.v ** (y.v - 1) * (1 + y.v * l), f * l * l);
}
