import { expect, it } from "vitest";
import { parseModel, readTextFiles } from "../../src/api/model-texts.js";
import { dnde } from "../../src/api/models.js";
import { memoryFiles } from "../../src/io/files.js";
import { writeTableModel } from "../../src/io/table-model/write.js";

it("one file is read as data of each kind that a text takes it for", async () => {
  const limits = { initial: 0, delta: 0.1, minimum: 0, bottom: 0, top: 0.5, maximum: 0.5 };
  // half of the light is left at redshift 0.5, all of it at 0
  const table = writeTableModel({
    name: "absorption",
    isAdditive: false,
    energy: Float64Array.of(0.1, 0.5, 2, 10),
    parameters: [{ name: "redshift", method: "linear", ...limits, values: Float64Array.of(0, 0.5) }],
    hasRedshift: false,
    spectra: Float64Array.of(1, 1, 1, 0.5, 0.5, 0.5),
    additions: [],
  });
  const files = memoryFiles({ "tau.fits": table });
  for (const text of [
    "pl * ebl(tau.fits, z=0.5) * mtable(tau.fits, redshift=0.5)",
    "pl * mtable(tau.fits, redshift=0.5) * ebl(tau.fits, z=0.5)",
  ]) {
    const [model] = parseModel(text, { resources: await readTextFiles(text, files) }).components;
    const [plain] = parseModel("pl").components;
    const at = (m: typeof model) => dnde((m as { spectral: Parameters<typeof dnde>[0] }).spectral, [1])[0]!;
    expect(at(model) / at(plain)).toBeCloseTo(0.25, 12);
  }
});

it("a file may be called as what every object has", async () => {
  const files = memoryFiles({});
  await expect(readTextFiles("pl * ebl(file=constructor, z=0.5)", files)).rejects.toThrow('no file "constructor"');
});
