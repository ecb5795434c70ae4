import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Folder, gammats, temporaryFolder } from "./run.js";

const points = `# %ECSV 0.9
# ---
# datatype:
# - {name: e_ref, unit: TeV, datatype: float32}
# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float32}
# - {name: dnde_err, unit: cm-2 s-1 TeV-1, datatype: float32}
# meta: !!omap
# - comments: |
#     Figure 15
#     by hand
# - author: "K\u00f6ln\\nteam"
# - telescopes: {north: a}
e_ref dnde dnde_err
1 1e-12 1e-13
3 1e-13 2e-14
`;
const datasets = "datasets:\n- {name: x, type: FluxPointsDataset, filename: x.ecsv}\n";
const models =
  "components:\n- {name: s, type: SkyModel, spectral: {type: pl, parameters: [{name: index, value: 2}, {name: amplitude, value: 1.0e-12, unit: cm-2 s-1 TeV-1}]}}\n";

let folder: Folder;
let analysis: string[];
beforeAll(async () => {
  folder = await temporaryFolder();
  const files = { "x.ecsv": points, "d.yaml": datasets, "m.yaml": models };
  for (const [name, text] of Object.entries(files)) await writeFile(folder.path(name), text);
  analysis = [folder.path("d.yaml"), folder.path("m.yaml")];
});
afterAll(() => folder.remove());

describe("the result of a fit", () => {
  it("is written whatever the texts of the data hold, and what is changed or left out is said", async () => {
    const out = folder.path("fit");
    const { status, stderr } = await gammats(["fit", ...analysis, "--out", out]);
    expect(status).toBe(0);
    expect(stderr).toBe(
      "gammats: x.fits: left out of the FITS header, which holds texts and numbers only: telescopes\n" +
        "gammats: x.fits: HDU 1 (FLUXPOINTS): changed to what FITS can hold (printable ASCII on one line): keyword author\n",
    );
    const text = (await readFile(`${out}/x.fits`)).toString("latin1");
    expect(text).toMatch(/COMMENT Figure 15 +COMMENT by hand/);
    expect(text).toMatch(/AUTHOR {2}= 'Koln team'/);
    const ecsv = folder.path("again.ecsv");
    expect(await gammats(["convert", `${out}/x.fits`, "--out", ecsv])).toMatchObject({ status: 0, stderr: "" });
    expect(await readFile(ecsv, "utf8")).toContain('# - {comments: ["Figure 15", "by hand"]}');
  });

  it("is printed before anything is written, and stands in the document where nothing can be", async () => {
    const out = `${folder.path("x.ecsv")}/fit`;
    const text = await gammats(["fit", ...analysis, "--out", out]);
    expect([text.status, text.stdout]).toEqual([2, expect.stringMatching(/index 2\.096e\+00/)]);
    const { status, stderr, json } = await gammats(["fit", ...analysis, "--out", out, "--json"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(out)]);
    expect(json()).toMatchObject({ success: true, datasets: [{ name: "x" }] });
    const profile = await gammats(["profile", ...analysis, "index", "--out", out, "--json"]);
    expect([profile.status, profile.json().profiles.length]).toEqual([2, 1]);
  });
});
