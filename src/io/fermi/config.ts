/** What a configuration of fermipy says of an analysis: where the files of its components are, and which models belong to them. */
import { isScalar, isSeq } from "yaml";
import { dirname, joinPath } from "../files.js";
import { openYaml, type YamlSource } from "../yaml/open.js";
import { type Field, type Fields, readFields, readItems, readNumber, readText, report } from "../yaml/source.js";

/** A file with the place in the configuration that names it: file, line and key. */
export interface NamedFile {
  readonly name: string;
  readonly where: string;
}

export interface FermipyComponent {
  /** As fermipy numbers its files: "00". */
  readonly id: string;
  /** Folder of the files. */
  readonly folder: string;
  /** Where the configuration names the folder, or the component. */
  readonly where: string;
  readonly isodiff: NamedFile | undefined;
  /** gtlike.edisp: whether there is an energy dispersion. */
  readonly edisp: boolean;
  /** gtlike.edisp_bins; -1 where it is not said, as in fermipy. */
  readonly edispBins: number;
  /** gtlike.edisp_disable: sources without energy dispersion. */
  readonly edispDisable: readonly string[];
}

export interface FermipyConfig {
  readonly components: readonly FermipyComponent[];
  readonly galdiff: readonly NamedFile[];
  readonly catalogs: readonly NamedFile[];
  /** model.extdir: templates of extended sources. */
  readonly extdir: NamedFile | undefined;
  /** model.src_roiwidth: the box that holds the sources of catalogues, deg. */
  readonly sourceWidth: number | undefined;
  /** Keys that say something of the models that is not read. */
  readonly unread: readonly string[];
  /** With all problems. */
  readonly source: YamlSource;
}

/** Finds a key of a section; undefined where it is missing or null. `isEmpty`: one that is null. */
type Find = (section: string, key: string, isEmpty?: boolean) => Field | undefined;

const EDISP_BINS = -1;
const NOT_READ = ["sources", "diffuse", "limbdiff", "diffuse_xml"];

export function readFermipyConfig(text: string, path: string): FermipyConfig {
  const source = openYaml(text, path);
  const root = source.problems.length > 0 ? undefined : readFields(source, source.document.contents, "");
  const listed = filled(root?.get("components"));
  const items = listed === undefined ? [] : readItems(source, listed.node, "components");
  const parts = items.map((node, i) => readFields(source, node, `components[${i}]`));
  const finder =
    (fields: Fields | undefined): Find =>
    (section, key, isEmpty = false) => {
      const field = sectionOf(source, fields, section)?.get(key);
      return isEmpty ? field : filled(field);
    };
  const inRoot = finder(root);
  // without a list of components the analysis is the only one
  const components = (parts.length === 0 ? [undefined] : parts).map((fields, i) => {
    const own = finder(fields);
    return readComponent(source, (...asked) => own(...asked) ?? inRoot(...asked), i);
  });
  const width = inRoot("model", "src_roiwidth");
  const extdir = inRoot("model", "extdir");
  return {
    components,
    galdiff: namedFiles(source, inRoot("model", "galdiff")),
    catalogs: namedFiles(source, inRoot("model", "catalogs")),
    extdir: namedFiles(source, extdir)[0],
    sourceWidth: width && readNumber(source, width),
    unread: NOT_READ.filter((key) => inRoot("model", key) !== undefined),
    source,
  };
}

const filled = (field: Field | undefined): Field | undefined =>
  field?.node == null || (isScalar(field.node) && field.node.value === null) ? undefined : field;

function sectionOf(source: YamlSource, fields: Fields | undefined, name: string): Fields | undefined {
  const field = filled(fields?.get(name));
  return field && readFields(source, field.node, field.path);
}

function readComponent(source: YamlSource, find: Find, i: number): FermipyComponent {
  const outdir = find("fileio", "outdir");
  const isodiff = find("model", "isodiff");
  const empty = isodiff === undefined ? find("model", "isodiff", true) : undefined;
  if (empty !== undefined) {
    report(source, empty.key, empty.path, "found nothing, expected the name of a file; name it, or remove the key");
  }
  const edisp = find("gtlike", "edisp");
  const bins = find("gtlike", "edisp_bins");
  const folder = (outdir && readText(source, outdir)) ?? "";
  const here = dirname(source.where);
  return {
    id: String(i).padStart(2, "0"),
    folder: folder === "" ? here : joinPath(here, folder),
    where: outdir === undefined ? `${source.where}: components[${i}]` : placeOf(source, outdir),
    isodiff: isodiff && oneFile(source, isodiff),
    // numbers and texts count as YAML has them: 0 and false are no
    edisp: !(isScalar(edisp?.node) && !edisp.node.value),
    edispBins: (bins && readNumber(source, bins)) ?? EDISP_BINS,
    edispDisable: namedFiles(source, find("gtlike", "edisp_disable")).map(({ name }) => name),
  };
}

const placeOf = (source: YamlSource, { node, key, path }: Field): string =>
  `${source.where}:${source.lineOf(node ?? key)} ${path}`;

/** The texts of a list, or of one value. */
function namedFiles(source: YamlSource, field: Field | undefined): NamedFile[] {
  if (field === undefined) return [];
  const all = isSeq(field.node) ? readItems(source, field.node, field.path) : [field.node];
  return all.flatMap((node, i) => {
    const at: Field = isSeq(field.node) ? { ...field, node, path: `${field.path}[${i}]` } : field;
    const name = readText(source, at);
    if (name === "")
      report(
        source,
        node ?? field.key,
        at.path,
        "found nothing, expected the name of a file; name it, or remove the key",
      );
    return name === undefined || name === "" ? [] : [{ name, where: placeOf(source, at) }];
  });
}

/** One file for one component. */
function oneFile(source: YamlSource, field: Field): NamedFile | undefined {
  const before = source.problems.length;
  const files = namedFiles(source, field);
  if (files.length === 1 || source.problems.length > before) return files[0];
  report(
    source,
    field.node ?? field.key,
    field.path,
    `found ${files.length} files, expected one for each component; name them in the components (model: {isodiff: FILE})`,
  );
  return undefined;
}
