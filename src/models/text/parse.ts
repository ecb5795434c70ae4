/**
 * The grammar of short texts of models:
 *
 *     text     = [name "="] sum
 *     sum      = product (("+" | "-") product)*
 *     product  = factor (("*" | "/") factor)*
 *     factor   = "(" sum ")" | type ["(" [argument ("," argument)*] ")"]
 *     argument = key "=" value ["[" [min] ".." [max] "]"] ["frozen" | "free"] | file
 */
import type { Operator } from "../spectral/compound.js";
import { findPreset } from "./presets.js";
import {
  errorAt,
  foundAt,
  type Scanner,
  scannerOf,
  skipSpace,
  takeFile,
  takeLimits,
  takeName,
  takeOneOf,
  takeSign,
  takeState,
  takeValue,
} from "./scan.js";
import type { Argument, ModelNode, TextSource } from "./types.js";

const OPERATORS: Readonly<Record<string, Operator>> = { "+": "add", "-": "sub", "*": "mul", "/": "truediv" };

/** Brackets inside of one another. */
const MAX_DEPTH = 30;

/** Whether nothing but spaces follows. */
function isAtEnd(scanner: Scanner): boolean {
  skipSpace(scanner);
  return scanner.at >= scanner.text.length;
}

/** `Crab = pl(index=2)` is a name, and where the rest begins; names may have spaces. */
export function nameOfText(text: string): { readonly name: string | undefined; readonly rest: number } {
  const match = /^([^=()]*)=/.exec(text);
  return match === null ? { name: undefined, rest: 0 } : { name: match[1]!.trim(), rest: match[0].length };
}

/**
 * Reads a text; whether its names mean anything is not looked at.
 * @throws SpecError with the place where it cannot be read.
 */
export function parseText(source: TextSource): { readonly name: string | undefined; readonly node: ModelNode } {
  const { name, rest } = nameOfText(source.text);
  if (name === "") throw errorAt(source, 0, 'the name before "=" is empty; leave out both, or name the source');
  const scanner = scannerOf(source, rest);
  const node = readSum(scanner, 0);
  if (isAtEnd(scanner)) return { name, node };
  throw errorAt(scanner, scanner.at, `found ${foundAt(scanner)}, expected +, -, *, / or the end of the text`);
}

const readSum = (scanner: Scanner, depth: number): ModelNode => readChain(scanner, "+-", depth, readProduct);
const readProduct = (scanner: Scanner, depth: number): ModelNode => readChain(scanner, "*/", depth, readFactor);

type Reader = (scanner: Scanner, depth: number) => ModelNode;

/** Several of the next lower kind with signs between them, from left to right. */
function readChain(scanner: Scanner, signs: string, depth: number, next: Reader): ModelNode {
  let left = next(scanner, depth);
  for (;;) {
    const found = takeOneOf(scanner, signs);
    if (found === undefined) return left;
    left = { kind: "pair", at: found.at, operator: OPERATORS[found.sign]!, left, right: next(scanner, depth) };
  }
}

function readFactor(scanner: Scanner, depth: number): ModelNode {
  const { at } = scanner;
  if (depth > MAX_DEPTH) throw errorAt(scanner, at, `more than ${MAX_DEPTH} brackets inside of one another`);
  if (!takeSign(scanner, "(")) return readWord(scanner);
  const inner = readSum(scanner, depth + 1);
  if (takeSign(scanner, ")")) return inner;
  throw errorAt(scanner, at, "this bracket is not closed");
}

function readWord(scanner: Scanner): ModelNode {
  const { name, at } = takeName(scanner, "a model such as pl, or a bracket");
  const found: Argument[] = [];
  const open = scanner.at;
  // as XSPEC has it
  if (scanner.text[open] === "{") {
    throw errorAt(scanner, open, `found "{": the file stands in round brackets, as in "${name}(table.fits)"`);
  }
  if (takeSign(scanner, "(") && !takeSign(scanner, ")")) {
    do {
      const argument = readArgument(scanner);
      if (found.some(({ key }) => key === argument.key)) {
        throw errorAt(scanner, argument.at, `"${argument.key}" is given twice; leave out one of the two`);
      }
      found.push(argument);
    } while (takeSign(scanner, ","));
    if (isAtEnd(scanner)) throw errorAt(scanner, open, "this bracket is not closed");
    if (!takeSign(scanner, ")")) throw errorAt(scanner, scanner.at, `found ${foundAt(scanner)}, expected "," or ")"`);
  }
  const preset = findPreset(name);
  if (preset === undefined) return { kind: "model", at, name, arguments: found };
  return withArguments(readSum(scannerOf({ ...scanner, text: preset.text }), 0), found, name, scanner);
}

/** The model that a name stands for, with what is said of it. */
function withArguments(node: ModelNode, given: readonly Argument[], name: string, scanner: Scanner): ModelNode {
  if (given.length === 0) return node;
  if (node.kind === "pair") {
    const [first] = given;
    throw errorAt(scanner, first!.at, `"${name}" is a sum, which takes no parameters; write what it stands for`);
  }
  const own = node.arguments.map((argument) => {
    const other = given.find(({ key }) => key === argument.key);
    // "free" alone leaves the value
    return other === undefined
      ? argument
      : other.value === ""
        ? { ...argument, ...other, value: argument.value }
        : other;
  });
  return { ...node, arguments: [...own, ...given.filter(({ key }) => !own.some((argument) => argument.key === key))] };
}

function readArgument(scanner: Scanner): Argument {
  const file = takeFile(scanner);
  if (file !== undefined) return { at: file.at, key: "file", value: file.value, valueAt: file.at };
  const { name: key, at } = takeName(scanner, 'a parameter and its value, like "index=2.3"');
  if (!takeSign(scanner, "=")) {
    throw errorAt(scanner, scanner.at, `found ${foundAt(scanner)}, expected "=" and the value of "${key}"`);
  }
  const { value: written, at: valueAt } = takeValue(scanner);
  const limits = takeLimits(scanner);
  // "frozen" stands behind the value, or behind its limits
  const [, value = "", state] = /^(.*?)\s*(?:\b(frozen|free))?$/.exec(written)!;
  const word = takeState(scanner) ?? state;
  return {
    at,
    key,
    value,
    valueAt,
    ...(limits !== undefined && { limits }),
    ...(word !== undefined && { frozen: word === "frozen" }),
  };
}
