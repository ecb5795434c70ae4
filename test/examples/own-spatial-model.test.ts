/** The worked example of CONTRIBUTING, run as it stands there: a new spatial model works wherever one that comes along does. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import own from "../../examples/own-spatial-model.mjs";
import { npredSignal, simulate } from "../../src/api/datasets.js";
import { toys } from "../../src/api/estimators.js";
import { fit } from "../../src/api/fit.js";
import { problemsOfModels, readModels, writeModels } from "../../src/api/io.js";
import { createSubmodel } from "../../src/api/models.js";
import { serialExecutor } from "../../src/execute/serial.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { integrate } from "../../src/math/quadrature.js";
import { skyModel } from "../../src/models/create.js";
import { declarationOf } from "../../src/models/lookup.js";
import { parameterVector, updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { datasetPictures } from "../../src/node/pictures.js";
import { threadsExecutor } from "../../src/node/threads.js";
import { gammats, temporaryFolder } from "../cli/run.js";
import { storedDataset } from "../datasets/stored.js";
import { buildScript } from "../execute/build.js";
import { expectQuoted } from "./quoted.js";

const FILE = "examples/own-spatial-model.mjs";
const using = { registry: extendRegistry(standardRegistry, own) };
const cube = storedDataset("cube");
const bright = { ...cube, exposure: { ...cube.exposure!, data: cube.exposure!.data.map((x) => 30 * x) } };
const king = createSubmodel("king", { lon_0: 83.7, lat_0: 22.05, sigma: "4.8 arcmin" }, using);
const models: Models = {
  components: [
    skyModel({ name: "src", spectral: createSubmodel("pl", { index: 2.1, amplitude: 3e-12 }), spatial: king }),
  ],
};

it("is the file that CONTRIBUTING quotes", () => {
  expectQuoted(FILE);
});

describe("a spatial model of one's own", () => {
  it("is listed", async () => {
    const { stdout } = await gammats(["models", "KingSpatialModel", "--plugin", FILE]);
    expect(stdout).toMatch(/KingSpatialModel \(spatial, tag king\)[\s\S]*sigma +0\.1 +deg +0/);
  });

  it("has the share of a King profile inside of its radius", () => {
    const declaration = declarationOf(king, "spatial", using.registry);
    const p = parameterVector(king, declaration);
    const r = declaration.evaluationRadius(p);
    const degree = Math.PI / 180;
    const ring = (x: number) => 2 * Math.PI * Math.sin(x * degree) * degree * declaration.evaluate(p[0]!, p[1]! + x, p);
    // 1 - (1 + r^2 / (2 gamma sigma^2))^(1 - gamma) of a plane; the sphere differs by r^2 / 6
    expect(integrate(ring, 0, r).value).toBeCloseTo(1 - 1 / (1 + 900 / 4), 4);
  });

  it("is read, written and checked", () => {
    const text = writeModels(models, using);
    expect(text).toContain("type: KingSpatialModel");
    expect(readModels(text, using).models).toEqual(models);
    expect(problemsOfModels(text.replace("name: sigma", "name: sigmaa"), { ...using, where: "m.yaml" })).toEqual([
      expect.stringMatching(/^m.yaml:\d+ .*KingSpatialModel has no parameter "sigmaa"; did you mean "sigma"/),
    ]);
    expect(problemsOfModels(text)[0]).toMatch(/unknown type "KingSpatialModel"/);
  });

  it("is folded and fitted, by checked differences", () => {
    const data = simulate(bright, models, 1, using);
    expect(npredSignal(bright, models, using).data.reduce((s, x) => s + x, 0)).toBeGreaterThan(1000);
    const result = fit([data], models, using);
    expect(result.success).toBe(true);
    expect(result.free.ids).toContain("src.sigma");
    result.free.values.forEach((value, i) => {
      const truth = [2.1, 3e-12, 83.7, 22.05, 4.8][i]!;
      expect(Math.abs(value - truth) / result.free.errors[i]!).toBeLessThan(3);
    });
  });

  describe("on other threads and in pictures", () => {
    let script: URL;
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    beforeAll(async () => {
      script = await buildScript("../../src/node/worker.ts");
      folder = await temporaryFolder();
    });
    afterAll(() => folder.remove());

    it("gives the same toys", async () => {
      const held = updateParameters(models, { "src.lon_0": { frozen: true }, "src.lat_0": { frozen: true } });
      const options = { ...using, n: 4, seed: 1, jobSize: 2 };
      const threads = threadsExecutor({ workers: 2, script, plugins: [new URL(`../../${FILE}`, import.meta.url)] });
      const [here, there] = [serialExecutor(), threads].map((executor) =>
        toys([bright], held, { ...options, executor }),
      );
      expect((await there!).values).toEqual((await here!).values);
      await threads.close();
    });

    it("is drawn", () => {
      const pictures = datasetPictures([bright], models, using);
      expect(Object.values(pictures).every((svg) => svg.startsWith("<svg"))).toBe(true);
      expect(Object.keys(pictures).length).toBeGreaterThan(0);
    });
  });
});
