/** Sources from texts: a spectrum for each, and where it is said its shape and place on the sky, and its change with time. */
import { nameHint, SpecError } from "../../errors.js";
import { toFrame } from "../../sky/frames.js";
import { parsePlace } from "../../sky/place.js";
import type { SkyPosition } from "../../sky/types.js";
import { skyModel } from "../create.js";
import type { ModelRegistry } from "../declaration.js";
import { declarationOf, type SubmodelKind } from "../lookup.js";
import type { SkyModel, Submodel } from "../types.js";
import { buildPart, type FileOfText, filesOfNode, type TextContext } from "./build.js";
import { nameOfText, parseText } from "./parse.js";
import type { ModelNode, TextSource } from "./types.js";
import type { Unsaid } from "./unsaid.js";

/** Texts of sources. Those of shapes, places and times may begin with the name of a source, "Crab = 83.63 22.01"; without one they are of all. */
export interface SourceTexts {
  /** `pl(index=2.3)`, `Crab = pl + lp`: a source each. */
  readonly model: readonly string[];
  /** `gauss(sigma=0.1)` */
  readonly shape?: readonly string[] | undefined;
  /** `83.63 22.01`, `184.55 -5.78 galactic`, `05h34m31.9s 22d00m52s` */
  readonly at?: readonly string[] | undefined;
  /** `exp-decay(t0=5 h)` */
  readonly time?: readonly string[] | undefined;
  /** What the texts are called in messages; default: options of a command. */
  readonly where?: Readonly<Record<"model" | "shape" | "at" | "time", string>>;
}

interface ParsedText {
  readonly node: ModelNode;
  readonly source: TextSource;
}

/** A source as its texts have it. */
export interface TextOfSource {
  readonly name: string;
  readonly spectrum: ParsedText;
  readonly shape?: ParsedText;
  readonly time?: ParsedText;
  readonly position?: SkyPosition;
}

const OPTIONS = { model: "--model", shape: "--shape", at: "--at", time: "--time" };

/** Name of a source that is given none; further ones have a number. */
const NAME = "source";

/**
 * Reads the texts; whether their names mean anything is not looked at.
 * @throws SpecError with the text, and the place in it.
 */
export function readSources({ model, shape = [], at = [], time = [], where = OPTIONS }: SourceTexts): TextOfSource[] {
  const spectra = model.map((text) => {
    const source = { text, where: where.model };
    return { ...parseText(source), source };
  });
  const names = spectra.map(({ name }, i) => name ?? (i === 0 ? NAME : `${NAME}-${i + 1}`));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new SpecError(`${where.model}: two sources are called "${twice}"; rename one of them`);
  const parsed = ({ text }: Named, option: string): ParsedText => {
    const source = { text, where: option };
    return { node: parseText(source).node, source };
  };
  const shapes = byName(shape, names, where.shape, parsed);
  const times = byName(time, names, where.time, parsed);
  const places = byName(at, names, where.at, readPlace);
  return spectra.map(({ node, source }, i) => {
    const [own, change, position] = [shapes, times, places].map((of) => of.get(names[i]!)) as [
      ParsedText | undefined,
      ParsedText | undefined,
      SkyPosition | undefined,
    ];
    return {
      name: names[i]!,
      spectrum: { node, source },
      ...(own !== undefined && { shape: own }),
      ...(change !== undefined && { time: change }),
      ...(position !== undefined && { position }),
    };
  });
}

interface Named {
  readonly text: string;
  /** Without the name. */
  readonly rest: string;
}

/** What is said of each source, where something is. */
function byName<T>(
  texts: readonly string[],
  names: readonly string[],
  where: string,
  read: (named: Named, where: string) => T,
): Map<string, T> {
  const found = new Map<string, T>();
  for (const text of texts) {
    const { name, rest } = nameOfText(text);
    if (name !== undefined && !names.includes(name)) {
      throw new SpecError(`${where} "${text}": there is no source "${name}"${nameHint(name, names)}`, {
        code: "unknown-name",
        where,
        found: name,
      });
    }
    const value = read({ text, rest: text.slice(rest) }, where);
    for (const target of name === undefined ? names : [name]) {
      if (found.has(target)) {
        throw new SpecError(
          `${where} "${text}": "${target}" has one already; give one for each source: "${target} = ..."`,
        );
      }
      found.set(target, value);
    }
  }
  return found;
}

const readPlace = ({ text, rest }: Named, where: string): SkyPosition => parsePlace(rest, `${where} "${text}"`);

/** The files that the texts of a source need. */
export function filesOfSource(
  { spectrum, shape, time }: TextOfSource,
  registry: ModelRegistry,
): (FileOfText & TextSource)[] {
  const of = (text: ParsedText | undefined, kind: SubmodelKind) =>
    text === undefined
      ? []
      : filesOfNode(text.node, kind, registry, text.source).map((file) => ({ ...file, ...text.source }));
  return [...of(spectrum, "spectral"), ...of(shape, "spatial"), ...of(time, "temporal")];
}

/** A source with what its texts leave open. */
export interface BuiltSource {
  readonly model: SkyModel;
  readonly spectral: readonly Unsaid[];
  readonly spatial: readonly Unsaid[];
  readonly temporal: readonly Unsaid[];
  /** It has a shape without a place. */
  readonly needsPlace: boolean;
}

/** `hasPlace`: the source needs a shape on the sky, a point where no other is said. */
export function buildSource(text: TextOfSource, context: TextContext, hasPlace: boolean): BuiltSource {
  const spectrum = buildPart(text.spectrum.node, "spectral", context, text.spectrum.source);
  const isPlaced = hasPlace || text.shape !== undefined || text.position !== undefined;
  const shape = isPlaced ? (text.shape ?? pointOf(context.registry)) : undefined;
  const built = shape && buildPart(shape.node, "spatial", context, shape.source);
  const change = text.time && buildPart(text.time.node, "temporal", context, text.time.source);
  const model = skyModel({
    name: text.name,
    spectral: spectrum.submodel,
    ...(built !== undefined && { spatial: built.submodel }),
    ...(change !== undefined && { temporal: change.submodel }),
  });
  const names = built === undefined ? [] : positionOf(built.submodel, context.registry);
  const isOpen = (name: string) => built!.unsaid.some(({ index }) => built!.submodel.parameters[index]!.name === name);
  const needsPlace =
    names.length > 0 && names.every(isOpen) && Object.keys(built!.submodel.resources ?? {}).length === 0;
  const source = {
    model,
    spectral: spectrum.unsaid,
    spatial: built?.unsaid ?? [],
    temporal: change?.unsaid ?? [],
    needsPlace,
  };
  if (text.position === undefined) return source;
  if (!needsPlace) {
    throw new SpecError(
      `"${text.name}": --at gives it a place, and its shape has one or needs none; leave out one of the two`,
    );
  }
  return { ...source, model: placed(model, text.position, context.registry), needsPlace: false };
}

/** The first shape that is a point. */
function pointOf({ spatial }: TextContext["registry"]): ParsedText {
  const { tag } = spatial.find(({ point }) => point === true) ?? { tag: "point" };
  return { node: { kind: "model", at: 0, name: tag, arguments: [] }, source: { text: tag, where: "--shape" } };
}

const positionOf = (spatial: Submodel, registry: TextContext["registry"]): readonly string[] =>
  declarationOf(spatial, "spatial", registry).position ?? [];

/** The source at a position, which is held. */
export function placed(model: SkyModel, position: SkyPosition, registry: TextContext["registry"]): SkyModel {
  const { spatial } = model;
  if (spatial === undefined) return model;
  const [lonName, latName] = positionOf(spatial, registry);
  // a frame that the shape says, other than the one that is not said
  const frame = spatial.frame === undefined || spatial.frame === "icrs" ? position.frame : spatial.frame;
  const { lon, lat } = toFrame(position, frame);
  const parameters = spatial.parameters.map((p) => {
    if (p.name !== lonName && p.name !== latName) return p;
    return { ...p, value: p.name === lonName ? lon : lat, unit: "deg", frozen: true };
  });
  return { ...model, spatial: { ...spatial, frame, parameters } };
}
