/** Files of catalogues with a few made rows, in the columns that the published files document. */
import { imageHdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import type { Card, FitsArray, TableHdu } from "../../src/fits/types.js";

type Cells = readonly (number | string | readonly number[])[];

/** Columns of numbers or texts, each with its unit behind a blank: "Flux cm-2 s-1". */
export function made(name: string, columns: Readonly<Record<string, Cells>>, cards: readonly Card[] = []): TableHdu {
  const all = Object.entries(columns).map(([head, cells]) => {
    const [column, ...unit] = head.split(" ");
    if (typeof cells[0] === "string") return makeColumn(column!, cells as readonly string[]);
    const size = Array.isArray(cells[0]) ? (cells[0] as readonly number[]).length : 0;
    const data: FitsArray = Float32Array.from(cells.flat() as number[]);
    // errors downwards and upwards of several values
    const isPairs = /^Unc_Flux_/.test(column!);
    const shape = size === 0 ? [] : isPairs ? [size / 2, 2] : [size];
    return makeColumn(column!, data, { unit: unit.join(" "), shape });
  });
  return tableHdu(name, all, cards);
}

const bytes = (...tables: readonly TableHdu[]) => writeFits([imageHdu("PRIMARY", [], null), ...tables]);
const NaNs = (n: number) => Array.from({ length: n }, () => Number.NaN);
const each = (n: number, x: number) => Array.from({ length: n }, () => x);

const place = (n: number) => ({
  "RAJ2000 deg": [83.6, 84.5, 120, 250, 10].slice(0, n),
  "DEJ2000 deg": [22, 21, -30, -40, 60].slice(0, n),
});
const ellipse = (n: number) => ({
  "Conf_95_SemiMajor deg": each(n, 0.2),
  "Conf_95_SemiMinor deg": each(n, 0.1),
  "Conf_95_PosAng deg": [0, 90, 0, 0, 0].slice(0, n),
});
const uncertain = (name: string, values: readonly number[], part = 0.1) => {
  const [column, ...unit] = name.split(" ");
  return {
    [name]: values,
    [[`Unc_${column}`, ...unit].join(" ")]: values.map((x) => Math.abs(x * part)),
  };
};

const PER_MEV = "photon/cm**2/MeV/s";
const BANDS_3FGL = ["100_300", "300_1000", "1000_3000", "3000_10000", "10000_100000"];

/** A power law, a log parabola, both cutoffs, and an extended source with a template. */
export function made3fgl(): Uint8Array {
  const n = 5;
  const bands = BANDS_3FGL.map((band, i) => ({
    [`Flux${band} photon/cm**2/s`]: each(n, 10 ** (-8 - i)),
    // the last band is a limit
    [`Unc_Flux${band} photon/cm**2/s`]: each(n, 0).map(() => [i === 4 ? Number.NaN : -1e-10, 10 ** (-9 - i)]),
    [`Sqrt_TS${band}`]: each(n, 5 - i),
  }));
  const sources = made("LAT_Point_Source_Catalog", {
    Source_Name: [
      "3FGL J0534.5+2200",
      "3FGL J0538.0+2100",
      "3FGL J0800.0-3000",
      "3FGL J1640.0-4000",
      "3FGL J0040.0+6000e",
    ],
    ...place(n),
    ...ellipse(n),
    "Pivot_Energy MeV": each(n, 1000),
    ...uncertain(`Flux_Density ${PER_MEV}`, [1e-11, 2e-11, 3e-11, 4e-11, 5e-11]),
    SpectrumType: ["PowerLaw", "LogParabola", "PLExpCutoff", "PLSuperExpCutoff", "PowerLaw"],
    ...uncertain("Spectral_Index", [2.1, 2.2, 1.5, 1.6, 2.3]),
    ...uncertain("beta", [Number.NaN, 0.1, Number.NaN, Number.NaN, Number.NaN]),
    ...uncertain("Cutoff MeV", [Number.NaN, Number.NaN, 3000, 2000, Number.NaN]),
    ...uncertain("Exp_Index", [Number.NaN, Number.NaN, Number.NaN, 0.7, Number.NaN]),
    ...Object.assign({}, ...bands),
    "Flux_History photon/cm**2/s": each(n, 0).map(() => [1e-8, 2e-8]),
    "Unc_Flux_History photon/cm**2/s": each(n, 0).map(() => [-1e-9, 1e-9, Number.NaN, 3e-9]),
    Extended_Source_Name: ["", "", "", "", "Made Cloud"],
    ASSOC1: ["Crab", "", "", "", ""],
    ASSOC2: ["Crab Nebula", "", "", "", ""],
  });
  const extended = made("ExtendedSources", {
    Source_Name: ["Made Cloud"],
    Model_Form: ["Map"],
    "Model_SemiMajor deg": [1],
    "Model_SemiMinor deg": [0.5],
    "Model_PosAng deg": [30],
    Spatial_Filename: ["MadeCloud.fits"],
  });
  const times = made("Hist_Start", { "Hist_Start s": [0, 86400, 172800] }, [
    { key: "MJDREFI", value: 51910 },
    { key: "MJDREFF", value: "7.428703703703703D-4" },
    { key: "TIMESYS", value: "TT" },
  ]);
  return bytes(sources, extended, times);
}

/** `dr`: 2 has the cutoff as at 1 MeV, 4 as at the pivot energy. Three spectra, and a disk. */
export function made4fgl(dr: 2 | 4): Uint8Array {
  const n = 4;
  const bands = dr === 2 ? [50, 100, 300, 1000] : [50, 100, 300, 1000, 3000];
  const nBands = bands.length - 1;
  const end = dr === 2 ? "" : "S";
  const types = { SpectrumType: ["PowerLaw", "LogParabola", "PLSuperExpCutoff", "PowerLaw"] };
  const sources = made(
    "LAT_Point_Source_Catalog",
    {
      Source_Name: ["4FGL J0534.5+2200", "4FGL J0538.0+2100", "4FGL J0800.0-3000", "4FGL J1640.0-4000e"],
      ...place(n),
      ...ellipse(n),
      "Pivot_Energy MeV": [1000, 1200, 1500, 2000],
      ...types,
      ...uncertain("PL_Flux_Density cm-2 MeV-1 ph s-1", [1e-11, 2e-11, 3e-11, 4e-11]),
      ...uncertain("PL_Index", [2.1, 2.2, 2.3, 2.4]),
      ...uncertain("LP_Flux_Density cm-2 MeV-1 ph s-1", [1.1e-11, 2.1e-11, 3.1e-11, 4.1e-11]),
      ...uncertain("LP_Index", [2, 2.1, 2.2, 2.3]),
      ...uncertain("LP_beta", [0.1, 0.2, 0.3, 0.4]),
      ...uncertain("PLEC_Flux_Density cm-2 MeV-1 ph s-1", [1.2e-11, 2.2e-11, 3.2e-11, 4.2e-11]),
      ...uncertain(`PLEC_Index${end}`, [1.9, 1.8, 1.7, 1.6]),
      ...uncertain(`PLEC_Expfactor${end}`, dr === 2 ? each(n, 3e-3) : each(n, 0.4)),
      PLEC_Exp_Index: each(n, 2 / 3),
      Unc_PLEC_Exp_Index: NaNs(n),
      "Flux_Band cm-2 ph s-1": each(n, 0).map(() => bands.slice(1).map((_, i) => 10 ** (-8 - i))),
      "Unc_Flux_Band cm-2 ph s-1": each(n, 0).map(() =>
        bands.slice(1).flatMap((_, i) => [i === nBands - 1 ? Number.NaN : -(10 ** (-9 - i)), 10 ** (-9 - i)]),
      ),
      "nuFnu_Band cm-2 erg s-1": each(n, 0).map(() => bands.slice(1).map((_, i) => 10 ** (-11 - i))),
      Sqrt_TS_Band: each(n, 0).map(() => bands.slice(1).map((_, i) => 9 - i)),
      "Flux_History cm-2 ph s-1": each(n, 0).map(() => [1e-8, 2e-8]),
      "Unc_Flux_History cm-2 ph s-1": each(n, 0).map(() => [-1e-9, 1e-9, -2e-9, 2e-9]),
      Sqrt_TS_History: each(n, 0).map(() => [5, 6]),
      Extended_Source_Name: ["", "", "", "Made Disk"],
      ...Object.fromEntries(
        ["FGL", "FHL", "GAM1", "GAM2", "GAM3", "TEV"].map((name) => [
          `ASSOC_${name}`,
          ["a", "b", "c", "d"].map((x) => `${name} ${x}`),
        ]),
      ),
      ASSOC1: ["Crab Nebula", "b1", "c1", "d1"],
      ASSOC2: ["Crab", "b2", "c2", "d2"],
    },
    [{ key: "VERSION", value: dr === 2 ? "v27" : "v32" }],
  );
  const extended = made("ExtendedSources", {
    Source_Name: ["Made Disk"],
    Model_Form: ["Disk"],
    "Model_SemiMajor deg": [1],
    "Model_SemiMinor deg": [0.5],
    "Model_PosAng deg": [30],
    Spatial_Function: ["RadialDisk"],
    Spatial_Filename: ["MadeDisk.fits"],
  });
  const times = made("Hist_Start", { "Hist_Start s": [0, 86400, 172800] });
  const gti = made("GTI", { "START s": [0], "STOP s": [172800] }, [
    { key: "MJDREFI", value: 51910 },
    { key: "MJDREFF", value: 7.428703703703703e-4 },
    { key: "TIMESYS", value: "TT" },
  ]);
  const energies = made("EnergyBounds", {
    "LowerEnergy MeV": bands.slice(0, -1),
    "UpperEnergy MeV": bands.slice(1),
  });
  return bytes(sources, extended, times, gti, energies);
}

/** A component of three Gaussians, a shell and a point; two of the points of a spectrum. */
export function madeHgps(): Uint8Array {
  const n = 3;
  const points = (x: readonly number[]) => each(n, 0).map(() => [...x, Number.NaN]);
  const dnde = "cm-2 s-1 TeV-1";
  const sources = made("HGPS_SOURCES", {
    Source_Name: ["HESS J0001", "HESS J0002", "HESS J0003"],
    Identified_Object: ["One", "", ""],
    "GLON deg": [10, 20, 30],
    "GLON_Err deg": each(n, 0.01),
    "GLAT deg": [0.1, 0.2, 0.3],
    "GLAT_Err deg": each(n, 0.02),
    "Pos_Err_68 deg": each(n, 0.03),
    Spatial_Model: ["2-Gaussian", "Shell", "Point-Like"],
    Components: ["HGPSC 001, HGPSC 002", "", ""],
    "Size deg": [0.3, 0.5, Number.NaN],
    "Size_Err deg": [0.03, 0.05, Number.NaN],
    "Flux_Map cm-2 s-1": [4e-12, 1e-12, 1e-12],
    Spectral_Model: ["PL", "ECPL", "PL"],
    "Energy_Spec_PL_Pivot TeV": each(n, 2),
    [`Flux_Spec_PL_Diff_Pivot ${dnde}`]: [1e-12, 2e-12, 3e-12],
    [`Flux_Spec_PL_Diff_Pivot_Err ${dnde}`]: [1e-13, 2e-13, 3e-13],
    Index_Spec_PL: [2.2, 2.3, 2.4],
    Index_Spec_PL_Err: [0.1, 0.1, 0.1],
    "Energy_Spec_ECPL_Pivot TeV": each(n, 1.5),
    [`Flux_Spec_ECPL_Diff_Pivot ${dnde}`]: [Number.NaN, 2.5e-12, Number.NaN],
    [`Flux_Spec_ECPL_Diff_Pivot_Err ${dnde}`]: [Number.NaN, 2.5e-13, Number.NaN],
    Index_Spec_ECPL: [Number.NaN, 1.9, Number.NaN],
    Index_Spec_ECPL_Err: [Number.NaN, 0.2, Number.NaN],
    "Lambda_Spec_ECPL TeV-1": [Number.NaN, 0.05, Number.NaN],
    "Lambda_Spec_ECPL_Err TeV-1": [Number.NaN, 0.01, Number.NaN],
    "Flux_Points_Energy TeV": points([1, 3]),
    "Flux_Points_Energy_Min TeV": points([0.5, 2]),
    "Flux_Points_Energy_Max TeV": points([2, 5]),
    [`Flux_Points_Flux ${dnde}`]: points([1e-12, 1e-13]),
    [`Flux_Points_Flux_Err_Lo ${dnde}`]: points([1e-13, 1e-14]),
    [`Flux_Points_Flux_Err_Hi ${dnde}`]: points([2e-13, 2e-14]),
    [`Flux_Points_Flux_UL ${dnde}`]: points([3e-12, 3e-13]),
    Flux_Points_Flux_Is_UL: points([0, 1]),
  });
  const components = made("HGPS_GAUSS_COMPONENTS", {
    Component_ID: ["HGPSC 001", "HGPSC 002"],
    "GLON deg": [10.1, 9.9],
    "GLON_Err deg": [0.01, 0.02],
    "GLAT deg": [0.2, 0],
    "GLAT_Err deg": [0.01, 0.02],
    "Size deg": [0.1, 0.4],
    "Size_Err deg": [0.01, 0.04],
    "Flux_Map cm-2 s-1": [1e-12, 3e-12],
  });
  const largeScale = made("HGPS_LARGE_SCALE_COMPONENT", {
    "GLON deg": [350, 10, 30],
    "GLAT deg": [0, 0.5, 0],
    "Surface_Brightness cm-2 s-1 sr-1": [1e-8, 3e-8, 1e-8],
    "Width deg": [0.5, 1, 0.5],
  });
  return bytes(sources, components, largeScale);
}

/** One source that both detectors measured, one that KM2A alone did. */
export function made1lhaaso(): Uint8Array {
  const unit = "TeV-1 s-1 cm-2";
  const detector = (end: string, ra: number, n0: readonly number[], r39: readonly number[], e0: number) => ({
    [`RAJ2000${end} deg`]: [ra, ra],
    [`DECJ2000${end} deg`]: [22, 23],
    [`pos_err${end} deg`]: [0.1, 0.2],
    [`r39${end} deg`]: r39,
    [`r39_err${end} deg`]: r39.map((x) => x / 10),
    [`N0${end} ${unit}`]: n0,
    [`N0_err${end} ${unit}`]: n0.map((x) => x / 10),
    [`gamma${end}`]: [2.5, 3],
    [`gamma_err${end}`]: [0.1, 0.2],
    [`E0${end} TeV`]: [e0, e0],
  });
  return bytes(
    made("", {
      Source_Name: ["1LHAASO J0534+2200u", "1LHAASO J0600+2300"],
      Model_a: ["KM2A", "WCDA"],
      Model_b: ["WCDA", "KM2A"],
      ...detector("", 83, [1e-16, Number.NaN], [Number.NaN, Number.NaN], 50),
      ...detector("_b", 84, [2e-13, 3e-16], [0.3, 0.4], 3),
      ASSO_Name: ["Crab", ""],
    }),
  );
}

const ecsv = (columns: readonly string[], rows: readonly string[]) =>
  new TextEncoder().encode(
    [
      "# %ECSV 1.0",
      "# ---",
      "# datatype:",
      ...columns.map((column) => {
        const [name, ...unit] = column.split(" ");
        if (name === "source_name") return "# - {name: source_name, datatype: string}";
        return `# - {name: ${name}, ${unit.length > 0 ? `unit: ${unit.join(" ")}, ` : ""}datatype: float64}`;
      }),
      columns.map((column) => column.split(" ")[0]).join(" "),
      ...rows,
      "",
    ].join("\n"),
  );

const HWC = ["source_name", "glon deg", "glat deg", "pos_err deg"];
const DNDE = "1 / (cm2 s TeV)";

export const made2hwc = () =>
  ecsv(
    [
      ...HWC,
      ...[0, 1].flatMap((i) => [`spec${i}_dnde ${DNDE}`, `spec${i}_dnde_err ${DNDE}`]),
      ...[0, 1].flatMap((i) => [`spec${i}_index`, `spec${i}_index_err`, `spec${i}_radius deg`]),
    ],
    [
      '"2HWC J0534+220" 184.547 -5.783 0.057 1.85e-13 2.38e-15 nan nan -2.58 0.01 0 nan nan nan',
      '"2HWC J0631+169" 195.614 3.507 0.114 6.71e-15 1.47e-15 4.87e-14 6.85e-15 -2.57 0.15 0 -2.23 0.08 2',
    ],
  );

export const made3hwc = () =>
  ecsv(
    [
      ...[...HWC, `spec0_dnde ${DNDE}`, `spec0_dnde_errn ${DNDE}`, `spec0_dnde_errp ${DNDE}`],
      ...["spec0_index", "spec0_index_errn", "spec0_index_errp", "spec0_radius deg"],
    ],
    [
      '"3HWC J0001+000" 100 1 0.06 2e-13 -1e-15 3e-15 -2.5 -0.01 0.03 0',
      '"3HWC J0002+000" 101 2 0.1 1e-14 -2e-15 2e-15 -2.4 -0.1 0.1 0.5',
      '"3HWC J0003+000" 102 3 0.1 nan nan nan nan nan nan nan',
    ],
  );

/** A power law with points, an integral flux without an end, a cutoff, and one without a spectrum. */
export function madeGammacat(): Uint8Array {
  const n = 4;
  const none = NaNs(n);
  const dnde = "cm-2 s-1 TeV-1";
  const points = (x: readonly number[]) => [[...x, Number.NaN], ...each(n - 1, 0).map(() => NaNs(3))];
  return bytes(
    made("", {
      common_name: ["A", "B", "C", "D"],
      gamma_names: ["TeV A,HESS A", "", "", ""],
      "glon deg": [1, 2, 3, 4],
      "glat deg": [0, 0, 60, 0],
      "pos_err deg": each(n, 0.01),
      morph_type: ["point", "gauss", "shell", "none"],
      "morph_sigma deg": [Number.NaN, 0.2, 0.5, Number.NaN],
      "morph_sigma_err deg": none,
      spec_type: ["pl", "pl2", "ecpl", "none"],
      [`spec_pl_norm ${dnde}`]: each(n, 1e-12),
      [`spec_pl_norm_err ${dnde}`]: each(n, 1e-13),
      spec_pl_index: each(n, 2.2),
      spec_pl_index_err: each(n, 0.1),
      "spec_pl_e_ref TeV": each(n, 1),
      "spec_pl2_flux cm-2 s-1": each(n, 2e-12),
      "spec_pl2_flux_err cm-2 s-1": each(n, 2e-13),
      spec_pl2_index: each(n, 2.5),
      spec_pl2_index_err: each(n, 0.2),
      "spec_pl2_e_min TeV": each(n, 1),
      "spec_pl2_e_max TeV": none,
      [`spec_ecpl_norm ${dnde}`]: each(n, 3e-12),
      [`spec_ecpl_norm_err ${dnde}`]: each(n, 3e-13),
      spec_ecpl_index: each(n, 1.9),
      spec_ecpl_index_err: each(n, 0.1),
      "spec_ecpl_e_cut TeV": each(n, 4),
      "spec_ecpl_e_cut_err TeV": each(n, 1),
      "spec_ecpl_e_ref TeV": each(n, 1),
      "sed_e_ref TeV": points([3, 1]),
      "sed_e_min TeV": points([Number.NaN, 0.5]),
      "sed_e_max TeV": points([Number.NaN, 2]),
      [`sed_dnde ${dnde}`]: points([1e-13, 1e-12]),
      [`sed_dnde_err ${dnde}`]: points([1e-14, 1e-13]),
      [`sed_dnde_errp ${dnde}`]: points([Number.NaN, Number.NaN]),
      [`sed_dnde_errn ${dnde}`]: points([Number.NaN, Number.NaN]),
      [`sed_dnde_ul ${dnde}`]: points([Number.NaN, Number.NaN]),
    }),
  );
}
