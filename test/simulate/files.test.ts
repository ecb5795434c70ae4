/** Simulated events as files that others open. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simulateEvents } from "../../src/api/simulate-events.js";
import type { Observation } from "../../src/events/types.js";
import { readObservationIndex } from "../../src/io/dl3/folder.js";
import { createObservationReader } from "../../src/io/dl3/observations.js";
import { encodeEventFiles } from "../../src/io/dl3/write-events.js";
import { writeFiles } from "../../src/io/files.js";
import type { IrfTable, PsfTable } from "../../src/irf/tables/types.js";
import { nodeFiles } from "../../src/node/files.js";
import { reduceMap } from "../../src/reduce/map.js";
import { axisFromEdges } from "../../src/sky/axis.js";
import { wcsGeom } from "../../src/sky/geom.js";
import { python } from "../environment.js";
import { hasFitsverify } from "../io/disk.js";
import { madeObservation, source } from "./made.js";

// Gammapy needs the place of the instrument
const read = madeObservation({ location: { lon: 16.5, lat: -23.27, height: 1800 } });
const { axes } = read.irfs.aeff!.table;
const flat = (value: number, unit: string): IrfTable => ({
  axes,
  data: read.irfs.aeff!.table.data.map((_, k) => value * (1 + (k % 4) / 8)),
  unit,
});
const king: PsfTable = { kind: "king", gamma: flat(2, ""), sigma: flat(0.06, "deg") };
const gauss: PsfTable = {
  kind: "gauss",
  sigma: [flat(0.05, "deg"), flat(0.1, "deg"), flat(0.2, "deg")],
  amplitude: [flat(0.2, ""), flat(0.01, "")],
};
const background = { ...read.irfs.background!, alignment: "reverse-lon-radec" as const };
const RUNS: readonly Observation[] = [
  { ...read, id: "7" },
  { ...read, id: "8", irfs: { ...read.irfs, psf: king, background } },
  { ...read, id: "9", irfs: { ...read.irfs, psf: gauss } },
];
const runs = RUNS.map((observation) => ({
  observation,
  simulated: simulateEvents(observation, { components: [source()] }, { seed: 4 }),
}));
const EDGES = [0.2, 1, 3, 30];

let folder: string;
let back: Observation[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gammats-events-"));
  const files = nodeFiles();
  await writeFiles(encodeEventFiles(runs), folder, files);
  const { entries, warnings } = await readObservationIndex(folder, files);
  expect(warnings).toEqual([]);
  const reader = createObservationReader(files, {
    onNote: (note) => {
      throw new Error(note);
    },
  });
  back = await Promise.all(entries.map((entry) => reader.read(entry)));
});
afterAll(() => rm(folder, { recursive: true }));

const countsOf = (run: Observation) => {
  const geom = wcsGeom({ center: { lon: 83.63, lat: 22.01, frame: "icrs" }, binsz: 0.1, width: 4, proj: "TAN" });
  return reduceMap(run, { geom, energy: axisFromEdges(EDGES, { name: "energy", unit: "TeV", interp: "log" }) })!;
};
const sums = (data: Float64Array) =>
  [0, 1, 2].map((e) => data.subarray(e * 1600, (e + 1) * 1600).reduce((a, b) => a + b, 0));

function near(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const worst = Array.from(found, (x, k) => Math.abs(x - expected[k]!) - tolerance * Math.abs(expected[k]!));
  expect(Math.max(...worst)).toBeLessThanOrEqual(0);
}

describe("files of simulated events", () => {
  it("give back events, times and responses", () => {
    expect(back.map(({ id }) => id)).toEqual(["7", "8", "9"]);
    back.forEach((found, k) => {
      const { observation, simulated } = runs[k]!;
      for (const name of ["time", "ra", "dec", "energy"] as const)
        expect(Array.from(found.events[name])).toEqual(Array.from(simulated.events[name]));
      expect(found.events.reference).toBe(observation.gti.reference);
      expect(found.gti).toEqual(observation.gti);
      expect(found.liveFraction).toBe(observation.liveFraction);
      expect(found.location).toEqual(observation.location);
      expect(found.irfs.aeff!.table.axes).toEqual(observation.irfs.aeff!.table.axes);
      expect(found.irfs.edisp).toEqual(observation.irfs.edisp);
      expect(found.irfs.psf).toEqual(observation.irfs.psf);
      // m2 and cm2, MeV-1 and TeV-1: the last bit
      near(found.irfs.aeff!.table.data, observation.irfs.aeff!.table.data, 1e-15);
      const [one, other] = [found, observation].map((run) => countsOf({ ...run, events: simulated.events }));
      expect(Array.from(one!.counts!.data)).toEqual(Array.from(other!.counts!.data));
      near(one!.background!.data, other!.background!.data, 1e-9);
    });
  });

  it.runIf(hasFitsverify)("have no errors and nothing that fitsverify warns of", () => {
    for (const name of ["run_7.fits", "run_8.fits", "run_9.fits", "hdu-index.fits.gz", "obs-index.fits.gz"])
      expect(execFileSync("fitsverify", [join(folder, name)], { encoding: "utf8" })).toContain(
        "0 warning(s) and 0 error(s)",
      );
  });

  it.skipIf(python === null)("are opened by Gammapy, whose counts, exposure and background are ours", () => {
    const text = execFileSync(python!, ["-W", "ignore", "-c", SCRIPT, folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const found: readonly Record<string, number[] | number>[] = JSON.parse(text);
    found.forEach((theirs, k) => {
      const ours = countsOf(back[k]!);
      expect(theirs.n).toBe(back[k]!.events.n);
      expect(theirs.source).toBe(runs[k]!.simulated.components[1]!.events);
      expect(theirs.names).toEqual([`${7 + k}-bkg`, "source"]);
      expect(theirs.counts).toEqual(sums(ours.counts!.data));
      // Gammapy takes whole bins of energy
      const whole = { ...back[k]! };
      const geom = wcsGeom({ center: { lon: 83.63, lat: 22.01, frame: "icrs" }, binsz: 0.1, width: 4, proj: "TAN" });
      const energy = axisFromEdges(EDGES, { name: "energy", unit: "TeV", interp: "log" });
      const one = reduceMap(whole, {
        geom,
        energy,
        energyTrue: axisFromEdges([0.1, 1, 10, 100], { name: "energy_true", unit: "TeV", interp: "log" }),
        oversampling: 1,
      })!;
      // sums of float32
      near(sums(one.background!.data), theirs.background as number[], 1e-6);
      near(
        sums(one.exposure!.data).map((x) => x / 1e4),
        theirs.exposure as number[],
        1e-8,
      );
      expect(theirs.psf as number).toBeGreaterThan(0.5);
    });
  });
});

const SCRIPT = `
import json, sys
import numpy as np
import astropy.units as u
from astropy.coordinates import SkyCoord
from gammapy.data import DataStore
from gammapy.datasets import MapDataset
from gammapy.makers import MapDatasetMaker
from gammapy.maps import MapAxis, WcsGeom
out = []
energy = MapAxis.from_edges([0.2, 1, 3, 30], unit="TeV", name="energy", interp="log")
true = MapAxis.from_edges([0.1, 1, 10, 100], unit="TeV", name="energy_true", interp="log")
geom = WcsGeom.create(skydir=SkyCoord(83.63, 22.01, unit="deg"), binsz=0.1, width=4, proj="TAN", axes=[energy])
for obs in DataStore.from_dir(sys.argv[1]).get_observations():
    empty = MapDataset.create(geom, energy_axis_true=true)
    made = MapDatasetMaker(selection=["counts", "exposure", "background"]).run(empty, obs)
    sums = lambda m: [float(x) for x in m.data.sum(axis=(1, 2))]
    table = obs.events.table
    psf = obs.psf.containment(rad=0.2 * u.deg, energy_true=1 * u.TeV, offset=0.5 * u.deg)
    out.append(dict(n=len(table), source=int((table["MC_ID"] == 1).sum()), names=[table.meta["MMN00000"], table.meta["MMN00001"]],
        counts=[int(x) for x in sums(made.counts)], exposure=sums(made.exposure), background=sums(made.background), psf=float(np.ravel(psf)[0])))
print(json.dumps(out))
`;
