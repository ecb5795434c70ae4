/** `--ids`, `--cone`, `--time`, `--where`: which observations of a folder are meant. */
import { SpecError } from "../errors.js";
import type { ObservationEntry, ObservationIndex } from "../events/index-types.js";
import { type ObservationSelection, selectObservations } from "../events/select.js";
import { readObservationIndex } from "../io/dl3/folder.js";
import { spectrumDefaults } from "../reduce/spectrum-defaults.js";
import { parsePlace } from "../sky/place.js";
import type { SkyPosition } from "../sky/types.js";
import { conversionFactor, parseQuantity } from "../units/index.js";
import type { Context } from "./context.js";

export interface SelectionOptions {
  /** "23523,23526" */
  readonly ids?: string;
  /** "83.63 22.01 2.5": place and radius */
  readonly cone?: string;
  /** "53343,53344": MJD */
  readonly time?: string;
  /** "ZEN_PNT=0..30" or "OBJECT=Crab" */
  readonly where?: readonly string[];
}

/** deg, where a text names no unit. */
export function angleOf(text: string, option: string): number {
  const where = `${option} "${text}"`;
  const { value, unit } = parseQuantity(text, where);
  const angle = unit === "" ? value : value * conversionFactor(unit, "deg", where);
  if (angle > 0 && Number.isFinite(angle)) return angle;
  throw new SpecError(`${where}: expected an angle above 0, like "0.11 deg"`);
}

/** What the options ask for. */
export function selectionOf({ ids, cone, time, where = [] }: SelectionOptions): ObservationSelection {
  return {
    ...(ids !== undefined && { ids: ids.split(/[\s,]+/).filter((id) => id !== "") }),
    ...(cone !== undefined && { cone: coneOf(cone) }),
    ...(time !== undefined && { time: rangeOf(time, ",", `--time "${time}"`, 'two MJD, like "53343,53344"') }),
    ...(where.length > 0 && { columns: Object.fromEntries(where.map(columnOf)) }),
  };
}

function coneOf(text: string): NonNullable<ObservationSelection["cone"]> {
  const found = /^(.*\S)\s+(\S+)$/.exec(text.trim());
  if (found === null) throw new SpecError(`--cone "${text}": expected place and radius [deg], like "83.63 22.01 2.5"`);
  return { center: parsePlace(found[1]!, `--cone "${text}"`), radius: angleOf(found[2]!, "--cone, radius") };
}

function columnOf(text: string): [string, readonly [number, number] | string] {
  const at = text.indexOf("=");
  if (at < 1) throw new SpecError(`--where "${text}": expected "ZEN_PNT=0..30" or "OBJECT=Crab"`);
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (!value.includes("..")) return [name, value];
  return [name, rangeOf(value, "..", `--where "${text}"`, 'two increasing numbers, like "0..30"')];
}

function rangeOf(text: string, separator: string, where: string, expected: string): [number, number] {
  const parts = text.split(separator).map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [low = Number.NaN, high = Number.NaN] = parts;
  if (parts.length === 2 && low < high) return [low, high];
  throw new SpecError(`${where}: expected ${expected}`);
}

interface Chosen {
  readonly index: ObservationIndex;
  readonly entries: readonly ObservationEntry[];
}

/**
 * The observations of a folder, and those that are chosen; what the index has to say is noted.
 * @throws SpecError where none is; `why`, `expected`: what to say of the choice then.
 */
export async function chosenRuns(
  { files, onNote }: Pick<Context, "files" | "onNote">,
  folder: string,
  selection: ObservationSelection,
  { why = "", expected = "a selection that holds some" } = {},
): Promise<Chosen> {
  const index = await readObservationIndex(folder, files);
  for (const warning of index.warnings) onNote(warning);
  const entries = selectObservations(index, selection);
  if (entries.length > 0) return { index, entries };
  throw new SpecError({ where: folder, found: `0 of ${index.entries.length} observations${why}`, expected });
}

export interface TargetOptions extends SelectionOptions {
  readonly target?: string;
  /** Of the pointings from the target. */
  readonly maxOffset?: string;
}

/** The target, and the observations that looked near it or that the options choose; how many is printed. */
export async function runsNear(
  context: Context,
  folder: string,
  options: TargetOptions,
  command: string,
): Promise<Chosen & { readonly target: SkyPosition }> {
  const { target: text, maxOffset, ids, cone, time, where } = options;
  if (text === undefined) {
    throw new SpecError(`${command}: say the target with --target "83.63 22.01", or "184.55 -5.78 galactic"`);
  }
  const target = parsePlace(text, `--target "${text}"`);
  const hasSelection = [ids, cone, time, where].some((option) => option !== undefined);
  const radius = maxOffset === undefined ? spectrumDefaults.maxOffset : angleOf(maxOffset, "--max-offset");
  const isNear = !hasSelection || maxOffset !== undefined;
  const selection = isNear ? { cone: { center: target, radius } } : {};
  const why = isNear && cone === undefined ? ` (pointings within ${radius} deg of the target)` : "";
  const expected = "a target that some of them looked at, or another selection (--max-offset, --ids)";
  const chosen = await chosenRuns(context, folder, { ...selection, ...selectionOf(options) }, { why, expected });
  context.print(`${chosen.entries.length} of ${chosen.index.entries.length} observations${why}`);
  return { ...chosen, target };
}
