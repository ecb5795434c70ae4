import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

/** What a room may import, from the lowest room to the highest: the table of docs/architecture.md. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  math: [],
  units: [],
  fits: [],
  execute: ["math"],
  stats: ["math"],
  minimize: ["math"],
  sampling: ["math", "minimize"],
  time: [],
  sky: ["math", "units"],
  models: ["math", "units", "sky"],
  irf: ["math", "units", "sky"],
  events: ["irf", "time", "sky", "math"],
  datasets: ["time", "sky"],
  reduce: ["events", "irf", "datasets", "time", "sky", "stats", "math", "units"],
  fold: ["datasets", "irf", "models", "time", "sky", "math", "units"],
  simulate: ["reduce", "events", "fold", "irf", "models", "time", "sky", "math", "units"],
  likelihood: ["fold", "datasets", "models", "stats", "math", "units"],
  kinds: ["likelihood", "fold", "datasets", "irf", "models", "time", "sky", "stats", "math", "units"],
  fit: ["kinds", "likelihood", "fold", "datasets", "minimize", "sampling", "models", "stats", "math", "units", "sky"],
  estimators: [
    "fit",
    "kinds",
    "likelihood",
    "fold",
    "datasets",
    "minimize",
    "sampling",
    "execute",
    "models",
    "time",
    "stats",
    "math",
    "units",
    "irf",
    "sky",
  ],
  catalogues: ["models", "sky", "math", "units"],
  io: ["*"],
  instruments: [
    "kinds",
    "likelihood",
    "fold",
    "datasets",
    "irf",
    "models",
    "time",
    "sky",
    "math",
    "units",
    "io",
    "fits",
  ],
  plot: ["math", "units", "time", "sky", "models", "datasets", "kinds", "fit", "estimators"],
  api: ["*"],
  node: ["*"],
  cli: ["*"],
};

/** Packages by the only rooms that may import them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "pure-rand": ["math"],
  yaml: ["io"],
  fflate: ["fits"],
  "d3-array": ["plot"],
  "d3-contour": ["plot"],
  "d3-scale": ["plot"],
  "d3-shape": ["plot"],
  "@resvg/resvg-js": ["node"],
  pdfkit: ["node"],
  "svg-to-pdfkit": ["node"],
  commander: ["cli"],
};

interface Import {
  readonly file: string;
  readonly line: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
  .map((name) => name.replaceAll("\\", "/"));

const imports: Import[] = sources.flatMap((file) => {
  const text = readFileSync(join("src", file), "utf8");
  const statements = text.matchAll(
    /^(?:import|export)\b([^;"']*?)\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return Array.from(statements, (match) => ({
    file,
    line: match[0].replace(/\s+/g, " "),
    target: (match[2] ?? match[3] ?? match[4])!,
    typeOnly: /^\s*type\b/.test(match[1] ?? ""),
  }));
});

const roomOf = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "");
const order = Object.keys(ROOMS);

function isAllowed({ file, target, typeOnly }: Import): boolean {
  const room = roomOf(file);
  if (!target.startsWith(".")) {
    if (target.startsWith("node:")) return room === "node" || room === "cli";
    const name = /^(@[^/]+\/)?[^/]+/.exec(target)![0];
    return PACKAGES[name]?.includes(room) ?? false;
  }
  const path = relative("src", join("src", dirname(file), target)).replaceAll("\\", "/");
  // its version
  if (path === "../package.json") return room === "node";
  const other = roomOf(path);
  if (room === "" || other === room) return true;
  if (path === "errors.js" || path === "memory.js") return true;
  const allowed = ROOMS[room] ?? [];
  const below = order.indexOf(other) >= 0 && order.indexOf(other) < order.indexOf(room);
  if (typeOnly && /(^|\/)types\.js$/.test(path)) return below || room === "io";
  return allowed.includes(other) || (allowed[0] === "*" && below);
}

/** Groups of files that import one another (strongly connected components, Tarjan 1972). */
function circles(): string[][] {
  const edges = new Map(sources.map((file) => [file, [] as string[]]));
  for (const { file, target } of imports) {
    const path = relative("src", join("src", dirname(file), target))
      .replaceAll("\\", "/")
      .replace(/\.js$/, ".ts");
    if (target.startsWith(".") && edges.has(path)) edges.get(file)!.push(path);
  }
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const next of edges.get(file)!) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of sources) if (!index.has(file)) visit(file);
  return found;
}

describe("layering", () => {
  it("finds the imports", () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(600);
  });

  it("lets rooms import only what the table of docs/architecture.md allows", () => {
    expect(imports.filter((i) => !isAllowed(i)).map(({ file, line }) => `${file}: ${line}`)).toEqual([]);
  });

  it("finds no circle among files, type imports included", () => {
    expect(circles()).toEqual([]);
  });

  it("knows every room, and the document names the same ones", () => {
    const rooms = [...new Set(sources.map(roomOf))].filter((room) => room !== "");
    expect(rooms.filter((room) => !(room in ROOMS))).toEqual([]);
    const table = readFileSync("docs/architecture.md", "utf8").matchAll(/^\| `(\w+)\/`/gm);
    expect(Array.from(table, (match) => match[1]).sort()).toEqual([...order].sort());
  });

  it("keeps circles out between files", () => {
    const graph = new Map<string, string[]>();
    for (const { file, target, typeOnly } of imports) {
      if (typeOnly || !target.startsWith(".")) continue;
      const path = relative("src", join("src", dirname(file), target))
        .replaceAll("\\", "/")
        .replace(/\.js$/, ".ts");
      graph.set(file, [...(graph.get(file) ?? []), path]);
    }
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, way: readonly string[]) => {
      const at = way.indexOf(file);
      if (at >= 0) {
        circles.push([...way.slice(at), file].join(" -> "));
        return;
      }
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...way, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("lets the page import the public API alone", () => {
    const targets = readdirSync("web/src").flatMap((name) =>
      Array.from(readFileSync(`web/src/${name}`, "utf8").matchAll(/\bfrom "([^"]+)"/g), (match) => match[1]!),
    );
    expect(targets).toContain("gammats");
    expect(
      targets.filter(
        (target) =>
          !/^(gammats|gammats\/(plot|io|sky|time|models|reduce|extend|types)|fflate|\.\/[\w-]+\.js)$/.test(target),
      ),
    ).toEqual([]);
  });

  it("keeps files short", () => {
    const lengths = sources.map((file) => [file, readFileSync(join("src", file), "utf8").split("\n").length] as const);
    expect(lengths.filter(([, lines]) => lines > 420)).toEqual([]);
  });
});
