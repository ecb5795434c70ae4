/** Spectra as X-ray and gamma-ray burst missions write them: the counts, predicted counts and statistics of Sherpa. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileDataset, npredSignal } from "../../src/api/datasets.js";
import { createSubmodel } from "../../src/api/models.js";
import { grouped } from "../../src/cli/dataset-changes.js";
import type { OnOffDataset } from "../../src/datasets/types.js";
import { createResponses } from "../../src/fold/response.js";
import { memoryFiles } from "../../src/io/files.js";
import { contentsOf, openKnown } from "../../src/io/formats/use.js";
import { enoughSignificance, groupUntil } from "../../src/io/ogip/grouping.js";
import { readOgip } from "../../src/io/ogip/read.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { standardRegistry } from "../../src/io/registry.js";
import { randomStream as createRandom } from "../../src/math/random.js";
import { skyModel } from "../../src/models/create.js";
import type { Models } from "../../src/models/types.js";
import { axisEdges } from "../../src/sky/index.js";
import { sherpaPython } from "../environment.js";
import stored from "../oracle/xray_spectra.json" with { type: "json" };
import { BOUNDS, burst, CHANNELS, fitsFile, type Matrix, matrixHdus, oneByOne } from "./xray-files.js";

/** Amplitude at 100 keV in cm-2 s-1 keV-1, and index. */
const POINTS = [
  [0.01, 1.5],
  [0.02, 1.2],
  [0.005, 2.5],
] as const;
/** Energies are converted from keV, where Sherpa keeps them (1e-12); sums of 16 logarithms are rounded. */
const RELATIVE = 1e-9;

const KEV = 1e9; // a TeV in keV
const power = ([amplitude, index]: readonly [number, number]): Models => ({
  components: [
    skyModel({
      name: "source",
      spectral: createSubmodel("pl", { amplitude: amplitude * KEV, index, reference: "100 keV" }),
    }),
  ],
});

const files: Record<string, Uint8Array> = { ...burst(), ...oneByOne() };
const entry = (name: string, more: Record<string, unknown>) => ({ name, ...more });
const RSP = "burst_1.rsp";
const SPECTRA = [
  ...[1, 2, 3].map((n) =>
    entry(`burst ${n}`, {
      pha: "burst.pha2",
      row: n - 1,
      exposure: [2, 3.5, 1.25][n - 1],
      rsp: `burst_${n === 1 ? 1 : 2}.rsp`,
      bkg: "burst.bak",
      stats: ["wstat"],
    }),
  ),
  entry("rate", { pha: "rate.pha", rsp: RSP, bkg: "rate.bak", errors: true, subtract: true, stats: ["chi2"] }),
  entry("net", { pha: "net.pha", rsp: RSP, errors: true, stats: ["chi2"] }),
  entry("system", {
    pha: "system.pha",
    rsp: RSP,
    bkg: "system.bak",
    errors: true,
    subtract: true,
    // chi2modvar of Sherpa leaves out the variance of the background, which its own documentation has in it
    stats: ["chi2datavar", "chi2gehrels"],
  }),
  entry("bare", { pha: "bare.pha", rsp: RSP, stats: ["cstat", "chi2datavar", "chi2modvar"] }),
];

interface Found {
  readonly counts: readonly number[];
  readonly npred: readonly (readonly number[])[];
  readonly stat: Readonly<Record<string, readonly number[]>>;
}
type Stored = { readonly points: readonly (readonly number[])[]; readonly found: Readonly<Record<string, Found>> };

const near = (found: ArrayLike<number>, expected: readonly number[], what: string) => {
  expect(found.length, what).toBe(expected.length);
  for (const [i, x] of expected.entries()) expect(Math.abs(found[i]! / x - 1), `${what}, ${i}`).toBeLessThan(RELATIVE);
};

function compare(dataset: OnOffDataset, { counts, npred, stat }: Found): void {
  expect(Array.from(dataset.counts!.data)).toEqual(counts);
  for (const [k, point] of POINTS.entries()) {
    near(npredSignal(dataset, power(point)).data, npred[k]!, `npred at point ${k}`);
    for (const [name, values] of Object.entries(stat)) {
      const { term } = compileDataset({ ...dataset, statistic: name } as OnOffDataset, power(point));
      near([term.value(Float64Array.of(point[1], point[0] * KEV))], [values[k]!], `${name} at point ${k}`);
    }
  }
}

describe("spectra of X-ray and burst missions", () => {
  const kept = process.env.GAMMATS_XRAY_FOLDER;
  let folder: string;
  beforeAll(async () => {
    folder = kept ?? (await mkdtemp(join(tmpdir(), "gammats-xray-")));
    for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
    await writeFile(join(folder, "list.json"), JSON.stringify({ spectra: SPECTRA, points: POINTS }));
  });
  afterAll(() => (kept === undefined ? rm(folder, { recursive: true, force: true }) : undefined));

  const access = memoryFiles(files);
  const notesOf = async (path: string) => {
    const notes: string[] = [];
    const dataset = await readOgip(path, access, { onNote: (note) => notes.push(note) });
    return { dataset, notes };
  };

  const same = async ({ points, found }: Stored) => {
    expect(points).toEqual(POINTS);
    for (const n of [1, 2, 3]) compare((await notesOf(`burst.pha2{${n}}`)).dataset, found[`burst ${n}`]!);
    for (const name of ["rate", "net", "system", "bare"]) compare((await notesOf(`${name}.pha`)).dataset, found[name]!);
  };
  it("have the numbers of Sherpa 4.19", () => same(stored));
  it.runIf(sherpaPython)("have those of Sherpa as it runs here", () =>
    same(
      JSON.parse(
        execFileSync(sherpaPython!, [join(import.meta.dirname, "../oracle/xray_spectra.py"), folder], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        }),
      ),
    ),
  );

  it("are all read where none is asked for, each with its name, exposure and times", async () => {
    const open = (path: string) =>
      openKnown(path, access, standardRegistry.formats).then((file) =>
        contentsOf(file, { files: access, registry: standardRegistry, responses: createResponses() }),
      );
    const { datasets = [], warnings } = await open("burst.pha2");
    expect(datasets.map(({ name }) => name)).toEqual(["burst-1", "burst-2", "burst-3"]);
    expect(datasets.map((d) => (d as OnOffDataset).livetime)).toEqual([2, 3.5, 1.25]);
    expect(datasets.map(({ meta }) => meta?.TSTART)).toEqual([0, 2, 5.5]);
    expect(warnings?.[0]).toBe(
      "burst.pha2: HDU SPECTRUM: 3 spectra, a row each; all are taken, burst.pha2{1} is one of them and {1-3} a range",
    );
    const some = await open("burst.pha2[SPECTRUM]{1,3}");
    expect(some.datasets?.map(({ name }) => name)).toEqual(["burst-1", "burst-3"]);
    await expect(open("burst.pha2{4}")).rejects.toThrow(/the spectrum \{4\} asked for, expected one of its 3/);
    await expect(open("burst.pha2{a}")).rejects.toThrow(/found \{a\}, expected numbers of spectra/);
    await expect(open("burst_1.rsp{1}")).rejects.toThrow(/burst_1.rsp/);
  });

  it("say which they are where one is needed", async () => {
    await expect(readOgip("burst.pha2", access)).rejects.toThrow(
      /found 3 spectra, a row each, expected one; say which: burst.pha2\{1\}/,
    );
  });

  /** The response of the first interval, laid out in another way. */
  const laidOut = async (matrix: Matrix) => {
    const rsp2 = fitsFile(...matrixHdus(matrix));
    const notes: string[] = [];
    const found = await readOgip("burst.pha2{1}", memoryFiles({ ...files, "burst.rsp2": rsp2 }), {
      onNote: (note) => notes.push(note),
    });
    return { found, notes };
  };
  const standard: Matrix = { version: 1, tlmin: 1, first: 1 };

  it("count channels from 0 or 1, whether the file says it or not", async () => {
    const { npred } = stored.found["burst 1"];
    for (const [tlmin, first, note] of [
      [0, 0, undefined],
      [1, 1, undefined],
      [undefined, 0, /counted from 0, as F_CHAN holds 0/],
      [undefined, 1, /counted from 1, as F_CHAN holds 16 of 16/],
    ] as const) {
      const { found, notes } = await laidOut({ ...standard, tlmin, first });
      near(npredSignal(found, power(POINTS[0])).data, npred[0]!, `TLMIN ${tlmin}, first ${first}`);
      expect(notes).toEqual(note === undefined ? [] : [expect.stringMatching(note)]);
    }
  });

  it("have energies in eV, keV, MeV and GeV", async () => {
    const { npred } = stored.found["burst 1"];
    for (const unit of ["eV", "keV", "MeV", "GeV"]) {
      const { found } = await laidOut({ ...standard, unit });
      near(
        axisEdges(found.counts!.geom.axes[0]!),
        Array.from(BOUNDS, (e) => e / KEV),
        unit,
      );
      near(npredSignal(found, power(POINTS[0])).data, npred[0]!, unit);
    }
  });

  it("take the matrix of their time of several, and say which", async () => {
    const at = async (cards: string) => {
      const pha2 = files["burst.pha2"]!.slice();
      // RESPFILE without a number: the name of the file alone
      const text = new TextDecoder("latin1").decode(pha2).replaceAll(/burst\.rsp2\{\d\}/g, cards);
      const notes: string[] = [];
      const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
      const all = memoryFiles({ ...files, "burst.pha2": bytes });
      const first = [];
      for (const n of [1, 2, 3]) {
        const { exposure, livetime } = await readOgip(`burst.pha2{${n}}`, all, { onNote: (note) => notes.push(note) });
        first.push(exposure!.data[30]! / livetime!);
      }
      return { first, notes };
    };
    const { first, notes } = await at("burst.rsp2   ");
    // areas are proportional to the number of the matrix; the second interval is from 2 s to 5.5 s
    expect(first[1]! / first[0]!).toBeCloseTo(2, 12);
    expect(first[2]! / first[0]!).toBeCloseTo(2, 12);
    expect(notes[0]).toMatch(/of 2 matrices number 1 is used, which was measured at the time of the spectrum/);
    expect(notes[1]).toMatch(/number 2 is used/);
  });

  it("fold a matrix with an area whatever it says of itself, where no ARF is named", async () => {
    const { found, notes } = await laidOut({ ...standard, content: "DETECTOR" });
    near(npredSignal(found, power(POINTS[0])).data, stored.found["burst 1"].npred[0]!, "DETECTOR");
    expect(notes).toMatchObject([/taken to hold the effective area in cm2, though its HDUCLAS3 is not FULL/]);
  });

  it("say which statistic their errors ask for", async () => {
    const rate = await notesOf("rate.pha");
    expect(rate.dataset.statistic).toBe("chi2");
    expect(rate.notes).toMatchObject([
      /rate.pha: HDU SPECTRUM: RATE times the exposure of 2 s is taken for the counts, with the errors STAT_ERR/,
      /rate.bak: HDU SPECTRUM: RATE times/,
      /errors of the counts are given .*: the statistic is chi2/,
    ]);
    const half = await notesOf("half.pha");
    expect(half.dataset.statistic).toBe("pgstat");
    expect((await notesOf("net.pha")).notes.at(-1)).toMatch(/its background is subtracted already/);
    expect((await notesOf("system.pha")).dataset.statistic).toBeUndefined();
    const { warnings } = compileDataset({ ...rate.dataset, statistic: "wstat" } as OnOffDataset, power(POINTS[0]));
    expect(warnings).toMatchObject([
      /errors of the counts \(STAT_ERR\) and errors of the background .* are not used by the statistic "wstat"/,
    ]);
  });

  it("need a background, or a statistic that can do without", async () => {
    const { dataset } = await notesOf("bare.pha");
    expect(() => compileDataset(dataset, power(POINTS[0]))).toThrow(
      /no OFF counts, so wstat has no background.*--statistic cstat/,
    );
    const chi2 = { ...dataset, statistic: "chi2" } as OnOffDataset;
    expect(() => compileDataset(chi2, power(POINTS[0]))).toThrow(/"chi2" needs errors of the counts/);
  });

  it("are written with their errors", async () => {
    for (const name of ["rate", "half", "system", "net"]) {
      const { dataset } = await notesOf(`${name}.pha`);
      const again = await readOgip("s.fits", memoryFiles(writeOgip(dataset, { name: "s" })));
      for (const key of ["countsError", "countsOffError", "systematic"] as const) {
        expect(again[key]?.data, `${name} ${key}`).toEqual(dataset[key]?.data);
      }
      expect(again.statistic, name).toBe(dataset.statistic);
    }
  });

  it("draw toys with their errors, and fit them", async () => {
    const { dataset } = await notesOf("half.pha");
    const { data, parameters } = compileDataset(dataset, power(POINTS[0]));
    expect(parameters.length).toBe(2);
    const expected = data.expected(Float64Array.of(POINTS[0][1], POINTS[0][0] * KEV));
    const draw = data.simulator(Float64Array.of(POINTS[0][1], POINTS[0][0] * KEV));
    const random = createRandom(5);
    const off = Float64Array.from({ length: 4000 }, () => {
      const out = new Float64Array(expected.length);
      draw(random, out);
      return out[CHANNELS + 3]!;
    });
    const mean = off.reduce((a, b) => a + b, 0) / off.length;
    const width = Math.sqrt(off.reduce((a, b) => a + (b - mean) ** 2, 0) / off.length);
    // 4000 draws: 1.1 % of the width
    expect(width / dataset.countsOffError!.data[3]! - 1).toBeLessThan(0.05);
    expect(Math.abs(mean - expected[CHANNELS + 3]!) / width).toBeLessThan(0.07);
  });
});

describe("channels of spectra put together", () => {
  /** Sherpa 4.19 of bare.pha (`group_counts`, `group_snr`, `group_width`, `group_bins`): channels in each bin, without what is left at the end. */
  it.each([
    ["min 150", [2, 2, 3, 3, 3]],
    // Sherpa adds the last channel, which is not enough, to the last of these bins
    ["snr 12", [2, 2, 2, 3, 3, 3]],
    ["width 3", [3, 3, 3, 3, 3]],
    ["width 4", [4, 4, 4, 4]],
    ["bins 5", [3, 3, 3, 3, 3]],
    ["bins 7", [2, 2, 2, 2, 2, 2, 2, 2]],
  ])("%s are Sherpa's bins", async (rule, expected) => {
    const dataset = await readOgip("bare.pha", memoryFiles(files));
    const context = { onNote: () => {}, using: { registry: standardRegistry } } as unknown as Parameters<
      typeof grouped
    >[3];
    const found = grouped(dataset, rule, "--group", context, true) as OnOffDataset;
    const edges = axisEdges(found.counts!.geom.axes[0]!);
    const used = Array.from(found.maskSafe!.data, (x, i) => (x === 1 ? i : -1)).filter((i) => i >= 0);
    const all = BOUNDS.map((e) => e / KEV);
    const channel = (e: number) => all.findIndex((x) => Math.abs(x / e - 1) < 1e-6);
    expect(used.map((i) => channel(edges[i + 1]!) - channel(edges[i]!))).toEqual(expected);
  });

  it("have an excess of the significance that is asked for", async () => {
    const dataset = await readOgip("burst.pha2{1}", memoryFiles(files));
    const { dataset: found, bins } = groupUntil(dataset, enoughSignificance(dataset, 2));
    expect(bins).toBeGreaterThan(1);
    const [n, m] = [found.counts!.data[1]!, found.countsOff!.data[1]!];
    const alpha = found.acceptance.data[1]! / found.acceptanceOff!.data[1]!;
    // Li & Ma 1983, equation 17
    const liMa = Math.sqrt(
      2 * (n * Math.log(((1 + alpha) / alpha) * (n / (n + m))) + m * Math.log((1 + alpha) * (m / (n + m)))),
    );
    expect(liMa).toBeGreaterThanOrEqual(2);
  });
});
