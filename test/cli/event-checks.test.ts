/** What `validate` says of event data: of sound runs nothing, of each field that is used and broken where it is. */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Column, type Hdu, makeColumn, type TableHdu, tableHdu, writeFits } from "../../src/fits/index.js";
import { card } from "../../src/io/cards.js";
import { gammapyData } from "../environment.js";
import { background2d, gaussPsf, kingPsf, radMax } from "../reduce/made-responses.js";
import { madeRun } from "../reduce/made-run.js";
import { type Folder, gammats, temporaryFolder } from "./run.js";

let folder: Folder;
let count = 0;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

interface Found {
  readonly status: number;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

async function validate(path: string): Promise<Found> {
  const run = await gammats(["validate", path, "--json"]);
  expect(run.stderr).toBe("");
  const { problems, warnings } = run.json();
  return { status: run.status, problems, warnings };
}

async function checked(hdus: readonly Hdu[], name = `case-${count++}.fits`): Promise<Found> {
  const path = folder.path(name);
  await writeFile(path, writeFits([...hdus]));
  return validate(path);
}

const sound = madeRun({ id: 3, seed: 3 }).hdus;
type Change = (table: TableHdu) => TableHdu;
const isTable = (hdu: Hdu): hdu is TableHdu => hdu.kind === "table";
const withChange = (hdus: readonly Hdu[], name: string, change: Change): Hdu[] =>
  hdus.map((hdu) => (isTable(hdu) && hdu.name === name ? change(hdu) : hdu));

const inColumn =
  (name: string, change: (column: Column) => Column | undefined): Change =>
  (table) => ({ ...table, columns: table.columns.flatMap((c) => (c.name === name ? (change(c) ?? []) : c)) });
const withValue =
  (index: number, value: number) =>
  (column: Column): Column => {
    const data = (column.data as Float64Array).slice();
    data[index] = value;
    return { ...column, data };
  };
const withKey =
  (key: string, value: string | number): Change =>
  (table) => ({ ...table, header: [...table.header.filter((c) => c.key !== key), card(key, value)] });
const without =
  (key: string): Change =>
  (table) => ({ ...table, header: table.header.filter((c) => c.key !== key) });

const missing = () => undefined;
const wrongUnit = (column: Column): Column => ({ ...column, unit: "kg" });
const asText = (column: Column): Column => ({
  name: column.name,
  format: "A",
  shape: column.shape,
  data: Array.from(column.data as Float64Array, () => "x"),
});

describe("a sound run", () => {
  it("has no problems and no warnings, alone and in a folder", async () => {
    expect(await checked(sound)).toEqual({ status: 0, problems: [], warnings: [] });
    await mkdir(folder.path("runs"));
    for (const id of [1, 2]) await writeFile(folder.path(`runs/${id}.fits`), madeRun({ id, seed: id }).bytes);
    expect(await validate(folder.path("runs"))).toEqual({ status: 0, problems: [], warnings: [] });
  });

  it("may have responses of all other classes", async () => {
    expect(await checked([gaussPsf(), kingPsf(), background2d(), radMax()])).toEqual({
      status: 0,
      problems: [],
      warnings: [],
    });
  });
});

/** Names of tables and of columns that are read of them. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  EVENTS: ["TIME", "RA", "DEC", "ENERGY"],
  GTI: ["START", "STOP"],
  "EFFECTIVE AREA": ["ENERG_LO", "ENERG_HI", "THETA_LO", "THETA_HI", "EFFAREA"],
  "ENERGY DISPERSION": ["ENERG_LO", "ENERG_HI", "MIGRA_LO", "MIGRA_HI", "THETA_LO", "THETA_HI", "MATRIX"],
  "POINT SPREAD FUNCTION": ["ENERG_LO", "ENERG_HI", "THETA_LO", "THETA_HI", "RAD_LO", "RAD_HI", "RPSF"],
  BACKGROUND: ["ENERG_LO", "ENERG_HI", "DETX_LO", "DETX_HI", "DETY_LO", "DETY_HI", "BKG"],
  GAUSS: ["ENERG_LO", "ENERG_HI", "THETA_LO", "THETA_HI", "SIGMA_1", "AMPL_2", "SIGMA_2", "AMPL_3", "SIGMA_3"],
  KING: ["ENERG_LO", "ENERG_HI", "THETA_LO", "THETA_HI", "GAMMA", "SIGMA"],
  OFFSETS: ["ENERG_LO", "ENERG_HI", "THETA_LO", "THETA_HI", "BKG"],
  RADII: ["ENERG_LO", "ENERG_HI", "THETA_LO", "THETA_HI", "RAD_MAX"],
};
const FIELDS = Object.entries(COLUMNS).flatMap(([hdu, names]) => names.map((name) => [hdu, name] as const));
const others = [gaussPsf(), kingPsf(), background2d(), radMax()];
const hdusWith = (name: string): readonly Hdu[] => (others.some((hdu) => hdu.name === name) ? others : sound);
const isEdge = (name: string) => /_(LO|HI)$/.test(name);
/** Of no unit. */
const isPlain = (name: string) => /^(MIGRA_|MATRIX|AMPL|GAMMA)/.test(name);
const isValue = (hdu: string, name: string) => !isEdge(name) && !["EVENTS", "GTI"].includes(hdu);

describe.each(FIELDS)("HDU %s, column %s", (hdu, name) => {
  const broken = (change: (column: Column) => Column | undefined) =>
    checked(withChange(hdusWith(hdu), hdu, inColumn(name, change)));
  const named = new RegExp(`case-\\d+\\.fits[,:] HDU ${hdu}.*\\b${name}\\b`);

  it("is named where it is missing", async () => {
    const { status, problems } = await broken(missing);
    expect([status, problems]).toEqual([2, [expect.stringMatching(named)]]);
  });

  it("is named where it is no number", async () => {
    const { status, problems } = await broken(asText);
    expect([status, problems]).toEqual([2, [expect.stringMatching(named)]]);
  });

  it("is named where its unit is another", async () => {
    const { status, problems } = await broken(wrongUnit);
    if (isPlain(name)) expect([status, problems]).toEqual([0, []]);
    else expect([status, problems]).toEqual([2, [expect.stringMatching(named)]]);
  });

  it("is named where a value is not finite", async () => {
    const { status, problems, warnings } = await broken(withValue(0, Number.NaN));
    if (name === "GAMMA") {
      // of 0 where SIGMA is not: no shape has that
      expect([status, problems]).toEqual([2, [expect.stringMatching(named)]]);
    } else if (isValue(hdu, name)) {
      // they count as 0, which is said
      expect([status, problems]).toEqual([0, []]);
      expect(warnings).toContainEqual(expect.stringMatching(new RegExp(`${named.source}: 1 of \\d+ values`)));
      expect((await broken(withValue(0, -1))).warnings).toContainEqual(expect.stringMatching(named));
    } else {
      expect([status, problems.length]).toEqual([2, 1]);
      expect(problems[0]).toMatch(hdu === "GTI" ? /HDU (GTI|EVENTS).*row 1/ : named);
    }
  });

  if (isEdge(name))
    it("is named where it does not increase, or bins do not touch", async () => {
      const last = Number(name.endsWith("_HI"));
      const { problems } = await broken((column) => withValue(column.shape[0]! - 1, -1 - last)(column));
      expect(problems).toEqual([expect.stringMatching(named)]);
    });

  if (isValue(hdu, name))
    it("is named where it has another shape", async () => {
      const { problems } = await broken((c) => {
        const data = (c.data as Float32Array).slice(1);
        return { ...c, data, shape: [data.length] };
      });
      expect(problems).toEqual([expect.stringMatching(named)]);
    });
});

describe.each<readonly [hdu: string, key: string, value: string | number]>([
  ["EVENTS", "MJDREFI", "x"],
  ["EVENTS", "MJDREFF", "x"],
  ["EVENTS", "TIMESYS", "?!"],
  ["EVENTS", "DEADC", 1.5],
  ["EVENTS", "DEADC", "x"],
  ["EVENTS", "RA_PNT", "x"],
  ["EVENTS", "DEC_PNT", 100],
  ["EVENTS", "RA_OBJ", 400],
  ["EVENTS", "GEOLAT", 91],
  ["GTI", "MJDREFI", "x"],
  ["GTI", "TIMESYS", "?!"],
  ["EFFECTIVE AREA", "LO_THRES", "1x"],
  ["EFFECTIVE AREA", "HI_THRES", -1],
  ["EFFECTIVE AREA", "RAD_MAX", -1],
  ["BACKGROUND", "FOVALIGN", "UP"],
])("HDU %s, keyword %s", (hdu, key, value) => {
  it(`is named where it is ${JSON.stringify(value)}`, async () => {
    const { status, problems } = await checked(withChange(sound, hdu, withKey(key, value)));
    expect(status).toBe(2);
    expect(problems).toContainEqual(expect.stringMatching(new RegExp(`fits[,:] HDU ${hdu}.*${key}`)));
  });
});

describe("what does not fit together", () => {
  it.each<readonly [string, (hdus: readonly Hdu[]) => readonly Hdu[], RegExp]>([
    ["no FOVALIGN", (h) => withChange(h, "BACKGROUND", without("FOVALIGN")), /HDU BACKGROUND has no keyword FOVALIGN/],
    ["no DEADC", (h) => withChange(h, "EVENTS", without("DEADC")), /HDU EVENTS has no keyword DEADC/],
    // 1000 s of good time, 95 % alive
    [
      "LIVETIME",
      (h) => withChange(h, "EVENTS", withKey("LIVETIME", 900)),
      /EVENTS, keyword LIVETIME: found 900 s, expected 950 s/,
    ],
    [
      "events outside of good times",
      (h) => withChange(h, "GTI", inColumn("STOP", withValue(0, 3100))),
      /observation 3: \d+ of 1600 events lie outside/,
    ],
    [
      "a psf of twice the density",
      (h) =>
        withChange(
          h,
          "POINT SPREAD FUNCTION",
          inColumn("RPSF", (c) => ({ ...c, data: (c.data as Float32Array).map((x) => 2 * x) })),
        ),
      /POINT SPREAD FUNCTION: the integral of the psf over the solid angle is (1\.9|2).* in 72 of 72 bins.*expected 1/,
    ],
    [
      "an energy dispersion of half the density",
      (h) =>
        withChange(
          h,
          "ENERGY DISPERSION",
          inColumn("MATRIX", (c) => ({ ...c, data: (c.data as Float32Array).map((x) => x / 2) })),
        ),
      /ENERGY DISPERSION: the integral of dP\/dmigra over migra .*is (0\.5|0\.49).* in 72 of 72 bins.*expected 1/,
    ],
    ["no good times", (h) => h.filter(({ name }) => name !== "GTI"), /EVENTS: there is no table GTI/],
    ["no area", (h) => h.filter(({ name }) => name !== "EFFECTIVE AREA"), /there is no aeff/],
    [
      "an area for a radius that nothing says",
      (h) => withChange(h, "EFFECTIVE AREA", withKey("HDUCLAS3", "POINT-LIKE")),
      /EFFECTIVE AREA: the area is POINT-LIKE, and neither/,
    ],
    [
      "enclosures that differ",
      (h) => withChange(h, "EFFECTIVE AREA", withKey("HDUCLAS3", "POINT-LIKE")),
      /HDUCLAS3 of EFFECTIVE AREA is POINT-LIKE, of ENERGY DISPERSION/,
    ],
    [
      "energies of another kind",
      (h) =>
        withChange(h, "EFFECTIVE AREA", (table) => ({
          ...table,
          columns: table.columns.map((c) =>
            c.name === "ENERG_LO" ? { ...c, data: table.columns.find(({ name }) => name === "ENERG_HI")!.data } : c,
          ),
        })),
      /true energies of ENERGY DISPERSION, POINT SPREAD FUNCTION are edges.*those of EFFECTIVE AREA single/,
    ],
    [
      "a class that is not known",
      (h) => withChange(h, "POINT SPREAD FUNCTION", withKey("HDUCLAS4", "PSF_NEW")),
      /POINT SPREAD FUNCTION: a response of the class PSF_NEW is not read/,
    ],
  ])("is said: %s", async (_, change, expected) => {
    const { status, problems, warnings } = await checked(change(sound));
    expect([status, problems]).toEqual([0, []]);
    expect(warnings).toContainEqual(expect.stringMatching(expected));
  });

  it.each<readonly [string, (hdus: readonly Hdu[]) => readonly Hdu[], RegExp]>([
    [
      "an area of 0",
      (h) =>
        withChange(
          h,
          "EFFECTIVE AREA",
          inColumn("EFFAREA", (c) => ({ ...c, data: new Float32Array((c.data as Float32Array).length) })),
        ),
      /EFFECTIVE AREA: the effective area is 0 everywhere/,
    ],
    [
      "limits that cross",
      (h) =>
        withChange(withChange(h, "EFFECTIVE AREA", withKey("LO_THRES", 2)), "EFFECTIVE AREA", withKey("HI_THRES", 1)),
      /LO_THRES 2 and HI_THRES 1 TeV/,
    ],
    [
      "no events that can be",
      (h) => withChange(h, "EVENTS", inColumn("ENERGY", withValue(4, -2))),
      /EVENTS, column ENERGY: found -2 in row 5, expected an energy above 0; so are 1 of 1600/,
    ],
    [
      "good times backwards",
      (h) => withChange(h, "GTI", inColumn("STOP", withValue(0, 10))),
      /HDU GTI: row 1 goes from 3000 s to 10 s/,
    ],
  ])("is a problem: %s", async (_, change, expected) => {
    const { status, problems } = await checked(change(sound));
    expect([status, problems]).toEqual([2, [expect.stringMatching(expected)]]);
  });
});

describe("drafts of other formats", () => {
  it("are named, and not supported", async () => {
    const vodf = withChange(sound, "EVENTS", (t) => ({ ...t, name: "event-list" }));
    const { status, problems } = await checked(vodf);
    expect([status, problems]).toEqual([2, [expect.stringMatching(/draft of VODF.*not supported/)]]);
    await writeFile(folder.path("x.asdf"), new Uint8Array([...new TextEncoder().encode("#ASDF 1.0.0\n"), 0, 1]));
    expect((await validate(folder.path("x.asdf"))).problems).toEqual([
      expect.stringMatching(/ASDF file.*not supported/),
    ]);
    const info = await gammats(["info", folder.path("x.asdf")]);
    expect([info.status, info.stdout]).toEqual([0, expect.stringContaining("not supported")]);
  });
});

/** Copies of real folders keep their index, and lack some of its files. */
const FOLDERS: Readonly<
  Record<string, { readonly problems: readonly RegExp[]; readonly warnings: readonly RegExp[] }>
> = {
  "hess-dl3-dr1": {
    problems: [/101 of 105 files that the index names are not there: .*020136\.fits\.gz.* and 96 more/],
    warnings: [
      /HDU EDISP, and in 3 more: .* 15 to 21 of 576 bins/,
      /HDU PSF, and in 3 more: .* 11 of 192 bins.*50 are empty/,
    ],
  },
  // without the index
  "hess-dl3-dr1/data": { problems: [], warnings: [/HDU EDISP, and in 3 more/, /HDU PSF, and in 3 more/] },
  "magic/rad_max/data": { problems: [], warnings: [] },
  "veritas/crab-point-like-ED": { problems: [], warnings: [] },
  "cta-1dc/index/gps": {
    problems: [/3 of 5 files that the index names are not there/],
    warnings: [/HDU BACKGROUND has no keyword FOVALIGN/, /ENERGY DISPERSION: the integral of dP\/dmigra/],
  },
};

describe.skipIf(gammapyData === null).each(Object.entries(FOLDERS))("gammats validate of %s", (path, expected) => {
  it("says what is missing and not normalised, and nothing else", async () => {
    const { status, problems, warnings } = await validate(`${gammapyData}/${path}`);
    expect(status).toBe(expected.problems.length === 0 ? 0 : 2);
    expect(problems).toEqual(expected.problems.map((text) => expect.stringMatching(text)));
    expect(warnings).toEqual(expected.warnings.map((text) => expect.stringMatching(text)));
  });
});

describe.skipIf(gammapyData === null)("integrals of psf and energy dispersion of a H.E.S.S. run", () => {
  const { files, norms } = JSON.parse(readFileSync("test/oracle/event_files.json", "utf8"));

  it.each(Object.entries<Record<string, number>>(norms["hess-dl3-dr1"]))(
    "%s: are those of numpy",
    async (hdu, expected) => {
      const { warnings } = await validate(`${gammapyData}/${Object.keys(files)[0]}`);
      const found = warnings.map((text) =>
        new RegExp(`HDU ${hdu}: .* is (\\S+) to (\\S+) in (\\d+) of (\\d+) bins.*\\((\\d+) are empty`).exec(text),
      );
      const [, min, max, off, bins, empty] = found.find((match) => match !== null)!.map(Number) as number[];
      expect({ off, bins, empty }).toEqual({ off: expected.off, bins: expected.bins, empty: expected.empty });
      // five digits are said
      expect(min! / expected.min!).toBeCloseTo(1, 4);
      expect(max! / expected.max!).toBeCloseTo(1, 4);
    },
  );
});

/** A folder of two runs with index files, whose responses lie in the file of the first. */
async function indexed(name: string, change: (rows: string[][]) => string[][] = (rows) => rows): Promise<string> {
  const base = folder.path(name);
  await mkdir(base);
  for (const id of [1, 2]) await writeFile(`${base}/${id}.fits`, madeRun({ id, seed: id }).bytes);
  const types = [
    ["events", "events", "EVENTS"],
    ["gti", "gti", "GTI"],
    ["aeff", "aeff_2d", "EFFECTIVE AREA"],
    ["edisp", "edisp_2d", "ENERGY DISPERSION"],
  ] as const;
  const rows = ["1", "2"].flatMap((id) =>
    types.map(([type, of, hdu], k) => [id, type, of, "", k < 2 ? `${id}.fits` : "1.fits", hdu]),
  );
  const changed = change(rows);
  const columns = ["OBS_ID", "HDU_TYPE", "HDU_CLASS", "FILE_DIR", "FILE_NAME", "HDU_NAME"];
  const table = tableHdu(
    "HDU_INDEX",
    columns.map((column, k) =>
      makeColumn(
        column,
        changed.map((row) => row[k]!),
      ),
    ),
    [card("HDUCLAS1", "INDEX"), card("HDUCLAS2", "HDU")],
  );
  await writeFile(`${base}/hdu-index.fits`, writeFits([table]));
  return base;
}

describe("a folder with an index", () => {
  const noTable = /has no obs-index\.fits\.gz/;

  it("has no problems where all is there", async () => {
    const base = await indexed("sound");
    const { status, problems, warnings } = await validate(base);
    expect([status, problems, warnings]).toEqual([0, [], [expect.stringMatching(noTable)]]);
    // the index alone says the same
    expect(await validate(`${base}/hdu-index.fits`)).toEqual({ status: 0, problems: [], warnings: [] });
    const [info] = (await gammats(["info", base, "--json"])).json();
    expect(info).toMatchObject({ kind: "observations", n_observations: 2, instruments: ["MADE"], missing: [] });
    expect(info.classes).toEqual({ events: 2, gti: 2, aeff_2d: 2, edisp_2d: 2 });
  });

  it.each<readonly [string, (rows: string[][]) => string[][], RegExp]>([
    [
      "a file that is not there",
      (rows) => rows.map((r) => r.with(4, r[4]!.replace("2.fits", "9.fits"))),
      /1 of 2 files that the index names are not there: .*9\.fits/,
    ],
    [
      "an HDU that is not there",
      (rows) => rows.map((r) => r.with(5, r[5]!.replace("GTI", "GTIS"))),
      /1\.fits: no HDU "GTIS"/,
    ],
    [
      "another HDU",
      (rows) => rows.map((r) => r.with(5, r[5]!.replace("EFFECTIVE AREA", "GTI"))),
      /1\.fits, HDU GTI.*EFFAREA/,
    ],
    ["no good times", (rows) => rows.filter((r) => r[1] !== "gti"), /observation 1: found no HDU of the type gti/],
  ])("has a problem: %s", async (_, change, expected) => {
    const { status, problems } = await validate(await indexed(`index-${count++}`, change));
    expect(status).toBe(2);
    expect(problems[0]).toMatch(expected);
  });

  it("says which observations have other responses than the others", async () => {
    const { problems, warnings } = await validate(
      await indexed("differ", (rows) => rows.filter((r) => r[0] === "1" || r[1] !== "edisp")),
    );
    expect(problems).toEqual([]);
    expect(warnings.join("\n")).toMatch(/differ in their responses: aeff_2d, edisp_2d \(1\); aeff_2d \(2\)/);
    expect(warnings.join("\n")).toMatch(/observation 2: there is no edisp/);
  });

  it("names a damaged file once", async () => {
    const base = await indexed("damaged");
    await writeFile(`${base}/1.fits`, madeRun({ id: 1, seed: 1 }).bytes.slice(0, 20_000));
    const { problems } = await validate(base);
    expect(problems).toEqual([expect.stringMatching(/1\.fits.*truncated/)]);
  });
});
