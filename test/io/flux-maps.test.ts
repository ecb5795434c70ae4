import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateTsMap } from "../../src/api/estimators.js";
import { readDatasets, writeModels } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import { fluxMap, type TsMap } from "../../src/estimators/ts-map-table.js";
import { readFluxMaps, writeFluxMaps } from "../../src/io/flux-maps.js";
import { disk, hasFitsverify } from "./disk.js";

const fermi = "examples/crab/fermi-3fhl-crab/Fermi-LAT-3FHL";
const python = process.env.GAMMATS_PYTHON;
let folder: string;
let map: TsMap;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-maps-"));
  const { datasets, models } = await readDatasets(`${fermi}_datasets.yaml`, disk, {
    modelsPath: `${fermi}_models.yaml`,
  });
  const rest = { components: models!.components.filter((m) => m.type !== "SkyModel") };
  const spectrum = createSubmodel("PowerLawSpectralModel", { index: 2.4 });
  map = estimateTsMap(datasets, rest, { spectrum, energyEdges: [0.01, 0.1, 2] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What Gammapy finds in a file of ours, and a file of its own made from it. */
const SCRIPT = `
import json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
from gammapy.estimators import FluxMaps
maps = FluxMaps.read(sys.argv[1])
shown = lambda m, unit: [None if not np.isfinite(x) else float(x) for x in m.quantity.to_value(unit).ravel()]
out = {
    "flux": shown(maps.flux, "cm-2 s-1"), "flux_ul": shown(maps.flux_ul, "cm-2 s-1"), "e2dnde": shown(maps.e2dnde, "TeV cm-2 s-1"),
    "sqrt_ts": shown(maps.sqrt_ts, ""), "success": int(maps.success.data.sum()), "index": float(maps.reference_model.spectral_model.index.value),
}
maps.write(sys.argv[2], sed_type="dnde", overwrite=True)
print(json.dumps(out))
`;

/** NaN is what Gammapy shows as null; it keeps float64, so rounding of a unit is left. */
function expectSame(found: ArrayLike<number>, expected: readonly (number | null)[]): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) {
    const [a, b] = [found[i]!, expected[i]!];
    if (b === null) expect(Number.isFinite(a), `${i}`).toBe(false);
    else expect(Math.abs(a - b), `${i}: ${a}, ${b}`).toBeLessThanOrEqual(1e-10 * Math.abs(b));
  }
}

describe("flux maps", () => {
  it("come back as they were written", () => {
    const norms = readFluxMaps(writeFluxMaps(map, { modelFile: "model.yaml" }), { where: "maps.fits" });
    expect([norms.sedType, norms.modelFile]).toEqual(["likelihood", "model.yaml"]);
    for (const name of ["norm", "norm_err", "norm_errn", "norm_errp", "norm_ul", "ts", "sqrt_ts", "stat"] as const) {
      expect(norms.maps[name]!.data, name).toEqual(map.maps[name].data);
    }
    expect(norms.maps.ts!.geom.axes).toEqual(map.geom.axes);
    const fluxes = readFluxMaps(writeFluxMaps(map), { where: "maps.fits" });
    expect(fluxes.sedType).toBe("flux");
    expect(fluxes.maps.flux_ul!.data).toEqual(fluxMap(map, "flux", "norm_ul").data);
    expect(fluxes.maps.flux!.unit).toBe("cm-2 s-1");
  });

  it("say what is missing", () => {
    expect(() => writeFluxMaps(map, { sedType: "likelihood" })).toThrow(/norms need their model beside them/);
    expect(() => readFluxMaps(new TextEncoder().encode("x"), { where: "x.fits" })).toThrow(/x\.fits: not a FITS file/);
    const bytes = writeFluxMaps(map);
    expect(() => readFluxMaps(bytes, { where: "m.fits", maxBytes: 1000 })).toThrow(/of memory are needed/);
  });

  it.runIf(hasFitsverify)("have no errors or warnings of fitsverify", async () => {
    const path = join(folder, "verify.fits");
    await writeFile(path, writeFluxMaps(map));
    expect(execFileSync("fitsverify", [path], { encoding: "utf8" })).toContain("0 warning(s) and 0 error(s)");
  });

  it.runIf(python)("are read and written again by Gammapy", async () => {
    const [path, model, theirs] = ["maps.fits", "model.yaml", "theirs.fits"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(path, writeFluxMaps(map, { modelFile: model }));
    await writeFile(model, writeModels({ components: [map.model] }));
    const found = JSON.parse(
      execFileSync(python!, ["-c", SCRIPT, path, theirs], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    expect(found.index).toBe(2.4);
    expect(found.success).toBe(map.maps.success.data.filter((x) => x === 1).length);
    expectSame(map.maps.sqrt_ts.data, found.sqrt_ts);
    expectSame(fluxMap(map, "flux").data, found.flux);
    expectSame(fluxMap(map, "flux", "norm_ul").data, found.flux_ul);
    expectSame(fluxMap(map, "e2dnde").data, found.e2dnde);
    const again = readFluxMaps(new Uint8Array(await readFile(theirs)), { where: theirs });
    expect(again.sedType).toBe("dnde");
    expectSame(again.maps.sqrt_ts!.data, found.sqrt_ts);
    // in the unit of the file
    expect(again.maps.dnde!.unit).toMatch(/TeV-1/);
  });
});
