/** Each kind of bad input, as a user meets it: status 2, one message that says where and what to do, nothing written. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hdu, readFits, writeFits } from "../../src/fits/index.js";
import { fermi, gammats, spectra, temporaryFolder } from "./run.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const DATA = "Fermi-LAT-3FHL_data_Fermi-LAT.fits";

/** A copy of the Fermi-LAT analysis to spoil. */
async function copy() {
  const base = folder.path(`case-${count++}`);
  await cp("examples/crab/fermi-3fhl-crab", base, { recursive: true });
  const [data, datasets, models] = [DATA, "Fermi-LAT-3FHL_datasets.yaml", "Fermi-LAT-3FHL_models.yaml"].map(
    (name) => `${base}/${name}`,
  ) as [string, string, string];
  return {
    base,
    data,
    datasets,
    models,
    edit: async (path: string, change: (text: string) => string) =>
      writeFile(path, change(await readFile(path, "utf8"))),
    hdus: async (change: (hdus: readonly Hdu[]) => readonly Hdu[]) => {
      const hdus = readFits(new Uint8Array(await readFile(data)), { where: data });
      await writeFile(data, writeFits([...change(hdus)]));
    },
  };
}
type Case = Awaited<ReturnType<typeof copy>>;

const withData = (name: string, change: (data: Float64Array) => Float64Array) => (c: Case) =>
  c.hdus((hdus) =>
    hdus.map((hdu) =>
      hdu.name === name && hdu.kind === "image" ? { ...hdu, data: change(Float64Array.from(hdu.data as never)) } : hdu,
    ),
  );

const CASES: readonly (readonly [string, (c: Case) => Promise<unknown>, RegExp])[] = [
  ["a missing data file", (c) => rm(c.data), /datasets\.yaml:\d+.*no file "Fermi-LAT-3FHL_data_Fermi-LAT\.fits"/],
  [
    "a truncated data file",
    async (c) => writeFile(c.data, (await readFile(c.data)).subarray(0, 100_000)),
    /data_Fermi-LAT\.fits.*(truncated|ends|short)/i,
  ],
  ["a file that is not FITS", (c) => writeFile(c.data, "hello"), /data_Fermi-LAT\.fits.*FITS/],
  ["a missing HDU", (c) => c.hdus((h) => h.filter((hdu) => !/^COUNTS/.test(hdu.name))), /COUNTS|counts/],
  [
    "a missing table of axes",
    (c) => c.hdus((h) => h.filter((hdu) => hdu.name !== "EXPOSURE_BANDS")),
    /EXPOSURE_BANDS|EXPOSURE/,
  ],
  [
    "a missing column",
    (c) =>
      c.hdus((h) =>
        h.map((hdu) =>
          hdu.kind === "table" && hdu.name === "COUNTS_BANDS"
            ? { ...hdu, columns: hdu.columns.filter((column) => !/E_MIN|ENERGY_MIN|EMIN/i.test(column.name)) }
            : hdu,
        ),
      ),
    /COUNTS_BANDS/,
  ],
  [
    "a wrong unit of a column",
    (c) =>
      c.hdus((h) =>
        h.map((hdu) =>
          hdu.kind === "table" && hdu.name === "COUNTS_BANDS"
            ? { ...hdu, columns: hdu.columns.map((column) => (column.unit ? { ...column, unit: "cm" } : column)) }
            : hdu,
        ),
      ),
    /"cm"/,
  ],
  [
    "a wrong shape",
    (c) =>
      c.hdus((h) =>
        h.map((hdu) =>
          hdu.kind === "image" && hdu.name === "BACKGROUND"
            ? {
                ...hdu,
                shape: [hdu.shape[0]! - 1, ...hdu.shape.slice(1)],
                data: (hdu.data as Float32Array).slice(0, (hdu.data!.length / hdu.shape[0]!) * (hdu.shape[0]! - 1)),
              }
            : hdu,
        ),
      ),
    /BACKGROUND/,
  ],
  ["all bins masked", withData("MASK_SAFE", (x) => x.fill(0)), /no bin is left for the fit|all bins/],
  ["NaN exposure", withData("EXPOSURE", (x) => x.fill(Number.NaN)), /EXPOSURE|exposure/],
  ["negative exposure", withData("EXPOSURE", (x) => x.map((v) => -v)), /EXPOSURE|exposure/],
  [
    "an unknown model type",
    (c) => c.edit(c.models, (text) => text.replace("LogParabolaSpectralModel", "LogParabolaSpectralModl")),
    /models\.yaml:\d+.*did you mean "LogParabolaSpectralModel"/,
  ],
  [
    "a misspelt parameter",
    (c) => c.edit(c.models, (text) => text.replace("name: alpha", "name: alfa")),
    /models\.yaml:\d+.*"alfa".*did you mean "alpha"/,
  ],
  [
    "a misspelt key",
    (c) => c.edit(c.models, (text) => text.replace("spectral:", "spectrall:")),
    /models\.yaml:\d+.*"?spectrall"?.*did you mean "spectral"/,
  ],
  [
    "a wrong unit of a parameter",
    (c) => c.edit(c.models, (text) => text.replace("unit: cm-2 s-1 TeV-1", "unit: cm-2 s-1")),
    /models\.yaml:\d+.*"cm-2 s-1"/,
  ],
  [
    "datasets of one name",
    (c) => c.edit(c.datasets, (text) => text.replace(/(- name: [\s\S]*?)(?=metadata)/, "$1$1")),
    /datasets\.yaml:\d+.*"Fermi-LAT" is taken/,
  ],
  [
    "models of one name",
    (c) =>
      c.edit(c.models, (text) => {
        const first = /components:\n([\s\S]*?)(?=\n {2}- |\n- )/.exec(text)![1]!;
        return text.replace("components:\n", `components:\n${first}\n`);
      }),
    /models\.yaml:\d+.*"Crab Nebula" is taken/,
  ],
  [
    "a model for no dataset",
    (c) => c.edit(c.models, (text) => text.replace(/(datasets_names:\s+- )Fermi-LAT/, "$1Fermi-LTA")),
    /models\.yaml:\d+.*"Fermi-LTA".*did you mean "Fermi-LAT"/,
  ],
  [
    "a link to nowhere",
    (c) => c.edit(c.models, (text) => text.replace("name: alpha", "name: alpha\n          link: a@b")),
    /models\.yaml:\d+.*"a@b", and nothing else/,
  ],
  [
    "a file that names itself",
    (c) => c.edit(c.datasets, (text) => text.replace(DATA, "Fermi-LAT-3FHL_datasets.yaml")),
    /is the YAML file itself/,
  ],
  ["text that is no YAML", (c) => writeFile(c.models, "components: [\n"), /models\.yaml:\d+/],
  [
    "GAMMAPY_DATA unset",
    (c) => c.edit(c.datasets, (text) => text.replace(DATA, `$GAMMAPY_DATA/${DATA}`)),
    /datasets\.yaml:\d+.*GAMMAPY_DATA, which is not set/,
  ],
];

describe("bad input", () => {
  it.each(CASES)("%s", async (_, spoil, message) => {
    const c = await copy();
    await spoil(c);
    const before = await readdir(c.base);
    const out = `${c.base}-out`;
    const { status, stdout, said } = await gammats(["fit", c.datasets, c.models, "--out", out, "--json"]);
    expect(said).toMatch(message);
    expect(said).toMatch(/^gammats: /);
    expect(said).not.toMatch(/\n\s+at |this should not happen/);
    expect([status, stdout]).toEqual([2, ""]);
    expect(await readdir(c.base)).toEqual(before);
    await expect(readdir(out)).rejects.toThrow();
  });

  it.each(["ARF", "RMF", "BKG"])("a missing %s", async (kind) => {
    const base = folder.path(`ogip-${kind}`);
    await cp(spectra, base, { recursive: true });
    await rm(`${base}/pha_obs23523_${kind.toLowerCase()}.fits`);
    const { status, stdout, said } = await gammats(["info", `${base}/pha_obs23523.fits`, "--json"]);
    expect(said).toMatch(new RegExp(`pha_obs23523\\.fits.*pha_obs23523_${kind.toLowerCase()}\\.fits`));
    expect([status, stdout]).toEqual([2, ""]);
  });

  it.each([
    [
      "300000",
      /Fermi-LAT\.fits: about 377 kB of memory are needed \(the bytes of the file 377 kB\), but 300 kB may be/,
    ],
    ["5e5", /the fit of dataset "Fermi-LAT": about .* of memory are needed \(templates of "Crab Nebula" /],
    ["4GB", /GAMMATS_MAX_BYTES is "4GB", expected a number of bytes above 0, such as 4e9/],
    ["-1", /GAMMATS_MAX_BYTES is "-1"/],
  ])("more memory than GAMMATS_MAX_BYTES=%s", async (limit, message) => {
    const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];
    const free = ["--free", "Crab Nebula.lon_0", "--free", "Crab Nebula.lat_0"];
    const { status, stderr } = await gammats(["fit", ...analysis, ...free], { GAMMATS_MAX_BYTES: limit });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it("an output folder that is not writable", async () => {
    // root may write anywhere but to folders of the kernel's
    const out = process.getuid?.() === 0 ? "/sys" : folder.path("locked");
    if (out !== "/sys") await mkdir(out, { mode: 0o500 });
    const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];
    const { status, stderr } = await gammats(["fit", ...analysis, "--out", out]);
    expect(stderr).toMatch(/the folder .* is not writable/);
    expect(status).toBe(2);
  });
});
