import { contourPlot } from "../../src/plot/contour.js";
import { cornerPlot } from "../../src/plot/corner.js";
import { countsPlot } from "../../src/plot/counts.js";
import { type LightCurvePoints, lightCurvePlot } from "../../src/plot/light-curve.js";
import { linePlot } from "../../src/plot/line.js";
import { mapPlot } from "../../src/plot/map.js";
import { pullPlot } from "../../src/plot/pull.js";
import { scanPlot } from "../../src/plot/scan.js";
import { type SedPoints, sedPlot } from "../../src/plot/sed.js";
import type { SkyImage } from "../../src/plot/skygrid.js";
import { tracePlot } from "../../src/plot/trace.js";
import { numbers } from "./helpers.js";

export const logGrid = (a: number, b: number, n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => a * (b / a) ** (i / (n - 1)));
export const linGrid = (a: number, b: number, n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => a + ((b - a) * i) / (n - 1));

/** The log parabola of the Crab Nebula: Aharonian et al. 2004. */
export const crab = (e: number): number => 3.76e-11 * e ** -(2.39 + 0.14 * Math.log(e));

export function crabPoints(label: string, from: number, to: number, n: number, seed: number): SedPoints {
  const random = numbers(seed);
  const edges = logGrid(from, to, n + 1);
  const energy = Float64Array.from({ length: n }, (_, i) => Math.sqrt(edges[i]! * edges[i + 1]!));
  const dnde = energy.map((e) => crab(e) * (0.9 + 0.2 * random()));
  return {
    label,
    energy,
    energyMin: edges.slice(0, n),
    energyMax: edges.slice(1),
    dnde,
    errn: dnde.map((f) => 0.15 * f),
    errp: dnde.map((f) => 0.2 * f),
  };
}

/** A plate carree image around (lon, lat). */
export function carImage(width: number, height: number, pixel: number, lon: number, lat: number): SkyImage {
  return {
    width,
    height,
    pixToSky: (x, y) => [
      (((lon - (x - (width - 1) / 2) * pixel) % 360) + 360) % 360,
      lat + (y - (height - 1) / 2) * pixel,
    ],
    skyToPix: (l, b) => [
      -(l - lon - 360 * Math.round((l - lon) / 360)) / pixel + (width - 1) / 2,
      (b - lat) / pixel + (height - 1) / 2,
    ],
  };
}

const energy = logGrid(0.01, 120, 80);
const dnde = energy.map(crab);
const curve = { label: "log parabola", energy, dnde, lo: dnde.map((f) => 0.9 * f), hi: dnde.map((f) => 1.1 * f) };
const sets = [
  crabPoints("Fermi-LAT", 0.01, 2, 5, 3),
  crabPoints("HESS", 1, 15, 6, 4),
  crabPoints("HAWC", 0.3, 120, 9, 5),
];
const random = numbers(11);
const gauss = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
const edges = logGrid(0.1, 100, 21);
const counts = (n: Float64Array) => n.map((v) => Math.max(0, Math.round(v + Math.sqrt(v) * gauss())));
const npred = Float64Array.from({ length: 20 }, (_, i) => 60 / edges[i]! + 0.2);
const observed = counts(npred);
const samples = Float64Array.from({ length: 1500 }, gauss);
const norms = samples.map((v) => 1e-12 * (3 + 0.1 * v + 0.1 * gauss()));
const angles = linGrid(0, 2 * Math.PI, 60);
const image = carImage(40, 30, 0.1, 83.63, 22.01);
const values = Float64Array.from({ length: 1200 }, (_, k) =>
  Math.exp((-(((k % 40) - 20) ** 2) - (Math.floor(k / 40) - 15) ** 2) / 20),
);

/** A flare at 12 times from MJD 53343 on, `step` days apart. */
function flare(label: string, step: number, height: number): LightCurvePoints {
  const flux = Float64Array.from({ length: 12 }, (_, i) => height * (0.05 + Math.exp(-((i - 5) ** 2) / 3)));
  const start = flux.map((_, i) => 53343 + i * step);
  const isUl = Array.from(flux, (f) => f < 0.1 * height);
  return {
    label,
    start,
    stop: start.map((t) => t + 0.6 * step),
    flux,
    errn: flux.map((f) => 0.2 * Math.sqrt(f * height)),
    errp: flux.map((f) => 0.25 * Math.sqrt(f * height)),
    isUl,
    ul: flux.map((f) => f + 0.1 * height),
    level: 0.3 * height,
  };
}

/** One picture of each kind, and the hard cases. */
export const examples: Record<string, () => string> = {
  "sed of the joint Crab analysis": () => sedPlot({ title: "Crab Nebula", curves: [curve], points: sets }),
  "sed in keV, many legends": () =>
    sedPlot({
      energyUnit: "keV",
      sedUnit: "TeV cm-2 s-1",
      curves: Array.from({ length: 12 }, (_, i) => ({
        label: `a model with a long name, number ${i}`,
        energy,
        dnde: dnde.map((f) => f * (1 + i)),
      })),
      points: sets,
    }),
  "sed with errors to zero, limits and holes": () =>
    sedPlot({
      title: 'Names with <signs> & "quotes"',
      points: [
        {
          label: "odd",
          energy: [1, 2, 3, 4, 5, Number.NaN, 7],
          dnde: [1e-12, 2e-12, -1e-12, Number.NaN, 5e-13, 1e-12, 0],
          errn: [1e-11, 2e-13, 1e-12, 1, Number.NaN, 1, 1],
          errp: [1e-11, 2e-13, 3e-12, 1, Number.POSITIVE_INFINITY, 1, 1],
          isUl: [false, true, false, true, false, false, true],
          ul: [Number.NaN, 3e-12, 1, Number.NaN, 1, 1, 1e-13],
        },
      ],
    }),
  "sed of nothing": () => sedPlot({}),
  "sed over a narrow range": () => sedPlot({ points: [crabPoints("narrow", 1, 1.2, 3, 6)] }),
  "light curve of a flare": () =>
    lightCurvePlot({
      title: "Flare",
      timeScale: "tt",
      points: [flare("0.8 to 2 TeV", 0.01, 3e-11), flare("2 to 30 TeV", 0.01, 1e-11)],
    }),
  "light curve of years, logarithmic": () =>
    lightCurvePlot({ points: [flare("above 1 TeV", 100, 2e-12)], fluxScale: "log" }),
  "light curve with errors to zero, limits and holes": () =>
    lightCurvePlot({
      points: [
        {
          label: "odd",
          start: [1, 2, 3, 4],
          stop: [2, 3, 4, 5],
          flux: [1e-12, -2e-12, Number.NaN, 0],
          errn: [1e-11, 1e-12, Number.NaN, Number.NaN],
          errp: [1e-11, 1e-12, Number.NaN, Number.POSITIVE_INFINITY],
          isUl: [false, true, true, false],
          ul: [1, Number.NaN, 1e-12, 1],
        },
      ],
    }),
  "light curve of nothing": () => lightCurvePlot({ points: [] }),
  counts: () => {
    const mask = Array.from(npred, (_, i) => i > 2 && i < 18);
    return countsPlot({
      title: "HESS",
      energyEdges: edges,
      counts: observed,
      npred,
      background: npred.map((n) => 0.3 * n),
      mask,
    });
  },
  "counts, linear and large": () =>
    countsPlot({
      energyEdges: edges,
      counts: npred.map((n) => Math.round(1e5 * n)),
      yScale: "linear",
      energyUnit: "GeV",
    }),
  "counts of nothing": () => countsPlot({ energyEdges: [], counts: [] }),
  map: () =>
    mapPlot({
      title: "Crab",
      image,
      panels: [
        { title: "counts", values, stretch: "sqrt", label: "counts" },
        { title: "residual", values: values.map((v) => v - 0.5), colors: "diverging" },
      ],
      markers: [{ lon: 83.63, lat: 22.01, label: "Crab" }],
      regions: [
        { lon: 83.63, lat: 22.01, radius: 0.5 },
        { lon: [83, 90, 84], lat: [22, 22.5, 40] },
      ],
    }),
  "map in hours, smooth, without values": () =>
    mapPlot({ image, format: "hms", smooth: 2, panels: [{ title: "empty", values: values.map(() => Number.NaN) }] }),
  scan: () =>
    scanPlot({
      xLabel: "amplitude [cm^{−2} s^{−1}]",
      bestFit: 2e-9,
      curves: [{ label: "a", values: linGrid(1e-9, 3e-9, 30), stat: linGrid(-3, 3, 30).map((x) => x * x + 7) }],
    }),
  contour: () =>
    contourPlot({
      xLabel: "index",
      yLabel: "norm",
      contours: [{ label: "68 %", x: angles.map(Math.cos), y: angles.map(Math.sin) }],
      surfaces: [
        {
          label: "grid",
          x: linGrid(-3, 3, 30),
          y: linGrid(-3, 3, 30),
          stat: Float64Array.from(
            { length: 900 },
            (_, k) => ((k % 30) / 5 - 3) ** 2 + (Math.floor(k / 30) / 5 - 3) ** 2,
          ),
        },
      ],
      best: [{ x: 0, y: 0, label: "best fit" }],
    }),
  pull: () =>
    pullPlot({
      pulls: [
        { label: "energy scale", value: 0.4, error: 0.5 },
        { label: "norm", value: -3.2 },
      ],
    }),
  corner: () =>
    cornerPlot({
      title: "Posterior",
      parameters: [
        { label: "index", samples, truth: 0 },
        { label: "norm [cm^{−2}]", samples: norms },
      ],
    }),
  trace: () =>
    tracePlot({
      parameters: [{ label: "index", chains: [samples.slice(0, 300), samples.slice(300, 600)] }],
      burnIn: 50,
    }),
  line: () =>
    linePlot({
      xLabel: "datasets",
      yLabel: "time [s]",
      xScale: "log",
      yScale: "log",
      series: [{ label: "fit", x: [1, 10, 100], y: [0.1, 1, 12], errn: [0.2, 0.1, 1], errp: [0.2, 0.1, 1] }],
      references: [{ axis: "y", value: 1, label: "one second" }],
    }),
};
