/** Characters that YAML 1.1 takes for line ends or refuses as such (sections 4.1 and 4.2): PyYAML breaks a text there, or stops. */
import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import { readModels, writeModels } from "../../../src/api/io.js";
import { createSubmodel } from "../../../src/api/models.js";
import { readFluxPoints } from "../../../src/io/flux-points/read.js";
import { writeFluxPoints } from "../../../src/io/flux-points/write.js";
import { datasetsText } from "../../../src/io/yaml/write-datasets.js";
import { skyModel } from "../../../src/models/create.js";

const hidden = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe]/;

it.each(["a\u0085b", "a\u2028b", "a\u2029: b", "a\u007fb", "\ufeffa", "a\ufffe#b", 'a"\u0090\\b'])(
  "name %# is written by numbers, and read",
  (name) => {
    const spectral = createSubmodel("PowerLawSpectralModel", { index: 2, amplitude: 1e-12, reference: 1 });
    const models = writeModels({ components: [skyModel({ name, spectral })] });
    const datasets = datasetsText([{ name, type: "MapDataset", filename: `${name}.fits` }]);
    for (const text of [models, datasets]) expect(text).not.toMatch(hidden);
    expect(readModels(models).models.components[0]!.name).toBe(name);
    const [entry] = parseDocument(datasets, { version: "1.1" }).toJS().datasets;
    expect([entry.name, entry.filename]).toEqual([name, `${name}.fits`]);
  },
);

it("metadata of ECSV too, and numbers that are none", () => {
  const text =
    '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: e_ref, unit: TeV, datatype: float64}\n# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}\n# - {name: dnde_err, unit: cm-2 s-1 TeV-1, datatype: float64}\n# meta: !!omap\n# - note: "a\\u0085b"\n# - x: .nan\n# - y: -.inf\ne_ref dnde dnde_err\n1 1e-12 1e-13\n3 1e-13 2e-14\n';
  const read = (bytes: Uint8Array) => readFluxPoints(bytes, { where: "p.ecsv" });
  const points = read(new TextEncoder().encode(text));
  const bytes = writeFluxPoints(points, { format: "ecsv" });
  expect(new TextDecoder().decode(bytes)).toMatch(/"a\\u0085b"[\s\S]*\.nan[\s\S]*-\.inf/);
  expect(read(bytes).meta).toEqual({ ...points.meta, note: "a\u0085b", x: Number.NaN, y: Number.NEGATIVE_INFINITY });
});
