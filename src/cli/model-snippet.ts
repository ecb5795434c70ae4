/** How a model is said: the YAML of one, which can be fitted as it stands or once its files are there. */
import { yamlFloat } from "../io/yaml/numbers.js";
import type { PriorDeclaration, SpectralDeclaration } from "../models/declaration.js";
import type { BoundModel } from "./model-binding.js";

/** A value on one line. */
function flow(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : yamlFloat(value);
  if (typeof value === "string") return /^[A-Za-z$][\w$./-]*( [\w/-]+)*$/.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${flow(inner)}`)
    .join(", ")}}`;
}

/** Type, parameters with what they mean, and other keys. */
function submodelLines({ declaration, parameters }: BoundModel): string[] {
  const { type, example = {} } = declaration;
  const list = Object.entries(parameters).map(([name, { value, unit, frozen, min, max, about }]) => {
    const number = (x: number) => (Number.isFinite(x) ? x : 0);
    const fields = [
      `name: ${name}`,
      `value: ${yamlFloat(number(value))}`,
      ...(unit === "" ? [] : [`unit: ${unit}`]),
      ...(min === undefined ? [] : [`min: ${yamlFloat(min)}`]),
      ...(max === undefined ? [] : [`max: ${yamlFloat(max)}`]),
      ...(frozen === true ? ["frozen: true"] : []),
    ];
    return `- {${fields.join(", ")}}  # ${about}`;
  });
  return [
    `type: ${type}`,
    ...Object.entries(example).map(([key, value]) => `${key}: ${flow(value)}`),
    ...(list.length > 0 ? ["parameters:", ...list] : []),
  ];
}

const indented = (lines: readonly string[], by: number) => lines.map((line) => " ".repeat(by) + line);
const POWER_LAW = "type: PowerLawSpectralModel";

function priorLines({ type, parameters, limits, normal }: PriorDeclaration): string[] {
  const names = Object.keys(parameters);
  const values = Float64Array.from(Object.values(parameters), ({ value }) => value);
  const [low, high] = limits?.(values) ?? [1, 1];
  const value = normal?.of === "x" ? values[names.indexOf(normal.mean)]! : (low + high) / 2;
  return [
    POWER_LAW,
    "parameters:",
    "- name: index",
    `  value: ${yamlFloat(Number.isFinite(value) ? value : 1)}`,
    "  prior:",
    `    type: ${type}`,
    "    parameters:",
    ...Object.entries(parameters).map(
      ([name, p]) => `    - {name: ${name}, value: ${yamlFloat(p.value)}}  # ${p.about}`,
    ),
  ];
}

/** A models.yaml with one source that has the model. */
export function modelSnippet(model: BoundModel): string {
  const { kind, declaration } = model;
  const spectral = () => {
    if (kind === "prior") return priorLines(declaration as PriorDeclaration);
    if (kind !== "spectral") return [POWER_LAW];
    if (!model.isNorm) return submodelLines(model);
    const factor = indented(submodelLines(model), 2);
    return ["type: CompoundSpectralModel", `model1: {${POWER_LAW}}`, "operator: mul", "model2:", ...factor];
  };
  return `${[
    "components:",
    "- name: source",
    "  type: SkyModel",
    "  spectral:",
    ...indented(spectral(), 4),
    ...(kind === "spatial" || kind === "temporal" ? [`  ${kind}:`, ...indented(submodelLines(model), 4)] : []),
  ].join("\n")}\n`;
}

/** The option that says the model in a text; undefined where a text cannot, or needs more data than a file. */
export function modelOption({ kind, declaration, isNorm }: BoundModel): string | undefined {
  if (!("tag" in declaration)) return undefined;
  const { tag, example = {}, resources = {} } = declaration as SpectralDeclaration;
  const [file, ...others] = Object.entries(example);
  const isFile = Object.values(resources).some(({ from, known }) => from === file?.[0] && known === undefined);
  if (others.length > 0 || (file !== undefined && !isFile)) return undefined;
  const word = file === undefined ? tag : `${tag}(${file[1]})`;
  if (kind === "spatial") return `--shape "${word}"`;
  return kind === "spectral" ? `--model "${isNorm ? "pl * " : ""}${word}"` : undefined;
}
