/** Flux points in the tables of naima (its documentation, "Data format") and of jetset (`Data.save_file`). */
import { describe, expect, it } from "vitest";
import { readFluxPoints } from "../../src/io/flux-points/read.js";

const ecsv = (columns: readonly string[], meta: string, rows: readonly string[]) =>
  new TextEncoder().encode(
    [
      "# %ECSV 0.9",
      "# ---",
      "# datatype:",
      ...columns.map((c) => `# - {${c}}`),
      ...(meta === "" ? [] : ["# meta: !!omap", ...meta.split("\n").map((line) => `# ${line}`)]),
      columns.map((c) => /name: (\w+)/.exec(c)![1]).join(" "),
      ...rows,
    ].join("\n"),
  );
const perArea = "unit: 1 / (cm2 s TeV), datatype: float64";
const naima = (unit: string, more: string[], rows: string[]) =>
  ecsv(
    ["name: energy, unit: GeV, datatype: float64", `name: flux, ${unit}`, ...more, "name: ul, datatype: int64"],
    "- keywords: !!omap\n  - cl: !!omap\n    - {value: 0.95}",
    rows,
  );
const read = (bytes: Uint8Array) => {
  const notes: string[] = [];
  return { points: readFluxPoints(bytes, { where: "points.dat", onNote: (note) => notes.push(note) }), notes };
};
const close = (found: ArrayLike<number> | undefined, expected: readonly number[]) =>
  expected.forEach((x, i) => {
    if (Number.isNaN(x)) expect(found![i]).toBeNaN();
    else expect(found![i]! / x).toBeCloseTo(1, 9);
  });

describe("a table of naima", () => {
  it("has fluxes, errors of both sides and limits of their level", () => {
    const errors = [`name: flux_error_lo, ${perArea}`, `name: flux_error_hi, ${perArea}`];
    const { points, notes } = read(
      naima(perArea, errors, [
        "500 1.2e-11 1e-12 1.1e-12 0",
        "3000 2.1e-13 3e-14 3.2e-14 0",
        "10000 1e-14 3e-15 4e-15 1",
      ]),
    );
    const dnde = (norm: Float64Array | undefined) => norm && Array.from(norm, (x, i) => x * points.reference.dnde[i]!);
    expect(points.sedType).toBe("dnde");
    close(points.eRef ?? points.energy.nodes, [0.5, 3, 10]);
    close(dnde(points.norm), [1.2e-11, 2.1e-13, 1e-14]);
    close(dnde(points.normErrn), [1e-12, 3e-14, 3e-15]);
    close(dnde(points.normErrp), [1.1e-12, 3.2e-14, 4e-15]);
    close(dnde(points.normUl), [Number.NaN, Number.NaN, 1e-14]);
    expect(points.isUlStored).toEqual(Uint8Array.of(0, 0, 1));
    // 95 % of both sides
    expect(points.nSigmaUl).toBeCloseTo(1.959964, 5);
    expect(notes.join()).toContain("a table of naima; its flux is taken for dnde");
  });

  it("has nuFnu where its unit is that of an energy flux, and bins by half widths", () => {
    const more = [
      "name: flux_error, unit: erg / (cm2 s), datatype: float64",
      "name: energy_error, unit: GeV, datatype: float64",
    ];
    const { points } = read(
      naima("unit: erg / (cm2 s), datatype: float64", more, ["500 1.6e-12 1e-13 100 0", "700 1e-12 1e-13 100 0"]),
    );
    expect(points.sedType).toBe("e2dnde");
    close(
      points.norm!.map((x, i) => x * points.reference.e2dnde[i]! * 1.602176634),
      [1.6e-12, 1e-12],
    );
    close(points.energy.nodes, [0.4, 0.6, 0.8]);
  });
});

describe("a table of jetset", () => {
  const hertz = "unit: Hz, datatype: float64";
  const columns = [
    `name: x, ${hertz}`,
    `name: dx, ${hertz}`,
    "name: y, unit: erg / (cm2 s), datatype: float64",
    "name: dy, unit: erg / (cm2 s), datatype: float64",
    "name: UL, datatype: bool",
  ];
  const rows = ["2.417989242084e26 0 1.2e-10 1e-11 False", "5e26 0 3e-11 1e-11 True"];

  it("has nuFnu at frequencies, and limits", () => {
    const { points } = read(ecsv(columns, "- {data_scale: lin-lin}\n- {restframe: obs}", rows));
    expect(points.sedType).toBe("e2dnde");
    // h nu of CODATA: 2.417989242084e14 Hz are 1 eV
    expect((points.eRef ?? points.energy.nodes)[0]).toBeCloseTo(1, 9);
    close(
      points.normUl!.map((x, i) => x * points.reference.e2dnde[i]! * 1.602176634),
      [Number.NaN, 3e-11],
    );
  });

  it("is refused in logarithms or in the frame of the source", () => {
    expect(() => read(ecsv(columns, "- {data_scale: log-log}", rows))).toThrow(/data_scale log-log.*expected lin-lin/);
    expect(() => read(ecsv(columns, "- {restframe: src}", rows))).toThrow(/restframe src/);
  });
});
