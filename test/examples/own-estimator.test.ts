/** The worked example of CONTRIBUTING, run as it stands there: a script with an estimator, a command line and threads. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../cli/run.js";
import { expectLike, fluxes, writeFluxes } from "./fluxes.js";
import { expectQuoted } from "./quoted.js";

const FILE = "examples/own-estimator.mjs";

it("is the file that CONTRIBUTING quotes", () => {
  expectQuoted(FILE);
});

it("fits without each dataset as iminuit does, whoever computes", async () => {
  const folder = await temporaryFolder();
  const names = ["band", "points", "others"] as const;
  writeFluxes(folder, names);
  const run = async (workers: string) => {
    const analysis = [folder.path("datasets.yaml"), folder.path("models.yaml")];
    const options = ["--workers", workers, "--plugin", "examples/own-kind.mjs"];
    return (await promisify(execFile)(process.execPath, [FILE, ...analysis, ...options])).stdout;
  };
  const text = await run("1");
  expect(await run("2")).toBe(text);
  const lines = text.trim().split("\n");
  expect(lines.length).toBe(3);
  names.forEach((name, i) => {
    const [, without, ...numbers] =
      /^without (\w+): source.index = (\S+) \+- (\S+), source.amplitude = (\S+) \+- (\S+)$/.exec(lines[i]!)!;
    expect(without).toBe(name);
    const [index, indexError, amplitude, amplitudeError] = numbers.map(Number);
    // three digits of an error are printed
    const rounded = (x: number) => Number(x.toPrecision(3));
    const { values, errors, stat } = fluxes.without[name];
    const fitted = { values, errors: errors.map(rounded), stat };
    expectLike(fitted, [index!, amplitude!], [indexError!, amplitudeError!]);
  });
  await folder.remove();
});
