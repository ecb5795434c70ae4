import type { SpatialDeclaration } from "../declaration.js";
import { lat0, lon0 } from "./geometry.js";

export const pointSource: SpatialDeclaration = {
  type: "PointSpatialModel",
  tag: "point",
  about: "All flux at one position",
  latex: String.raw`\delta(lon - lon_0, lat - lat_0)`,
  position: ["lon_0", "lat_0"],
  parameters: { lon_0: lon0, lat_0: lat0 },
  point: true,
  evaluate: (lon, lat, p) => (lon === p[0] && lat === p[1] ? Number.POSITIVE_INFINITY : 0),
  evaluationRadius: () => 0,
  binSizeMin: () => 0,
};
