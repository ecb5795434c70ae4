import {
  type CatalogueModelOptions,
  catalogueFluxPoints,
  catalogueLightCurve,
  catalogueModels,
  regionModels,
} from "../../api/catalogues.js";
import { catalogueSource, sourcesNear } from "../../catalogues/open.js";
import type { Catalogue, CatalogueSource } from "../../catalogues/types.js";
import { FormatError, SpecError } from "../../errors.js";
import type { CatalogueModels } from "../../io/catalogue.js";
import { basename, dirname, joinPath, writeFiles } from "../../io/files.js";
import { writeLightCurve } from "../../io/flux-points/light-curve.js";
import { writeFluxPoints } from "../../io/flux-points/write.js";
import { tableFormat } from "../../io/formats/flux-points.js";
import { aboutOf, holding, wrongFile } from "../../io/formats/recognise.js";
import { contentsOf, openKnown } from "../../io/formats/use.js";
import { modelParametersTable } from "../../io/table/fit.js";
import { fluxPointsTable } from "../../io/table/flux-points.js";
import { placeResources } from "../../io/yaml/place-resources.js";
import { parsePlace } from "../../sky/place.js";
import type { Frame, SkyPosition } from "../../sky/types.js";
import { allSources, sourceRows, sourcesTable } from "../catalogue-table.js";
import type { Context } from "../context.js";
import { requireEnding } from "../endings.js";
import { fluxPointRows } from "../flux-table.js";
import { numberOf } from "../numbers.js";
import { giveTable, refuseExisting } from "../results.js";
import { showTable, type Tables } from "../tables.js";

interface Options {
  readonly source?: string;
  readonly near?: string;
  readonly frame?: Frame;
  readonly radius: string;
  readonly freeRadius: string;
  readonly variant?: string;
  readonly templates?: string;
  readonly models?: string;
  /** A models.yaml; tables are placed by the context. */
  readonly out?: string;
  readonly fluxPoints?: string;
  readonly lightCurve?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], given: Options) {
  const isModels = /\.ya?ml$/i.test(given.out ?? "");
  if (isModels && given.models !== undefined)
    throw new SpecError("catalog: found --models and --out of a models.yaml; give one of them");
  return list(context, paths, isModels ? { ...given, models: given.out! } : given);
}

async function list(context: Context, [path]: readonly string[], options: Options) {
  const { source: name, overwrite = false } = options;
  const catalogue = await readCatalogue(context, path!);
  const center = placeOf(options);
  if (name !== undefined && center !== undefined) {
    throw new SpecError("catalog: found --source and --near; give one of them");
  }
  const source = name === undefined ? undefined : catalogueSource(catalogue, name);
  const near = source
    ? [{ source }]
    : center
      ? sourcesNear(catalogue, center, radiusOf(options.radius, "--radius"))
      : allSources(catalogue);
  const files = await filesOf(context, catalogue, { source, center, sources: near.map((s) => s.source) }, options);
  if (!overwrite) await refuseExisting(context, [...files.keys()]);
  const rows = sourceRows(catalogue, near, options.variant);
  const tables: Record<string, () => ReturnType<typeof sourcesTable>> = {
    sources: () => sourcesTable(catalogue, rows),
    ...(source && (await tablesOfSource(context, catalogue, source, options))),
  };
  context.print(`${catalogue.declaration.about}: ${rows.length} of ${catalogue.sources.length} sources\n`);
  for (const table of Object.values(tables)) showTable(context, table());
  const points = source && catalogueFluxPoints(catalogue, source, context.using);
  const written = await writeFiles(files, "", context.files, { overwrite });
  const document = {
    catalogue: catalogue.declaration.name,
    sources: rows,
    ...(points && { flux_points: fluxPointRows(points) }),
    files: written,
  };
  for (const file of written) context.said(`Wrote ${file}`);
  await giveTable(context, { document, tables, overwrite });
}

async function readCatalogue({ files, using }: Context, path: string): Promise<Catalogue> {
  const { formats } = using.registry;
  const file = await openKnown(path, files, formats);
  if (!file.format.holds.includes("catalogue")) throw wrongFile(file, formats, aboutOf(holding("catalogue", formats)));
  return (await contentsOf(file, { files, ...using })).catalogue!;
}

function placeOf({ near, frame }: Options): SkyPosition | undefined {
  if (near === undefined) {
    if (frame !== undefined) throw new SpecError("--frame: there is no --near that it could be the frame of");
    return undefined;
  }
  const hasFrame = /[a-z]\w*\s*$/i.test(near.replace(/\d[hdms]/g, ""));
  return parsePlace(frame === undefined || hasFrame ? near : `${near} ${frame}`, `--near "${near}"`);
}

const radiusOf = (text: string, option: string): number =>
  numberOf(text, option, "an angle in deg, from 0 to 180", (x) => x >= 0 && x <= 180);

interface Wanted {
  readonly source: CatalogueSource | undefined;
  readonly center: SkyPosition | undefined;
  readonly sources: readonly CatalogueSource[];
}

/** What is to be written, by path. */
async function filesOf(
  context: Context,
  catalogue: Catalogue,
  wanted: Wanted,
  options: Options,
): Promise<Map<string, Uint8Array>> {
  const { onNote, using } = context;
  const { fluxPoints, lightCurve, models } = options;
  const files = new Map<string, Uint8Array>();
  if (models !== undefined) {
    const { yaml, files: resources } = placeResources((await modelsOf(context, catalogue, wanted, options)).models, {
      registry: using.registry,
    });
    for (const [name, bytes] of resources) files.set(joinPath(dirname(models), name), bytes);
    const bytes = new TextEncoder().encode(yaml);
    requireEnding("--models", models, bytes);
    files.set(joinPath(dirname(models), basename(models)), bytes);
  }
  if (fluxPoints !== undefined) {
    const points = ofSource(wanted, "--flux-points", catalogue, (s) => catalogueFluxPoints(catalogue, s, using));
    const bytes = writeFluxPoints(points, { format: tableFormat(fluxPoints), onNote });
    requireEnding("--flux-points", fluxPoints, bytes);
    files.set(fluxPoints, bytes);
  }
  if (lightCurve !== undefined) {
    const curve = ofSource(wanted, "--light-curve", catalogue, (s) => catalogueLightCurve(catalogue, s, using));
    const bytes = writeLightCurve(curve, { format: tableFormat(lightCurve), onNote });
    requireEnding("--light-curve", lightCurve, bytes);
    files.set(lightCurve, bytes);
  }
  return files;
}

function ofSource<T>(
  { source }: Wanted,
  option: string,
  { declaration, where }: Catalogue,
  read: (source: CatalogueSource) => T | undefined,
): T {
  if (source === undefined) throw new SpecError(`${option}: it is for one source; name it with --source`);
  const found = read(source);
  if (found !== undefined) return found;
  throw new FormatError({
    where: `${where}, ${source.name}`,
    what: `${declaration.name} has nothing for ${option} of this source`,
    remedy: `leave out ${option}`,
  });
}

async function modelsOf(
  context: Context,
  catalogue: Catalogue,
  { center, sources }: Pick<Wanted, "center" | "sources">,
  { variant, templates, radius, freeRadius }: Options,
): Promise<CatalogueModels> {
  const { files, using } = context;
  const how: CatalogueModelOptions = { registry: using.registry, variant, templates };
  const radii = { radius: radiusOf(radius, "--radius"), freeRadius: radiusOf(freeRadius, "--free-radius") };
  const found = await (center === undefined
    ? catalogueModels(catalogue, sources, files, how)
    : regionModels(catalogue, center, files, { ...how, ...radii }));
  for (const problem of found.problems) context.onNote(`left out: ${problem}`);
  if (found.models.components.length > 0) return found;
  throw new FormatError({
    where: catalogue.where,
    found: sources.length === 0 ? "no source there" : "no source that could be made a model",
    expected: "one at least",
    remedy: "choose another place or a larger --radius",
  });
}

/** The parameters of one source, and its flux points where the catalogue has some. */
async function tablesOfSource(
  context: Context,
  catalogue: Catalogue,
  source: CatalogueSource,
  { variant, templates }: Options,
): Promise<Tables> {
  const { files, using } = context;
  const { models } = await catalogueModels(catalogue, [source], files, { ...using, variant, templates });
  const points = catalogueFluxPoints(catalogue, source, using);
  return {
    parameters: () => modelParametersTable(models),
    ...(points && { flux_points: () => fluxPointsTable(points, points.sedType) }),
  };
}
