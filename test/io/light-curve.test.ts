import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recognise } from "../../src/api/files.js";
import { createSubmodel, dnde, energyFlux, flux } from "../../src/api/models.js";
import type { FluxPoints, LightCurve, SedType } from "../../src/datasets/types.js";
import { makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import { readLightCurve, writeLightCurve } from "../../src/io/flux-points/light-curve.js";
import { type ReferenceSpectrum, referenceValues } from "../../src/io/flux-points/quantities.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { intervalsInMjd, mjdIntervals } from "../../src/time/intervals.js";
import { python } from "../environment.js";
import { disk, runPython } from "./disk.js";

const SEDS: readonly SedType[] = ["dnde", "e2dnde", "flux", "eflux", "likelihood"];
const script = join(import.meta.dirname, "../oracle/light_curve_io.py");
const oracle = JSON.parse(await readFile(new URL("../oracle/light_curve.json", import.meta.url), "utf8"));
const field = JSON.parse(await readFile(new URL("../oracle/field_files.json", import.meta.url), "utf8"));
const spectrum = createSubmodel("LogParabolaSpectralModel", oracle.spectrum);
const reference: ReferenceSpectrum = {
  dnde: (e) => dnde(spectrum, [e])[0]!,
  flux: (a, b) => flux(spectrum, [a], [b])[0]!,
  eflux: (a, b) => energyFlux(spectrum, [a], [b])[0]!,
};

/** Three intervals of two energies; the second without data at high energies. */
function example(timeScale = "tt"): LightCurve {
  const nodes = Float64Array.of(1, 3, 10);
  const [lo, hi] = [nodes.subarray(0, 2), nodes.subarray(1)];
  const centres = lo.map((e, i) => Math.sqrt(e * hi[i]!));
  const points = [0.5, 2, 1].map((x, t): FluxPoints => {
    const two = (a: number, b: number) => Float64Array.of(a, t === 1 ? Number.NaN : b);
    return {
      energy: { name: "energy", unit: "TeV", interp: "log", nodeType: "edges", nodes },
      sedType: "dnde",
      reference: referenceValues(reference, centres, lo, hi),
      norm: two(x, 1.1 * x),
      normErr: two(0.1, 0.2),
      normErrn: two(0.09, 0.18),
      normErrp: two(0.11, 0.22),
      normUl: two(x + 0.3, x + 0.5),
      ts: two(30, 1),
      sqrtTs: two(Math.sqrt(30), 1),
      stat: two(4, 5),
      statNull: two(34, 6),
      npred: two(12, 3),
      npredExcess: two(10, 2),
      counts: Float64Array.of(11, 4),
      success: Uint8Array.of(1, t === 1 ? 0 : 1),
      normScan: Float64Array.of(0.2, 1, 5, 0.2, 1, 5),
      statScan: Float64Array.of(6, 4, 30, 7, 5, 20),
      nSigma: 1,
      nSigmaUl: 2,
    };
  });
  const time = mjdIntervals(
    [
      [53343.25, 53343.5],
      [53344.125, 53344.25],
      [57753.5, 57754.5],
    ],
    timeScale,
  );
  return { time, points };
}

function expectSame(found: LightCurve, expected: LightCurve): void {
  expect(found.time.timeScale).toBe("tt");
  const times = intervalsInMjd(expected.time, "tt");
  // MJD in float64
  for (const [i, [start, stop]] of intervalsInMjd(found.time).entries()) {
    expect(86400 * Math.abs(start - times[i]![0])).toBeLessThan(1e-6);
    expect(86400 * Math.abs(stop - times[i]![1])).toBeLessThan(1e-6);
  }
  for (const [i, points] of found.points.entries()) {
    for (const [key, values] of Object.entries(expected.points[i]!)) {
      if (key === "sedType" || key === "meta" || key === "reference") continue;
      if (!(values instanceof Float64Array)) continue;
      const own = points[key as "norm"]!;
      expect(own.length, key).toBe(values.length);
      own.forEach((x, k) => {
        if (Number.isNaN(values[k]!)) expect(x, key).toBeNaN();
        else expect(Math.abs(x / values[k]! - 1), key).toBeLessThan(1e-12);
      });
    }
    expect(points.success).toEqual(expected.points[i]!.success);
    expect(points.nSigmaUl).toBeCloseTo(2, 12);
  }
}

describe("light curve files", () => {
  it.each(["fits", "ecsv"] as const)("keep a light curve in %s, in any time scale", (format) => {
    for (const scale of ["tt", "utc"]) {
      const bytes = writeLightCurve(example(scale), { format });
      expect(recognise(bytes, "curve").kind).toBe("light-curve");
      expectSame(readLightCurve(bytes, { where: "curve" }), example(scale));
      for (const sedType of SEDS) {
        const typed = writeLightCurve(example(scale), { format, sedType });
        expectSame(readLightCurve(typed, { where: "curve", reference }), example(scale));
      }
    }
  });

  it.each(["fits", "ecsv"] as const)("keep a curve whose scans hold no values as one without, in %s", (format) => {
    const points = example().points.map(({ normScan: _, statScan: _1, ...others }) => others);
    const curve = { ...example(), points };
    const empty = { normScan: new Float64Array(0), statScan: new Float64Array(0) };
    const scanned = { ...curve, points: points.map((one) => ({ ...one, ...empty })) };
    const bytes = writeLightCurve(scanned, { format });
    expect(bytes).toEqual(writeLightCurve(curve, { format }));
    expectSame(readLightCurve(bytes, { where: "curve" }), curve);
  });

  it("are read as archives keep them: MJD for a unit, single times, two instruments at a time, the flux above e_min", () => {
    const { curve: text, tt, ...columns } = field.archives;
    const notes: string[] = [];
    const bytes = new TextEncoder().encode(text);
    expect(recognise(bytes, "lc.ecsv").kind).toBe("light-curve");
    const curve = readLightCurve(bytes, { where: "lc.ecsv", onNote: (note) => notes.push(note) });
    for (const found of [curve, readLightCurve(writeLightCurve(curve), { where: "lc.fits" })]) {
      for (const [i, [start, stop]] of intervalsInMjd(found.time, "tt").entries()) {
        // a second long, as nothing says how long; MJD in float64
        expect(86400 * Math.abs((start + stop) / 2 - tt[i])).toBeLessThan(1e-5);
        expect(86400 * (stop - start)).toBeCloseTo(1, 4);
        const { norm, normErr, normUl, reference, energy, nSigmaUl } = found.points[i]!;
        expect(energy.nodes[0]).toBe(1);
        expect(nSigmaUl).toBeCloseTo(2.5758293, 6);
        for (const [name, values] of Object.entries({ flux: norm, flux_err: normErr, flux_ul: normUl })) {
          const [own, expected] = [values![0]! * reference.flux[0]!, columns[name][i]];
          if (expected === null) expect(own).toBeNaN();
          else expect(Math.abs(own / expected - 1)).toBeLessThan(1e-12);
        }
      }
    }
    expect(notes.join("\n")).toMatch(/UL_CONF is 99, taken for 99 %/);
    expect(notes.join("\n")).toMatch(/above e_min, and written as that up to 1000 times e_min/);
    expect(notes.join("\n")).toMatch(/how long each flux was measured is not known/);
    expect(notes.join("\n")).toMatch(/rows 2 and 3 overlap in time/);
    expect(notes.length).toBe(4);
    const without = text
      .replace(/^# - {name: e_min.*\n/m, "")
      .replaceAll(" e_min", "")
      .replaceAll(" 1.0 ", " ");
    expect(() => readLightCurve(new TextEncoder().encode(without), { where: "lc.ecsv" })).toThrow(/add a column e_min/);
    const crab = text.replace("unit: m-2 s-1", "unit: Crab");
    expect(() => readLightCurve(new TextEncoder().encode(crab), { where: "lc.ecsv" })).toThrow(
      /no unit is called "Crab"/,
    );
  });

  it("say what is wrong with them", () => {
    const curve = example();
    const columns = { time_min: [2, 1], time_max: [3, 1.5], e_ref: [1, 1], dnde: [1e-12, 1e-12] };
    const table = (change: object, cards: Record<string, string | number> = {}) =>
      writeFits([
        tableHdu(
          "FLUXPOINTS",
          Object.entries({ ...columns, ...change }).map(([name, values]) =>
            makeColumn(name, Float64Array.from(values as number[]), {
              ...(name === "e_ref" && { unit: "TeV" }),
              ...(name === "dnde" && { unit: "cm-2 s-1 TeV-1" }),
            }),
          ),
          Object.entries(cards).map(([key, value]) => ({ key, value })),
        ),
      ]);
    const read = (bytes: Uint8Array) => readLightCurve(bytes, { where: "lc.fits" });
    expect(() => read(table({}))).toThrow(/row 2 goes from MJD 1 to 1.5 after 2 to 3, .* sort the rows/);
    const later = { time_min: [53000, 53001], time_max: [53000.5, 53002] };
    expect(read(table(later)).time).toMatchObject({ timeScale: "utc", reference: 53000 });
    expect(() => read(table(later, { TIMESYS: "LOCAL" }))).toThrow(/lc.fits: TIMESYS: .*"local"/);
    expect(() => read(table(later, { TIMEUNIT: "m" }))).toThrow(/lc.fits: TIMEUNIT/);
    expect(() => readFluxPoints(writeLightCurve(curve), { where: "lc.fits" })).toThrow(/read it with readLightCurve/);
    const [first, ...others] = curve.points;
    const { normUl: _, ...less } = first!;
    expect(() => writeLightCurve({ ...curve, points: [...others, less] })).toThrow(/differ in their column norm_ul/);
    expect(() => writeLightCurve({ ...curve, points: others })).toThrow(/2 spectra for 3 intervals/);
  });
});

describe.runIf(python)("light curve files of Gammapy", () => {
  let folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the script
  let dump: Record<string, any>;
  const runs = async (mode: string) => {
    runPython(script, mode, folder);
    dump = JSON.parse(await readFile(join(folder, "dump.json"), "utf8"));
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gammats-light-curve-"));
    await runs("write");
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const COLUMNS = {
    norm: "norm",
    normErr: "norm_err",
    normErrn: "norm_errn",
    normErrp: "norm_errp",
    normUl: "norm_ul",
    ts: "ts",
    sqrtTs: "sqrt_ts",
    stat: "stat",
    statNull: "stat_null",
  } as const;

  /** Norms of integrals are as good as Gammapy's trapezoid, whose nodes follow the widest of the bins asked for at once. */
  const toleranceOf = (type: SedType) => (/flux/.test(type) ? 2e-5 : 1e-9);

  // biome-ignore lint/suspicious/noExplicitAny: JSON of the script
  function compare(curve: LightCurve, theirs: any, tolerance: number): void {
    const n = theirs.energy.length - 1;
    expect(theirs.scale).toBe("tt");
    curve.points.forEach((points, t) => {
      const mjd = intervalsInMjd(curve.time, "tt")[t]!;
      mjd.forEach((x, i) => {
        expect(86400 * Math.abs(x - theirs.mjd[t][i])).toBeLessThan(2e-6);
      });
      for (let k = 0; k < n; k++) {
        expect(points.energy.nodes[k]! / theirs.energy[k]).toBeCloseTo(1, 12);
        for (const [key, name] of Object.entries(COLUMNS)) {
          const [own, other] = [points[key as "norm"]![k]!, theirs[name][t * n + k]];
          if (other === null) expect(own, name).toBeNaN();
          else expect(Math.abs(own - other), `${name} ${t} ${k}`).toBeLessThanOrEqual(tolerance * Math.abs(other));
        }
        for (const type of ["dnde", "flux", "eflux", "e2dnde"] as const) {
          const other = theirs[type][t * n + k];
          // the two trapezoids again
          if (other !== null) expect((points.norm[k]! * points.reference[type][k]!) / other).toBeCloseTo(1, 4);
        }
        const size = theirs.counts.length / theirs.norm.length;
        for (const [key, name] of [
          ["counts", "counts"],
          ["npred", "npred"],
        ] as const) {
          // [time, energy, dataset]
          const each: (number | null)[] = theirs[name].slice((t * n + k) * size, (t * n + k + 1) * size);
          const given = each.filter((x) => x !== null);
          const sum = given.reduce((a, b) => a + b, 0);
          if (given.length === 0) expect(points[key]![k]).toBeNaN();
          else expect(Math.abs(points[key]![k]! - sum)).toBeLessThan(1e-9);
        }
      }
    });
  }

  it("are read as they were written, in every quantity, as FITS and ECSV", async () => {
    for (const name of ["one", "two"]) {
      for (const sedType of SEDS) {
        for (const ending of ["fits", "ecsv"]) {
          const path = join(folder, `${name}-${sedType}.${ending}`);
          const bytes = await disk.read(path);
          expect(recognise(bytes, path).kind).toBe("light-curve");
          compare(readLightCurve(bytes, { where: path, reference }), dump[name], toleranceOf(sedType));
        }
      }
    }
  });

  it("are read by Gammapy as we wrote them", async () => {
    const bytes = await disk.read(join(folder, "two-likelihood.fits"));
    const gammapys = readLightCurve(bytes, { where: "two", reference });
    const curves = { gammapys, example: example(), utc: example("utc") };
    for (const [name, curve] of Object.entries(curves)) {
      for (const sedType of SEDS) {
        for (const format of ["fits", "ecsv"] as const) {
          await disk.write(
            join(folder, `ours-${name}-${sedType}.${format}`),
            writeLightCurve(curve, { sedType, format }),
          );
        }
      }
    }
    await runs("read");
    for (const [name, curve] of Object.entries(curves)) {
      for (const sedType of SEDS) {
        for (const format of ["fits", "ecsv"]) {
          const theirs = dump[`ours-${name}-${sedType}.${format}`];
          compare(curve, theirs, toleranceOf(sedType));
          if (name !== "gammapys") expect(theirs.n_sigma_ul).toBe(2);
        }
      }
    }
  }, 120_000);
});
