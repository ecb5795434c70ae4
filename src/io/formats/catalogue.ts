import { standardCatalogues } from "../../catalogues/index.js";
import { type NamedTable, recognised } from "../../catalogues/open.js";
import type { Catalogue } from "../../catalogues/types.js";
import { openedCatalogue } from "../catalogue.js";
import { isEcsv } from "../flux-points/ecsv.js";
import { ecsvColumns } from "./open.js";
import { NO, SURE, tablesOf } from "./sniff.js";
import type { Contents, FileFormat, OpenedFile } from "./types.js";

interface CatalogueContents extends Contents {
  readonly catalogue: Catalogue;
}

/** Names of tables and columns. */
function namesIn(file: OpenedFile): readonly NamedTable[] {
  const { text } = file;
  if (text === undefined) return tablesOf(file);
  return isEcsv(text) ? [{ name: "", columns: ecsvColumns(text).map((name) => ({ name })) }] : [];
}

export const catalogueFormat: FileFormat<CatalogueContents> = {
  name: "catalogue",
  about: "catalogue of sources",
  holds: ["catalogue"],
  // each is told by columns that it alone has
  sniff: (file) => (recognised(namesIn(file), standardCatalogues) === undefined ? NO : SURE),
  read: (file) => ({ catalogue: openedCatalogue(file, standardCatalogues) }),
};
