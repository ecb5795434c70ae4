/** A small picture of a model at its default parameters. */
import { UnsupportedError } from "../errors.js";
import type {
  ParameterDeclaration,
  PriorDeclaration,
  SpatialDeclaration,
  SpectralDeclaration,
  TemporalDeclaration,
} from "../models/declaration.js";
import { type LineSpec, linePlot } from "../plot/line.js";
import type { BoundModel } from "./model-binding.js";

const POINTS = 301;
const grid = (from: number, to: number) =>
  Float64Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
const ERG_PER_TEV = 1.602176634;

type Curve = Omit<LineSpec, "series"> & { readonly x: Float64Array; readonly y: Float64Array };

const vectorOf = (
  parameters: Readonly<Record<string, Pick<ParameterDeclaration, "value"> & { readonly start?: number }>>,
) => Float64Array.from(Object.values(parameters), ({ value, start }) => start ?? value);

function spectrum(f: SpectralDeclaration): Curve {
  const p = vectorOf(f.parameters);
  const x = (f.particleEnergy === undefined ? grid(-2, 2) : grid(-7, 3)).map((e) => 10 ** e);
  const xAxis = { xLabel: "Energy [TeV]", xScale: "log" as const };
  if (f.isNorm === true) return { ...xAxis, x, y: x.map((e) => f.evaluate(e, p)), yLabel: "factor" };
  const all = x.map((e) => ERG_PER_TEV * e * e * f.evaluate(e, p));
  const least = 1e-6 * all.reduce((a, b) => Math.max(a, b), 0);
  const y = all.map((value) => (value > least ? value : Number.NaN));
  return { ...xAxis, x, y, yLabel: "E² dN/dE [erg cm⁻² s⁻¹]", yScale: "log" };
}

function shape(f: SpatialDeclaration): Curve {
  const p = vectorOf(f.parameters);
  const size = f.evaluationRadius(p);
  const radius = Number.isFinite(size) && size > 0 ? size : 1;
  const x = grid(-radius, radius);
  return {
    x,
    y: x.map((lon) => f.evaluate(lon, 0, p, 1)),
    xLabel: "longitude − centre [deg]",
    yLabel: "brightness [sr⁻¹]",
  };
}

function change(f: TemporalDeclaration): Curve {
  const names = Object.keys(f.parameters);
  const p = vectorOf(f.parameters);
  const reference = f.reference === undefined ? 0 : p[names.indexOf(f.reference)]!;
  // the longest of its times
  const times = Object.entries(f.parameters).filter(([name, { unit }]) => unit === "d" && name !== f.reference);
  const length = 3 * Math.max(1, ...times.map(([, { value }]) => value));
  const x = grid(-length / 3, length);
  const step = x[1]! - x[0]!;
  return {
    x,
    y: x.map((t) => f.mean(reference + t, reference + t + step, p)),
    xLabel: f.reference === undefined ? "time [d]" : `time − ${f.reference} [d]`,
    yLabel: "factor",
  };
}

function density(f: PriorDeclaration): Curve {
  const names = Object.keys(f.parameters);
  const p = vectorOf(f.parameters);
  const { normal } = f;
  const [mean, sigma] =
    normal === undefined
      ? [0, 1]
      : ([normal.mean, normal.sigma].map((name) => p[names.indexOf(name)]!) as [number, number]);
  const [low, high] = f.limits?.(p) ?? [Number.NaN, Number.NaN];
  const from = Number.isFinite(low) ? low : mean - 4 * sigma;
  const to = Number.isFinite(high) ? high : normal?.of === "ln x" ? mean * Math.exp(3 * sigma) : mean + 4 * sigma;
  const x = grid(from, to);
  const y = x.map((value) => Math.exp(-0.5 * f.evaluate(value, p)));
  return { x, y: y.map((value) => (Number.isFinite(value) ? value : Number.NaN)), xLabel: "x", yLabel: "density" };
}

/** @throws UnsupportedError where the model has no picture: a point, or one that needs a file. */
export function modelPicture({ kind, declaration, bound }: BoundModel, look: Pick<LineSpec, "style">): string {
  const { type } = declaration;
  if (bound === undefined)
    throw new UnsupportedError(`--plot: ${type} is what its file is; fit it, or draw the file with gammats plot`);
  if (kind === "spatial" && (bound as SpatialDeclaration).point === true) {
    throw new UnsupportedError(`--plot: ${type} is a point, which has no picture; leave out --plot`);
  }
  const { x, y, ...axes } =
    kind === "spectral"
      ? spectrum(bound as SpectralDeclaration)
      : kind === "spatial"
        ? shape(bound as SpatialDeclaration)
        : kind === "temporal"
          ? change(bound as TemporalDeclaration)
          : density(bound as PriorDeclaration);
  return linePlot({
    title: type,
    width: 420,
    height: 300,
    legend: false,
    ...axes,
    series: [{ label: type, x, y, draw: "line" }],
    ...look,
  });
}
