/** What a command is run with: its options with defaults of the configuration, and its context. */
import { SpecError } from "../errors.js";
import type { TableFormat } from "../io/table/types.js";
import { nodeFiles } from "../node/files.js";
import type { Interrupt } from "../node/interrupt.js";
import { type Config, readConfig } from "./config.js";
import { type Again, type Context, createContext, registryWith, type Terminal, type Verbosity } from "./context.js";
import type { CommandSpec } from "./declaration.js";
import { optionsOf, type ParsedCommand } from "./parser.js";
import { placeOf, type TableOptions, TERMINAL } from "./place.js";
import { createRecorder } from "./provenance.js";

interface Surroundings {
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  readonly again: Again;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

type Options = Readonly<Record<string, unknown>>;

export async function contextOf(
  spec: CommandSpec,
  { args, options: parsed, given }: ParsedCommand,
  { terminal, interrupt, again, env, platform }: Surroundings,
): Promise<{ context: Context; options: Options }> {
  const config = given === "all" ? {} : await readConfig(nodeFiles({ env }), env);
  const { options, used } = given === "all" ? { options: parsed, used: [] } : withDefaults(spec, parsed, given, config);
  const { tables } = spec;
  const wanted = options as TableOptions & Options;
  const isOwn = tables === undefined || (tables.notTables?.test(wanted.out ?? "") ?? false);
  const asked = isOwn ? TERMINAL : placeOf(wanted, tables.takesFolder ?? false);
  const folderFormat = (config.format?.value as TableFormat | undefined) ?? tables?.folderFormat;
  const isOwnFormat = asked.kind !== "folder" || asked.format !== undefined || folderFormat === undefined;
  const place = isOwnFormat ? asked : { ...asked, format: folderFormat };
  const plugins = (options.plugin as readonly string[] | undefined) ?? [];
  // what is written into a folder depends on the configuration too
  const recorded = place.kind === "folder" ? { ...options, format: place.format } : options;
  const recorder = spec.isRecorded
    ? createRecorder({ command: spec.name, args, options: recorded, plugins, env })
    : undefined;
  const basis = createContext({
    recorder,
    again,
    terminal,
    json: options.json === true,
    place,
    wanted: { table: wanted.table, units: wanted.unit ?? [] },
    verbosity: verbosityOf(options),
    interrupt,
    env,
    platform,
    registry: await registryWith(plugins, options.like !== undefined),
    isLikeGammapy: options.like !== undefined,
    plugins,
  });
  for (const text of used) basis.detail(text);
  const context = spec.draws ? await (await import("./looks.js")).withLooks(basis, options) : basis;
  return { context, options };
}

function verbosityOf({ quiet, verbose }: Options): Verbosity {
  if (quiet && verbose) throw new SpecError("found --quiet and --verbose; leave out one of them");
  return quiet ? "quiet" : verbose ? "verbose" : "normal";
}

/** Options that stand on the command line win; a format is of the tables in folders, and stays with them. */
function withDefaults(spec: CommandSpec, options: Options, given: ReadonlySet<string>, config: Config) {
  const declared = new Set(optionsOf(spec).map(([flags]) => /--([\w-]+)/.exec(flags)![1]));
  const used: string[] = [];
  const more = Object.entries(config).flatMap(([key, { value, where }]) => {
    // threads and the workers of a server exclude each other
    const isOut = key === "workers" && given.has("executor");
    if (!declared.has(key) || given.has(key) || isOut) return [];
    if (key === "format" && spec.tables === undefined) return [];
    used.push(`${key} ${value}, as ${where} says`);
    return key === "format" ? [] : [[key, value] as const];
  });
  return { options: { ...options, ...Object.fromEntries(more) }, used };
}
