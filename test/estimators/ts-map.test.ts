import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset, MapDataset } from "../../src/datasets/types.js";
import { estimateFluxPoints, estimateTsMap, fluxMap, type TsMap, type TsQuantity } from "../../src/estimators/index.js";
import { readDatasets } from "../../src/io/index.js";
import { createSubmodel, skyModel } from "../../src/models/index.js";
import type { Models } from "../../src/models/types.js";
import { pixToSky } from "../../src/sky/index.js";
import type { WcsGeom } from "../../src/sky/types.js";
import { disk } from "../io/disk.js";

const oracle = JSON.parse(readFileSync("test/oracle/ts_map.json", "utf8"));
const fermi = "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL";

let datasets: readonly Dataset[];
let models: Models;
let geom: WcsGeom;
let map: TsMap;
beforeAll(async () => {
  const analysis = await readDatasets(`${fermi}_datasets.yaml`, disk, { modelsPath: `${fermi}_models.yaml` });
  datasets = analysis.datasets;
  models = { components: analysis.models!.components.filter((m) => m.type !== "SkyModel") };
  geom = (datasets[0] as MapDataset).counts!.geom as WcsGeom;
  map = estimateTsMap(datasets, models);
});

const at = (name: TsQuantity, [x, y]: readonly [number, number]) => map.maps[name].data[y * geom.npix[0] + x]!;

/** A source of index 2 on the middle of a pixel. */
function sourceAt([x, y]: readonly [number, number]) {
  const [lon, lat] = pixToSky(geom.wcs, x, y) as unknown as [number, number];
  const place = { lon_0: { value: lon, frozen: true }, lat_0: { value: lat, frozen: true } };
  return skyModel({
    name: "source",
    spectral: createSubmodel("PowerLawSpectralModel", { index: 2 }),
    spatial: { ...createSubmodel("PointSpatialModel", place), frame: geom.wcs.frame },
  });
}

describe("a TS map", () => {
  it.each([
    [25, 19],
    [24, 20],
    [27, 17],
    [18, 25],
    [33, 12],
  ] as const)("is at (%i, %i) what a fit of one source finds there", (...pixel) => {
    const all = { components: [...models.components, sourceAt(pixel)] };
    const points = estimateFluxPoints(datasets, all, { source: "source", energyEdges: [0.01, 2] });
    const { norm, normErr, normErrn, normErrp, normUl, ts, stat, statNull, npredExcess } = points;
    const exact = {
      norm,
      norm_err: normErr,
      norm_errn: normErrn,
      norm_errp: normErrp,
      norm_ul: normUl,
      ts,
      stat,
      stat_null: statNull,
      npred_excess: npredExcess,
    };
    for (const [name, column] of Object.entries(exact)) {
      const [found, wanted] = [at(name as TsQuantity, pixel), column![0]!];
      expect(Math.abs(found / wanted - 1), `${name}: ${found}, ${wanted}`).toBeLessThan(1e-7);
    }
  });
});
