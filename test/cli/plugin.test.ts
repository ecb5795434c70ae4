/** Models, a prior and statistics of one's own in every command, by --plugin: the same results as with those that come along. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDatasets } from "../../src/api/io.js";
import { standardRegistry } from "../../src/io/registry.js";
import { nodeFiles } from "../../src/node/files.js";
import { analyses, pluginFile, registry, standardised } from "../house/own/analysis.js";
import { type Folder, gammats, spectra, temporaryFolder } from "./run.js";

const plugin = ["--plugin", fileURLToPath(pluginFile)];
const serial = ["--workers", "1"];
const edges = ["--edges", "1 TeV,3 TeV,10 TeV"];

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const [name, analysis] of Object.entries(analyses)) {
    await writeDatasets(analysis, nodeFiles(), {
      folder: folder.path(name),
      prefix: "x",
      registry: name === "own" ? registry : standardRegistry,
    });
  }
});
afterAll(() => folder.remove());

const paths = (name: string) => [folder.path(`${name}/x_datasets.yaml`), folder.path(`${name}/x_models.yaml`)];

/** What follows the files of the analysis. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  fit: ["--minos", "alpha", "--impacts"],
  "flux-points": [...edges, "--source", "crab"],
  "light-curve": [...edges, "--source", "crab"],
  profile: ["alpha", "--points", "3"],
  contour: ["alpha", "beta", "--points", "4"],
  sample: ["--sampler", "ensemble", "--samples", "320", "--warmup", "5"],
  toys: ["4", ...serial],
  interval: ["beta", "--side", "upper", "--expected", "0.05", "--toys", "4", ...serial],
  test: ["--hold", "crab.beta=0.05", "--toys", "4", ...serial],
  goodness: ["--toys", "4", ...serial],
  simulate: ["--seed", "2"],
  validate: [],
};

describe("own declarations in", () => {
  it.each(Object.keys(COMMANDS))("gammats %s", async (command) => {
    const run = (name: string, more: readonly string[]) =>
      gammats([command, ...paths(name), ...COMMANDS[command]!, ...more, "--json"]);
    const [own, standard] = [await run("own", plugin), await run("standard", [])];
    expect(own.stderr).toBe(standard.stderr);
    expect(own.status).toBe(standard.status);
    // what they were made from differs
    const comparable = ({ provenance: _, ...value }: Record<string, unknown>) =>
      JSON.parse(JSON.stringify(standardised(value)).replaceAll("/own/", "/standard/"));
    expect(comparable(own.json())).toEqual(comparable(standard.json()));
  });

  it.each(["info", "plot", "convert", "models"])("gammats %s", async (command) => {
    const [datasets, models] = paths("own");
    const argv: Readonly<Record<string, readonly string[]>> = {
      info: [models!],
      plot: [datasets!, models!, "--out", folder.path("pictures")],
      convert: [models!, "--out", folder.path("converted.yaml")],
      models: ["OwnSpatialModel"],
    };
    const { status, stderr, stdout } = await gammats([command, ...argv[command]!, ...plugin]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.length).toBeGreaterThan(20);
  });

  it("without the plugin: refused with the name", async () => {
    const { status, stderr } = await gammats(["fit", ...paths("own")]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/x_models\.yaml:\d+.*"OwnSpectralModel"/);
  });

  it("a file that is none, or exports something else: said", async () => {
    const none = await gammats(["models", "--plugin", folder.path("absent.mjs")]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringMatching(/plugin .*absent\.mjs: it cannot be loaded/)]);
    const other = fileURLToPath(new URL("./run.ts", import.meta.url));
    const wrong = await gammats(["models", "--plugin", other]);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/no default export/)]);
  });
});

it("the built command takes it into threads", async () => {
  const run = (workers: string) =>
    promisify(execFile)(
      process.execPath,
      [
        fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)),
        ...["toys", ...paths("own"), "8", ...plugin, "--workers", workers, "--json"],
      ],
      // results say when they were made
      { env: { ...process.env, SOURCE_DATE_EPOCH: "0" } },
    );
  expect((await run("2")).stdout).toBe((await run("1")).stdout);
});

it("results that are kept are of its code: of another plugin they are computed again", async () => {
  const plug = folder.path("own.mjs");
  const models = folder.path("scaled.yaml");
  await writeFile(
    models,
    "components:\n- {name: s, type: SkyModel, spectral: {type: Scaled, parameters: [{name: amplitude, value: 1e-11, unit: cm-2 s-1 TeV-1}]}}\n",
  );
  const code = (scale: number) =>
    `export default { spectral: [{ type: "Scaled", tag: "scaled", about: "a power law", latex: "x", parameters: { amplitude: { unit: "cm-2 s-1 TeV-1", value: 1e-11, about: "at 1 TeV" } }, evaluate: (e, [a]) => ${scale} * a * e ** -2.5 }] };`;
  const toys = async (scale: number, ...resume: string[]) => {
    await writeFile(plug, code(scale));
    const args = [
      "toys",
      `${spectra}/pha_obs23523.fits`,
      models,
      "4",
      "--no-fit",
      "--plugin",
      plug,
      "--workers",
      "1",
      ...resume,
    ];
    const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
    return (await promisify(execFile)(process.execPath, [main, ...args])).stdout;
  };
  const kept = ["--resume", folder.path("kept")];
  const first = await toys(1, ...kept);
  const second = await toys(2, ...kept);
  expect(second).not.toBe(first);
  expect(second).toBe(await toys(2));
  expect(await toys(1, ...kept)).toBe(first);
});
