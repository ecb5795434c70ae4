/** A page for each model, from its declaration: a new model has one without a word here. Formulas become MathML, which browsers show without help. */
import { readModels, standardRegistry } from "gammats";
import temml from "temml";
import { fieldsTable } from "./tables.mjs";

const KINDS = {
  spectral: { title: "Spectral models", list: standardRegistry.spectral },
  spatial: { title: "Spatial models", list: standardRegistry.spatial },
  temporal: { title: "Temporal models", list: standardRegistry.temporal },
  prior: { title: "Priors", list: standardRegistry.priors },
};

const slugOf = (kind, { tag }) => `models/${kind}-${tag}`;
const startOf = ({ start, value }) => start ?? value;
/** Whether the model works on data, of files or of its keys. */
const needsData = ({ bind }) => bind !== undefined;
const entries = (declaration) => Object.entries(declaration.parameters);

/** The parameters as an object of TypeScript. */
const valuesText = (declaration) =>
  `{ ${entries(declaration)
    .map(([name, parameter]) => `${name}: ${startOf(parameter)}`)
    .join(", ")} }`;

/** Code that draws the model: dN/dE times E^2, or a factor, over energy. */
function spectralCode(declaration) {
  const { tag, isNorm } = declaration;
  const y = isNorm ? "factors" : "factors.map((f, i) => f * x[i] ** 2)";
  return `import { createSubmodel, dnde } from "gammats";
import { linePlot } from "gammats/plot";

const model = createSubmodel("${tag}", ${valuesText(declaration)}, { kind: "spectral" });
const x = Array.from({ length: 200 }, (_, i) => 10 ** (-2 + i / 50)); // TeV
const factors = Array.from(dnde(model, x));
const y = ${y};
const [xLabel, yLabel] = ["Energy [TeV]", "${isNorm ? "factor" : "E² dN/dE [TeV cm⁻² s⁻¹]"}"];
console.log(linePlot({ series: [{ label: model.type, x, y }], xLabel, yLabel, xScale: "log", yScale: "log", legend: false }));
`;
}

function declaredCode(kind, declaration, { compute, xLabel, yLabel }) {
  return `import { createSubmodel, standardRegistry } from "gammats";
import { declarationOf, parameterVector } from "gammats/models";
import { linePlot } from "gammats/plot";

const model = createSubmodel("${declaration.tag}", ${valuesText(declaration)}, { kind: "${kind}" });
const declaration = declarationOf(model, "${kind}", standardRegistry);
const p = parameterVector(model, declaration);
${compute}
console.log(linePlot({ series: [{ label: model.type, x, y }], xLabel: "${xLabel}", yLabel: "${yLabel}", legend: false }));
`;
}

const spatialCode = (declaration) =>
  declaredCode("spatial", declaration, {
    compute: `const radius = Math.max(0.1, 1.2 * (declaration.evaluationRadius(p) || 1)); // deg
const x = Array.from({ length: 401 }, (_, i) => radius * (i / 200 - 1));
const y = x.map((offset) => declaration.evaluate((offset + 360) % 360, 0, p));`,
    xLabel: "Offset [deg]",
    yLabel: "Brightness [sr⁻¹]",
  });

const temporalCode = (declaration) =>
  declaredCode("temporal", declaration, {
    compute: `const x = Array.from({ length: 401 }, (_, i) => i / 100 - 2); // days
const reference = declaration.reference === undefined ? 0 : p[Object.keys(declaration.parameters).indexOf(declaration.reference)]!;
const y = x.map((day) => declaration.mean(reference + day, reference + day + 0.01, p));`,
    xLabel: "Time since the reference [d]",
    yLabel: "factor",
  });

const priorCode = (declaration) => `import { standardRegistry } from "gammats";
import { declarationOf } from "gammats/models";
import { linePlot } from "gammats/plot";

const prior = declarationOf("${declaration.tag}", "priors", standardRegistry);
const { ${entries(declaration)
  .map(([name]) => name)
  .join(", ")} } = ${valuesText(declaration)};
const p = Float64Array.of(${entries(declaration)
  .map(([name]) => name)
  .join(", ")});
const x = Array.from({ length: 400 }, (_, i) => -3.99 + i / 50);
const y = x.map((value) => Math.exp(-0.5 * prior.evaluate(value, p))).map((density) => (density > 0 ? density : 0));
console.log(linePlot({ series: [{ label: prior.type, x, y }], xLabel: "x", yLabel: "density", legend: false }));
`;

/** Code that draws the model; null where its shape is that of a file. A point has no shape. */
function codeOf(kind, declaration) {
  if (needsData(declaration) || declaration.point) return null;
  if (kind === "spectral") return spectralCode(declaration);
  if (kind === "spatial") return spatialCode(declaration);
  return kind === "temporal" ? temporalCode(declaration) : priorCode(declaration);
}

const number = (x) =>
  x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e6) ? String(x) : x.toExponential().replace("e+", "e");

const listOf = (declaration, indent) =>
  entries(declaration)
    .map(([name, { unit, frozen, ...parameter }]) => {
      const rest = `${unit ? `, unit: ${unit}` : ""}${frozen ? ", frozen: true" : ""}`;
      return `${indent}- {name: ${name}, value: ${number(startOf(parameter))}${rest}}`;
    })
    .join("\n");

const PL =
  "    spectral: {type: PowerLawSpectralModel, parameters: [{name: amplitude, value: 1e-12, unit: cm-2 s-1 TeV-1}]}";

/** A models.yaml with the model in it. */
function yamlOf(kind, declaration) {
  const { type } = declaration;
  if (kind === "prior") {
    const list = listOf(declaration, "            ");
    return `components:
  - name: source
    type: SkyModel
    spectral:
      type: PowerLawSpectralModel
      parameters:
      - name: index
        value: 2
        prior:
          type: ${type}
          parameters:
${list}
`;
  }
  const own = declaration.parameters;
  const list = Object.keys(own).length === 0 ? "" : `\n      parameters:\n${listOf(declaration, "      ")}`;
  const part = `    ${kind}:\n      type: ${type}${kind === "spatial" ? `\n      frame: ${declaration.frame ?? "icrs"}` : ""}${list}`;
  if (declaration.isNorm) {
    return `components:\n  - type: FoVBackgroundModel\n    datasets_names: [my-maps]\n${part}\n`;
  }
  return `components:\n  - name: source\n    type: SkyModel\n${kind === "spectral" ? "" : `${PL}\n`}${part}\n`;
}

/** Keys beside the parameters. */
function keysOf({ resources = {}, extra = {}, parts = [] }) {
  return [
    ...parts.map((key) => [key, "a model of the same kind that this one is made of"]),
    ...Object.values(resources).map(({ from, about, folder }) => [
      from,
      `a file: ${about}${folder === undefined ? "" : `; it is looked for in ${folder} too`}`,
    ]),
    ...Object.entries(extra),
  ];
}

function page(kind, declaration) {
  const { type, tag, about, latex } = declaration;
  const formula = latex === undefined ? "" : temml.renderToString(latex, { displayMode: true, throwOnError: true });
  const rows = entries(declaration).map(([name, { unit = "", value, frozen, min, max, about: text }]) => [
    `\`${name}\``,
    number(value),
    unit === "" ? "" : `\`${unit}\``,
    frozen ? "yes" : "",
    min ?? "",
    max ?? "",
    text,
  ]);
  const code = codeOf(kind, declaration);
  const keys = keysOf(declaration);
  const yaml = yamlOf(kind, declaration);
  if (!needsData(declaration)) readModels(yaml);
  return [
    `# ${type}`,
    `${about}. In short texts (\`--model\`) it is \`${tag}\`.`,
    formula && `<div v-pre>${formula}</div>`,
    rows.length > 0 &&
      `## Parameters\n\n${fieldsTable(["name", "default", "unit", "frozen", "min", "max", "what it is"], rows)}`,
    keys.length > 0 &&
      `## Keys beside the parameters\n\n${fieldsTable(
        ["key", "what it says"],
        keys.map(([key, text]) => [`\`${key}\``, text]),
      )}`,
    `## In models.yaml\n\n\`\`\`yaml\n${yaml}\`\`\``,
    needsData(declaration) && "Data of a file or of other models are to be added, by the keys above.",
    code !== null && `## Its shape\n\n\`\`\`ts\n${code}\`\`\``,
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Texts of the pages by name, without what their code draws. */
export function galleryPages() {
  const pages = new Map();
  const sections = Object.entries(KINDS).map(([kind, { title, list }]) => {
    for (const declaration of list) pages.set(slugOf(kind, declaration), page(kind, declaration));
    const rows = list.map((declaration) => [
      `[${declaration.type}](../${slugOf(kind, declaration)}.md)`,
      `\`${declaration.tag}\``,
      declaration.about,
    ]);
    return `## ${title}\n\n${fieldsTable(["type", "tag", "what it is"], rows)}`;
  });
  const about =
    "Every model that comes with GammaTS; `gammats models` prints the same. Models of your own: [Your own model](../tutorials/own-model.md).";
  pages.set("models/index", `# All models\n\n${about}\n\n${sections.join("\n\n")}\n`);
  return pages;
}
