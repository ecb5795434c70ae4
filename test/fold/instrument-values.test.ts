/** The response of a dataset, and values of an instrument that mean nothing. */
import { describe, expect, it } from "vitest";
import type { MapDataset } from "../../src/datasets/types.js";
import { createResponses } from "../../src/fold/response.js";
import { axisCenters } from "../../src/sky/axis.js";
import { wcsGeom, withAxes } from "../../src/sky/geom.js";
import { regionGeom } from "../../src/sky/region-geom.js";
import type { MapAxis, SkyMap } from "../../src/sky/types.js";
import { center, energy, energyTrue, image, placeOf, tiny } from "./tiny.js";

describe("the response of a dataset", () => {
  it("is made once, and anew where the dataset was changed in place", () => {
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    const responses = createResponses();
    const first = responses.of(dataset);
    expect(responses.of(dataset)).toBe(first);
    expect(responses.of({ ...dataset })).not.toBe(first);
    const before = first.exposure[0]!;
    dataset.exposure!.data[0]! *= 2;
    const second = responses.of(dataset);
    expect(second).not.toBe(first);
    expect([first.exposure[0], second.exposure[0]]).toEqual([before, 2 * before]);
    const trusting = createResponses({ immutable: true });
    const kept = trusting.of(dataset);
    dataset.exposure!.data[0]! *= 2;
    expect(trusting.of(dataset)).toBe(kept);
    expect(kept.exposure).toBe(dataset.exposure!.data);
  });

  it("says what it holds by owner, until it is cleared", () => {
    const dataset = tiny({ psf: [2, 2], edisp: [2, 2] });
    const responses = createResponses();
    const response = responses.of(dataset);
    expect(responses.held()).toEqual([]);
    response.psf(center);
    response.edisp(center, true);
    response.arrays("numbers").get([1], () => new Float64Array(5));
    const template = { x0: 0, y0: 0, nx: 1, ny: 1, data: new Float64Array(3) };
    response.templates.get([1], () => template);
    const bytes = (owner: string) => responses.held().find((h) => h.owner === owner)?.bytes;
    expect([bytes("numbers of tiny"), bytes("templates of tiny")]).toEqual([40, 24]);
    // four pixels around the place, of 3 x 2 numbers
    expect(bytes("energy dispersion of tiny")).toBe(4 * 48);
    expect(bytes("psf of tiny")).toBeGreaterThan(0);
    responses.clear();
    expect(responses.held()).toEqual([]);
    expect(responses.of(dataset)).not.toBe(response);
  });

  it("takes responses of the nearest pixel by the reference's rule", () => {
    const dataset = tiny({ edisp: [2, 2] });
    const [nearest, between] = (["gammapy", "continuous"] as const).map((irfs) =>
      createResponses({ irfs }).of(dataset).edisp(placeOf(2.9, 2.3), true),
    );
    // the middle of the map lies between four pixels: this place is nearest to the last, whose share is 0.6 (1 + 0.1 - 0.15)
    const found = [nearest!.data[0]!, between!.data[0]!];
    const candidates = [0, 1].flatMap((x) => [0, 1].map((y) => 0.6 * (1 + 0.1 * x - 0.15 * y)));
    expect(candidates.some((c) => Math.abs(found[0]! - c) < 1e-14)).toBe(true);
    expect(candidates.every((c) => Math.abs(found[1]! - c) > 1e-3)).toBe(true);
    const { data } = createResponses().of(dataset).edisp(null, true);
    expect(data[0]).toBeCloseTo(candidates.reduce((a, b) => a + b) / 4, 13);
  });

  it("is refused where its parts do not fit", () => {
    const dataset = tiny({ edisp: [1, 1] });
    const geom = wcsGeom({ center, binsz: 0.1, npix: [5, 5], proj: "TAN", axes: [energyTrue] });
    const exposure = { ...dataset.exposure!, geom, data: new Float64Array(75) };
    expect(() => createResponses().of({ ...dataset, exposure })).toThrow(
      'dataset "tiny": exposure has 5 x 5 pixels of a TAN image, counts have 6 x 5 pixels of a TAN image; both need the same image geometry',
    );
    const short = { ...dataset.exposure!, geom: withAxes(image(), [{ ...energy, name: "energy_true" }]) };
    expect(() => createResponses().of({ ...dataset, exposure: short })).toThrow(
      'dataset "tiny": edisp has 3 true-energy bins, exposure has 2; both need the same energy_true axis',
    );
    const stretched = (axis: MapAxis, k: number, factor: number): MapAxis => ({
      ...axis,
      nodes: axis.nodes.map((x, i) => (i === k ? x * factor : x)),
    });
    const withEDisp = (change: (axis: MapAxis) => MapAxis) => {
      const { map } = dataset.edisp!;
      return { ...dataset, edisp: { map: { ...map, geom: { ...map.geom, axes: map.geom.axes.map(change) } } } };
    };
    const other = (name: string, factor: number) =>
      withEDisp((axis) => (axis.name === name ? stretched(axis, 1, factor) : axis));
    expect(() => createResponses().of(other("energy_true", 1.02))).toThrow(
      /edisp has energy_true bin 0 .*, exposure has/,
    );
    const reco = other("energy", 1.02);
    expect(() => createResponses().of(reco).edisp(center, true)).toThrow(
      /has energy bin 0 .*, the counts have energy bin 0/,
    );
    // as far as files round
    for (const name of ["energy", "energy_true"]) {
      expect(
        createResponses()
          .of(other(name, 1 + 1e-6))
          .edisp(center, true).data.length,
      ).toBeGreaterThan(0);
    }
    const nodes = withEDisp((axis) => ({ ...axis, nodeType: "center", nodes: axisCenters(axis) }));
    expect(createResponses().of(nodes).edisp(center, true).data.length).toBeGreaterThan(0);
    const { counts: _, background: __, maskSafe: ___, ...nothing } = dataset;
    expect(() => createResponses().of(nothing)).toThrow(
      'dataset "tiny": neither counts nor background; a fit needs counts',
    );
  });
});

describe("values of an instrument that mean nothing", () => {
  const change = (map: SkyMap, values: Record<number, number>): SkyMap => ({
    ...map,
    data: map.data.map((x, k) => values[k] ?? x),
  });
  const response = (given: Partial<MapDataset>) =>
    createResponses().of({ ...tiny({ psf: [2, 2], edisp: [2, 2] }), ...given });

  it("are taken as 0 where they may be, and it is said", () => {
    const { exposure, background } = tiny();
    const blind = response({ exposure: change(exposure!, { 3: Number.NaN, 70: Number.NaN }) });
    expect([blind.exposure[3], blind.exposure[70], blind.exposure[4]]).toEqual([0, 0, exposure!.data[4]]);
    expect(blind.warnings).toEqual(['dataset "tiny": the exposure is NaN in 2 of 90 bins, which count as not seen']);
    // bins 2 and 9 are not in the fit
    const negative = response({ background: change(background!, { 1: -2, 2: -1, 5: -1e-9, 9: Number.NaN }) });
    expect([1, 2, 5, 9, 10].map((k) => negative.background![k])).toEqual([0, 0, 0, 0, background!.data[10]]);
    expect(negative.warnings).toEqual([
      'dataset "tiny": the background is negative in 2 bins of the fit, where it counts as 0',
    ]);
    expect(response({}).warnings).toEqual([]);
    expect(response({ background: change(background!, { 2: -1 }) }).warnings).toEqual([]);
  });

  it.each([
    [
      "exposure",
      31,
      -1,
      "energy_true bin 1 (2 to 5 TeV), pixel 1; expected a number of at least 0: make the dataset again, or set it to 0 there",
    ],
    [
      "exposure",
      61,
      Number.POSITIVE_INFINITY,
      "energy_true bin 2 (5 to 12 TeV), pixel 1; expected a number of at least 0",
    ],
    [
      "background",
      34,
      Number.NaN,
      "energy bin 1 (2.5 to 10 TeV), pixel 4, which is in the fit; leave such bins out by the mask, or make the background again",
    ],
    ["background", 3, Number.POSITIVE_INFINITY, "energy bin 0 (1 to 2.5 TeV), pixel 3, which is in the fit"],
  ] as const)("are refused: %s", (what, at, value, message) => {
    expect(() => response({ [what]: change(tiny()[what]!, { [at]: value }) })).toThrow(
      `dataset "tiny": the ${what} is ${value} in ${message}`,
    );
  });

  it("of a spectrum are named by their energy alone", () => {
    const spectrum = (map: SkyMap): SkyMap => ({
      ...map,
      geom: { ...regionGeom([]), axes: map.geom.axes },
      data: Float64Array.of(1, -2, 3).subarray(0, map.geom.axes[0] === energy ? 2 : 3),
    });
    const { counts, exposure } = tiny();
    const given: MapDataset = {
      type: "SpectrumDataset",
      name: "spec",
      counts: spectrum(counts!),
      exposure: spectrum(exposure!),
    };
    expect(() => createResponses().of(given)).toThrow(
      'dataset "spec": the exposure is -2 in energy_true bin 1 (2 to 5 TeV); expected',
    );
  });

  it("are refused in psf and energy dispersion where something is seen", () => {
    const full = tiny({ psf: [1, 1], edisp: [1, 1] });
    const place = (given: Partial<MapDataset>) => {
      const { edisp, psf } = createResponses().of({ ...full, ...given });
      return [psf(center)!, edisp(center, true)] as const;
    };
    // entry 1 of true energy 1: 12 rings of the psf, 2 energies of the dispersion
    for (const [what, at] of [
      ["psf", 13],
      ["edisp", 3],
    ] as const) {
      for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
        const given = { [what]: { map: change(full[what]!.map, { [at]: bad }) } };
        expect(() => place(given)).toThrow(
          `dataset "tiny": the ${what} is ${bad} in energy_true bin 1 (2 to 5 TeV), where the instrument sees; expected a number of at least 0: make the dataset again, or leave these energies out`,
        );
        const blind = full.exposure!.data.map((x, k) => (Math.floor(k / 30) === 1 ? 0 : x));
        expect(() => place({ ...given, exposure: { ...full.exposure!, data: blind } })).not.toThrow();
      }
      // what rounding leaves
      const little = { [what]: { map: change(full[what]!.map, { [at]: -1e-8 }) } };
      expect(() => place(little)).not.toThrow();
    }
  });
});
