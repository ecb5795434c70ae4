/** Catalogues for people and for machines. */
import { modelSpecs } from "../catalogues/models.js";
import type { NearSource } from "../catalogues/open.js";
import type { Catalogue, CatalogueSource } from "../catalogues/types.js";
import type { Summary } from "../io/formats/types.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";
import { toFrame } from "../sky/index.js";

/** One object a source. */
export function sourceRows(
  catalogue: Catalogue,
  near: readonly (Omit<NearSource, "separation"> & Partial<NearSource>)[],
  variant: string | undefined,
) {
  return near.map(({ source, separation }) => {
    const { name, aliases, position, positionError } = source;
    const [icrs, galactic] = (["icrs", "galactic"] as const).map((frame) => toFrame(position, frame));
    const specs = modelSpecs(catalogue, source, variant);
    const types = (part: "spectral" | "spatial") => [...new Set(specs.flatMap((spec) => spec[part]?.type ?? []))];
    return {
      name,
      aliases,
      ra: icrs!.lon,
      dec: icrs!.lat,
      glon: galactic!.lon,
      glat: galactic!.lat,
      ...(separation !== undefined && { separation }),
      ...(positionError && { position_error: positionError }),
      spectral: types("spectral"),
      spatial: types("spatial"),
      n_models: specs.length,
    };
  });
}

/** "PowerLaw" */
const short = (types: readonly string[]) => types.map((t) => t.replace(/(Spectral|Spatial)Model$/, "")).join(" + ");

export function sourcesTable({ declaration }: Catalogue, rows: ReturnType<typeof sourceRows>): Table {
  const { text, number } = columnsOf(rows);
  const angle = { unit: "deg", decimals: 3 };
  const none = { ...angle, reason: "the catalogue has none" };
  return {
    name: "sources",
    about: `Sources of ${declaration.name}`,
    columns: [
      text("source", (s) => s.name),
      number("ra", (s) => s.ra, { ...angle, about: "right ascension, ICRS" }),
      number("dec", (s) => s.dec, { ...angle, about: "declination, ICRS" }),
      number("glon", (s) => s.glon, { ...angle, about: "galactic longitude" }),
      number("glat", (s) => s.glat, { ...angle, about: "galactic latitude" }),
      ...(rows.some((s) => s.separation !== undefined) ? [number("separation", (s) => s.separation, angle)] : []),
      number("error", (s) => s.position_error?.semiMajor, { ...none, about: "major semi-axis of the error ellipse" }),
      number("error_minor", (s) => s.position_error?.semiMinor, { ...none, inTex: false, about: "minor semi-axis" }),
      number("error_angle", (s) => s.position_error?.angle, {
        ...none,
        decimals: 1,
        inTex: false,
        about: "of the major axis, from north to east",
      }),
      number("containment", (s) => s.position_error?.containment, {
        decimals: 2,
        inTex: false,
        reason: none.reason,
        about: "probability that the source is in the ellipse",
      }),
      text("spectrum", (s) => short(s.spectral)),
      text("shape", (s) => short(s.spatial)),
      text("other_name", (s) => s.aliases[0] ?? ""),
    ],
  };
}

export const allSources = ({ sources }: Catalogue) => sources.map((source: CatalogueSource) => ({ source }));

export function catalogueSummary(catalogue: Catalogue): Summary {
  const { declaration, sources, table } = catalogue;
  const names = table.columns.map(({ name }) => name);
  return {
    text: [
      `  ${declaration.name}: ${declaration.about}`,
      `  ${declaration.paper}`,
      `  ${sources.length} sources, ${names.length} columns: ${names.join(", ")}`,
    ].join("\n"),
    data: { catalogue: declaration.name, paper: declaration.paper, n_sources: sources.length, columns: names },
    tables: { sources: () => sourcesTable(catalogue, sourceRows(catalogue, allSources(catalogue), undefined)) },
  };
}
