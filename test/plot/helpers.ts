import { inflateSync } from "node:zlib";

export interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
  /** Own text and that of the children. */
  text: string;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
const decode = (s: string) =>
  s.replace(/&(\w*);?/g, (all, name: string) => {
    if (ENTITIES[name] === undefined || !all.endsWith(";")) throw new Error(`not well-formed: ${all}`);
    return ENTITIES[name];
  });

/** A parser of the XML that pictures need; throws where the text is not well-formed. */
export function parseXml(xml: string): Node {
  const root: Node = { name: "", attributes: {}, children: [], text: "" };
  const stack = [root];
  let at = 0;
  for (const m of xml.matchAll(/<(\/?)([A-Za-z][\w:]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const text = xml.slice(at, m.index);
    if (/[<>]/.test(text)) throw new Error(`not well-formed: ${text.slice(0, 80)}`);
    for (const open of stack) open.text += decode(text);
    at = m.index + m[0].length;
    if (m[1] === "/") {
      const closed = stack.pop()!;
      if (closed.name !== m[2]) throw new Error(`<${closed.name}> closed by </${m[2]}>`);
      continue;
    }
    const attributes: Record<string, string> = {};
    for (const a of m[3]!.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      if (a[1]! in attributes) throw new Error(`attribute ${a[1]} twice`);
      attributes[a[1]!] = decode(a[2]!);
    }
    const node: Node = { name: m[2]!, attributes, children: [], text: "" };
    stack.at(-1)!.children.push(node);
    if (m[4] !== "/") stack.push(node);
  }
  if (stack.length !== 1 || root.children.length !== 1 || xml.slice(at).trim() !== "")
    throw new Error("not one closed element");
  return root.children[0]!;
}

export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) yield* walk(child);
}

/** All coordinates of the shapes below a node. */
export function coordinates(node: Node): [number, number][] {
  const out: [number, number][] = [];
  for (const { name, attributes: a } of walk(node)) {
    const n = (key: string) => Number(a[key]);
    if (name === "line") out.push([n("x1"), n("y1")], [n("x2"), n("y2")]);
    if (name === "circle") out.push([n("cx"), n("cy")]);
    if (name === "rect" || name === "image") out.push([n("x"), n("y")], [n("x") + n("width"), n("y") + n("height")]);
    if (name === "path")
      for (const m of a.d!.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)) out.push([Number(m[1]), Number(m[2])]);
  }
  return out;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The groups that are cut at a frame, with the frame. */
export function clippedGroups(root: Node): { frame: Box; group: Node }[] {
  const all = [...walk(root)];
  const frames = new Map(
    all
      .filter((n) => n.name === "clipPath")
      .map((n) => {
        const a = n.children[0]!.attributes;
        const frame = { x: Number(a.x), y: Number(a.y), width: Number(a.width), height: Number(a.height) };
        return [n.attributes.id!, frame] as const;
      }),
  );
  return all
    .filter((n) => n.attributes["clip-path"] !== undefined)
    .map((group) => ({ frame: frames.get(group.attributes["clip-path"]!.slice(5, -1))!, group }));
}

export const texts = (root: Node): Node[] => [...walk(root)].filter((n) => n.name === "text");

export interface Pixels {
  width: number;
  height: number;
  at(x: number, y: number): [number, number, number];
}

/** Decodes PNGs of 8 bits: palette, RGB, RGBA (W3C PNG specification). */
export function decodePng(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks = new Map<string, Uint8Array>();
  const data: Uint8Array[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === "IDAT") data.push(body);
    chunks.set(type, body);
    at += 12 + length;
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const depth = { 2: 3, 3: 1, 6: 4 }[png[25]!]!;
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * depth;
  const out = new Uint8Array(height * stride);
  for (let j = 0; j < height; j++) {
    const filter = raw[j * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const left = i >= depth ? out[j * stride + i - depth]! : 0;
      const up = j > 0 ? out[(j - 1) * stride + i]! : 0;
      const corner = i >= depth && j > 0 ? out[(j - 1) * stride + i - depth]! : 0;
      const p = left + up - corner;
      const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      out[j * stride + i] = raw[j * (stride + 1) + 1 + i]! + [0, left, up, (left + up) >> 1, paeth][filter]!;
    }
  }
  const palette = chunks.get("PLTE");
  return {
    width,
    height,
    at(x, y) {
      const k = y * stride + x * depth;
      if (depth > 1) return [out[k]!, out[k + 1]!, out[k + 2]!];
      return [palette![3 * out[k]!]!, palette![3 * out[k]! + 1]!, palette![3 * out[k]! + 2]!];
    },
  };
}

/** Numbers from 0 to 1 that are the same in every run. */
export function numbers(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}
