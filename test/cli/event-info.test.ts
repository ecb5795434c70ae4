/** What `gammats info` says of event lists and responses, against Gammapy 2.1 (test/oracle/event_files.py) and of made files. */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hdu, type TableHdu, writeFits } from "../../src/fits/index.js";
import { gammapyData } from "../environment.js";
import { madeRun } from "../reduce/made-run.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const isTable = (hdu: Hdu): hdu is TableHdu => hdu.kind === "table";

async function info(hdus: readonly Hdu[]) {
  const path = folder.path("made.fits");
  await writeFile(path, writeFits([...hdus]));
  const { status, said, stdout } = await gammats(["info", path]);
  const { stdout: json } = await gammats(["info", path, "--json"]);
  return { status, said, stdout, document: JSON.parse(json)[0] };
}

describe("gammats info of made files", () => {
  const { hdus } = madeRun({ id: 7, seed: 7 });

  it("says what a file with events and all responses holds", async () => {
    const { status, stdout, document } = await info(hdus);
    expect(status).toBe(0);
    expect(document).toMatchObject({ kind: "events", observation: "7", telescope: "MADE", target: "Crab" });
    // 53343 + 7000 s, a whole 1000 s and 5 % dead time (madeRun)
    expect(stdout).toContain("2004-12-04T01:56:40.000 to 2004-12-04T02:13:20.000 (TT)");
    expect(stdout).toContain("950 s: 1 interval of 1000 s together, 5 % dead time");
    expect(document).toMatchObject({ n_events: 1600, ontime: 1000, live_fraction: 0.95, header_livetime: 950 });
    expect(document.livetime).toBeCloseTo(950, 9);
    expect(document.responses.map((r: { class: string }) => r.class)).toEqual([
      "aeff_2d",
      "edisp_2d",
      "psf_table",
      "bkg_3d",
    ]);
    expect(document.responses[3]).toMatchObject({ fov_align: "RADEC", alignment: "radec" });
  });

  it("says what responses alone hold, and that FOVALIGN is absent", async () => {
    const responses = hdus
      .slice(2)
      .map((hdu) => ({ ...hdu, header: hdu.header.filter(({ key }) => key !== "FOVALIGN") }) as Hdu);
    const { status, stdout, document } = await info(responses);
    expect([status, document.kind, document.responses.length]).toEqual([0, "responses", 4]);
    expect(stdout).toContain("RADEC (no FOVALIGN)");
    expect(document.warnings.join()).toMatch(/made\.fits, HDU BACKGROUND has no keyword FOVALIGN/);
  });

  it("says what of a file cannot be read, and the rest of it", async () => {
    const broken = hdus.map((hdu) =>
      isTable(hdu) && hdu.name === "ENERGY DISPERSION"
        ? { ...hdu, columns: hdu.columns.filter(({ name }) => name !== "MIGRA_HI") }
        : hdu,
    );
    const { status, stdout, document } = await info(broken);
    expect(status).toBe(0);
    expect(document.responses).toHaveLength(3);
    expect(document.problems).toEqual([expect.stringMatching(/made\.fits, HDU ENERGY DISPERSION.*MIGRA_HI/)]);
    expect(stdout).toContain("problem: ");
  });

  it("gives the tables of events and responses", async () => {
    await info(hdus);
    const table = async (name: string) =>
      JSON.parse((await gammats(["info", folder.path("made.fits"), "--table", name, "--format", "json"])).stdout);
    expect((await table("responses")).rows).toHaveLength(4);
    // 2 of the area, 3 of the others
    expect((await table("axes")).rows).toHaveLength(11);
    expect((await table("columns")).rows[4]).toMatchObject({ column: "ENERGY", unit: "TeV" });
  });
});

type Axis = readonly [string, number, number, number];
interface Expected {
  readonly [key: string]: unknown;
  readonly livetime?: number;
  readonly responses?: Record<string, { axes: Axis[]; point_like: boolean; max?: number }>;
}
const { files, folders } = JSON.parse(readFileSync("test/oracle/event_files.json", "utf8")) as {
  files: Record<string, Expected>;
  folders: Record<string, { n_observations: number; livetime: number; missing: number; crab: number }>;
};

describe.skipIf(gammapyData === null)("gammats info of the folder hess-dl3-dr1", () => {
  it("has the numbers of its index files, as Astropy reads them", async () => {
    const path = `${gammapyData}/hess-dl3-dr1`;
    const { n_observations, livetime, missing, crab } = folders["hess-dl3-dr1"]!;
    const [found] = (await gammats(["info", path, "--json"])).json();
    expect(found).toMatchObject({ n_observations, instruments: ["HESS, H.E.S.S. Phase I"], time_scale: "tt" });
    expect(found.missing).toHaveLength(missing);
    expect(Math.abs(found.livetime - livetime)).toBeLessThan(1e-9 * livetime);
    const target = found.targets.find((t: { target: string }) => t.target === "Crab Nebula");
    expect(target.observations).toBe(crab);
    const rows = async (name: string) =>
      JSON.parse((await gammats(["info", path, "--table", name, "--format", "json"])).stdout).rows;
    expect(await rows("observations")).toHaveLength(n_observations);
    expect((await rows("targets")).length).toBe(found.targets.length);
    // each index file says its part
    const [ofTable] = (await gammats(["info", `${path}/obs-index.fits.gz`, "--json"])).json();
    expect(ofTable).toMatchObject({ kind: "obs-index", n_observations, missing: [] });
    const [ofHdus] = (await gammats(["info", `${path}/hdu-index.fits.gz`, "--json"])).json();
    expect(ofHdus).toMatchObject({ kind: "hdu-index", n_observations, classes: found.classes });
  });
});

describe.skipIf(gammapyData === null).each(Object.entries(files))("gammats info of %s", (path, expected) => {
  it("has the numbers of Gammapy", async () => {
    const [found] = (await gammats(["info", `${gammapyData}/${path}`, "--json"])).json();
    const { responses = {}, pointing, ...numbers } = expected;
    for (const [name, value] of Object.entries(numbers)) {
      // both are float64: sums of 9e4 intervals, and MJD of which the seconds were added in another order
      if (typeof value === "number") expect(Math.abs(found[name] - value), name).toBeLessThanOrEqual(1e-12 * value);
      else expect(found[name], name).toEqual(value);
    }
    if (pointing !== undefined) {
      const { ra, dec } = pointing as { ra: number; dec: number };
      expect(found.pointing.ra).toBeCloseTo(ra, 9);
      expect(found.pointing.dec).toBeCloseTo(dec, 9);
    }
    // of a RAD_MAX keyword Gammapy makes a table
    const { rad_max, ...rest } = responses;
    const radii = found.responses?.find((r: { rad_max?: number }) => r.rad_max !== undefined);
    if (radii !== undefined) expect(radii.rad_max).toBeCloseTo(rad_max!.max!, 12);
    const tables = radii === undefined ? responses : rest;
    const classes = (found.responses ?? []).map((r: { class: string }) => r.class.replace(/_(2d|3d|table)$/, ""));
    expect(classes.sort()).toEqual(Object.keys(tables).sort());
    for (const [name, { axes, point_like, max }] of Object.entries(tables)) {
      const own = found.responses.find((r: { class: string }) => r.class.startsWith(name));
      expect(own.point_like).toBe(point_like);
      const ranges = own.axes.map((a: { name: string; bins: number; from: number; to: number }) => [
        a.name,
        a.bins,
        a.from,
        a.to,
      ]);
      for (const [k, axis] of axes.entries()) {
        expect(ranges[k].slice(0, 2)).toEqual(axis.slice(0, 2));
        // Gammapy takes energies there and back through a logarithm
        for (const i of [2, 3] as const) expect(Math.abs(ranges[k][i] - axis[i])).toBeLessThan(1e-12 * axis[3]);
      }
      if (max !== undefined) expect(own.values[0].max / max).toBeCloseTo(1, 6);
    }
  });
});
