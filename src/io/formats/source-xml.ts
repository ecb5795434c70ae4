import type { Models } from "../../models/types.js";
import { readSourceXml } from "../xml/read.js";
import { writeSourceXml } from "../xml/write.js";
import { placeResources } from "../yaml/place-resources.js";
import { textOf } from "./open.js";
import { NO, SURE } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface SourceContents extends Contents {
  readonly models: Models;
}

const XML = /\.xml$/i;

/** Source lists of the Fermi tools and ctools. */
export const sourceXmlFormat: FileFormat<SourceContents> = {
  name: "source-xml",
  tag: "xml",
  about: "list of sources (XML of the Fermi tools, ctools)",
  holds: ["models"],
  sniff: ({ text = "" }) => (/^\s*(?:<[?!][^>]*>\s*)*<source_library\b/.test(text.slice(0, 10_000)) ? SURE : NO),
  async read(file, { files, registry }) {
    const text = textOf(file, "a list of sources (XML)");
    return { models: await readSourceXml(text, { path: file.path, files, registry }) };
  },
  ending: XML,
  /** XML again, or a models.yaml with the maps that it names. */
  write({ models }, { name, registry }) {
    if (XML.test(name)) return writeSourceXml(models, name, registry);
    const { yaml, files } = placeResources(models, { registry });
    return new Map([...files, [name, new TextEncoder().encode(yaml)]]);
  },
};
