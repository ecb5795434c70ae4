/** Ellipses: round ones are stationary by symmetry, and an angle of 180 deg is one of 0. */
import { describe, expect, it } from "vitest";
import { asimov, simulate } from "../../src/api/datasets.js";
import { compileJoint, fit } from "../../src/api/fit.js";
import { createSubmodel } from "../../src/api/models.js";
import { fitJoint } from "../../src/fit/fit.js";
import { confidence } from "../../src/fit/intervals.js";
import { minimizeJoint } from "../../src/fit/minimize-joint.js";
import { skyModel } from "../../src/models/create.js";
import { updateParameters } from "../../src/models/parameters.js";
import type { Models } from "../../src/models/types.js";
import { image } from "./image.js";

/** About 1500 counts. */
const gaussian = (e: number, phi: number, limits: object = {}): Models => ({
  components: [
    skyModel({
      name: "src",
      spectral: createSubmodel("pl", {
        amplitude: { value: 2e-10 },
        index: { value: 2.3, frozen: true },
        reference: 1,
      }),
      spatial: createSubmodel("GaussianSpatialModel", {
        lon_0: 83.6,
        lat_0: 22,
        sigma: 0.4,
        e: { value: e, frozen: false },
        phi: { value: phi, frozen: false, ...limits },
      }),
    }),
  ],
});
const [truth, PHI, E] = [gaussian(0.6, 170), 170, 0.6];
/** Expectations in place of counts: the minimum is at the truth. */
const exact = asimov(image("map"), truth);
/** The angle nearest to that of the truth that means the same. */
const near = (phi: number) => phi - 180 * Math.round((phi - PHI) / 180);

const starts: [string, number, number][] = [
  ["a round source", 0, 0],
  ["a round source, the angle that of the minor axis", 0, 80],
  ["a nearly round source at the wrong angle", 0.01, 80],
  ["an ellipse across", 0.6, 80],
  ["beyond the limit of the angle", 0.5, -175],
  ["a long ellipse", 0.9, 120],
];

describe("an elliptical Gaussian", () => {
  it.each(starts)("is found from %s", (_, e, phi) => {
    const r = fit([exact], gaussian(e, phi));
    expect(r.message).toBe("Optimization terminated successfully.");
    const value = (name: string) => r.free.values[r.free.ids.indexOf(`src.${name}`)]!;
    // shapes are sampled where they are, which steps by some 1e-6 of the statistic: 1e-3 of the errors
    expect(value("e")).toBeCloseTo(E, 3);
    expect(near(value("phi"))).toBeCloseTo(PHI, 1);
    expect(value("sigma")).toBeCloseTo(0.4, 3);
    expect(Math.abs(value("phi"))).toBeLessThanOrEqual(180);
    expect(r.parameters.every((p) => p.frozen || p.errorStatus === "ok")).toBe(true);
  });

  it("that is a disk is found from round ones of any size", () => {
    // 1500 counts of noise: round disks of the same area are a stationary point, 20 above the minimum
    const disk = (r0: number, e: number, phi: number): Models => {
      const spatial = createSubmodel("DiskSpatialModel", {
        lon_0: { value: 83.6, frozen: false },
        lat_0: { value: 22, frozen: false },
        r_0: { value: r0, frozen: false },
        e: { value: e, frozen: false },
        phi: { value: phi, frozen: false },
      });
      return { components: [{ ...gaussian(0, 0).components[0]!, spatial } as Models["components"][number]] };
    };
    const data = simulate(image("map"), disk(0.6, 0.7, -60), 9);
    const starts = [[0.6, 0.7, -60], ...[0.1, 0.3, 0.5, 0.9].flatMap((r) => [0, 0.3, 0.9].map((e) => [r, e, 30]))];
    const [best, ...others] = starts.map(([r, e, phi]) => fit([data], disk(r!, e!, phi!)));
    for (const other of others) {
      expect(other.success).toBe(true);
      expect(Math.abs(other.totalStat - best!.totalStat)).toBeLessThan(1e-3);
    }
  });

  it("is found where the user's limits are one period apart, and held where they are less", () => {
    const turn = fit([exact], gaussian(0.5, 5, { min: 0, max: 180 }));
    expect(turn.success).toBe(true);
    expect(turn.free.values[turn.free.ids.indexOf("src.phi")]).toBeCloseTo(PHI, 1);
    const held = fit([exact], gaussian(0.5, 60, { min: 0, max: 90 }));
    expect(["at lower limit", "at upper limit"]).toContain(
      held.parameters.find((p) => p.id === "src.phi")!.errorStatus,
    );
    expect(held.totalStat).toBeGreaterThan(turn.totalStat + 1);
  });

  it("has MINOS errors of the angle across its limit", () => {
    const joint = compileJoint([asimov(image("map"), gaussian(0.6, 178))], gaussian(0.6, 178));
    const { errn, errp, success, message } = confidence(joint, fitJoint(joint), "src.phi");
    expect([success, message]).toEqual([true, ""]);
    expect(errp).toBeGreaterThan(2);
    // the data are the expectation, and the map is square: the same on both sides but for its pixels
    expect(errp / errn).toBeCloseTo(1, 1);
  });

  it("in data of its own is the same from all starts", () => {
    for (let seed = 1; seed <= 12; seed++) {
      // half of them are round, where the minimum of data with noise is not
      const simulated = simulate(image("map"), seed % 2 ? gaussian(0.35, 60) : gaussian(0, 0), seed);
      const stats = starts.map(([, e, phi]) => {
        const r = minimizeJoint(compileJoint([simulated], gaussian(e, phi)));
        expect(r.success).toBe(true);
        return r.value;
      });
      expect(Math.max(...stats) - Math.min(...stats)).toBeLessThan(0.02);
    }
  });
});

describe("an ellipse that is nearly round", () => {
  it("has an angle that is not measured, and is a success", () => {
    const statuses: string[] = [];
    const simulated = [1, 2, 3, 4].map((seed) => simulate(image("map"), gaussian(0.1, 60), seed));
    for (const data of [...[0.2, 0.25, 0.3].map((e) => asimov(image("map"), gaussian(e, 60))), ...simulated]) {
      const joint = compileJoint([data], gaussian(0.2, 30));
      const r = fitJoint(joint);
      expect(r.success, r.message).toBe(true);
      const phi = r.parameters.find((p) => p.name === "phi")!;
      statuses.push(phi.errorStatus);
      // the others have errors, whatever the angle is
      expect(r.parameters.every((p) => p.frozen || p.name === "phi" || p.errorStatus === "ok")).toBe(true);
      const [n, i] = [r.free.ids.length, r.free.ids.indexOf("src.phi")];
      if (phi.errorStatus !== "not measured") {
        expect(phi.error).toBeLessThan(90);
        continue;
      }
      expect(phi.error).toBe(Number.POSITIVE_INFINITY);
      expect(r.message).toMatch(
        /src\.phi is not measured: over a turn -2 ln L rises by 0\.\d+ at most, so it has no error/,
      );
      for (let j = 0; j < n; j++) expect(r.free.covariance[i * n + j]).toBe(0);
      // across, the others where they fit best
      const lower = joint.lower.slice();
      const upper = joint.upper.slice();
      lower[i] = upper[i] = phi.value + 90;
      const start = r.free.values.map((v, j) => (j === i ? phi.value + 90 : v));
      expect(minimizeJoint({ ...joint, lower, upper }, start).value).toBeLessThan(r.totalStat + 1);
    }
    expect(statuses).toContain("not measured");
  });
});

describe("two sources that begin at one place", () => {
  it("part", () => {
    const point = (name: string, lon: number) =>
      skyModel({
        name,
        spectral: createSubmodel("pl", {
          amplitude: { value: 1e-10 },
          index: { value: 2, frozen: true },
          reference: 1,
        }),
        spatial: createSubmodel("GaussianSpatialModel", {
          lon_0: lon,
          lat_0: { value: 22, frozen: true },
          sigma: { value: 0.15, frozen: true },
        }),
      });
    const apart: Models = { components: [point("a", 83.3), point("b", 83.9)] };
    const together = updateParameters(apart, { "a.lon_0": { value: 83.62 }, "b.lon_0": { value: 83.62 } });
    const r = fit([asimov(image("map"), apart)], together);
    expect(r.success).toBe(true);
    const lons = ["a", "b"].map((name) => r.free.values[r.free.ids.indexOf(`${name}.lon_0`)]!).sort();
    expect(lons[0]).toBeCloseTo(83.3, 3);
    expect(lons[1]).toBeCloseTo(83.9, 3);
  });
});
