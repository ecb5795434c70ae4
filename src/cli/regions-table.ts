/** Regions of the sky in `gammats info`. */
import type { Summary } from "../io/formats/types.js";
import { columnsOf } from "../io/table/rows.js";
import { tableText } from "../io/table/text.js";
import type { Table } from "../io/table/types.js";
import { regionGeom, regionSolidAngle } from "../sky/region-geom.js";
import { formatRegions } from "../sky/region-text.js";
import { regionCenter } from "../sky/regions.js";
import type { Region } from "../sky/types.js";

const DEG2 = (180 / Math.PI) ** 2;

/** deg2; 0 of a point. */
const areaOf = (region: Region): number =>
  region.shape === "point" ? 0 : regionSolidAngle(regionGeom([region], { binsz: 0.02 })) * DEG2;

export function regionsTable(regions: readonly Region[]): Table {
  const { text, number } = columnsOf(regions.map((region) => ({ region, center: regionCenter(region) })));
  return {
    name: "regions",
    about: "regions of the sky",
    columns: [
      text("shape", ({ region }) => region.shape),
      number("lon", ({ center }) => center.lon, { unit: "deg" }),
      number("lat", ({ center }) => center.lat, { unit: "deg" }),
      text("frame", ({ center }) => center.frame),
      number("area", ({ region }) => areaOf(region), { unit: "deg2" }),
    ],
  };
}

export function regionsSummary(regions: readonly Region[]): Summary {
  return {
    text: tableText(regionsTable(regions)),
    data: { n_regions: regions.length, ds9: formatRegions(regions), regions },
    tables: { regions: () => regionsTable(regions) },
  };
}
