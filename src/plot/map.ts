/** Sky images side by side (counts, npred, residuals) with a coordinate grid, colour bars and markers. */
import { SpecError } from "../errors.js";
import { smoothImage } from "../sky/smooth.js";
import type { Frame } from "../sky/types.js";
import { drawTitle, LABEL_SIZE, LINE_HEIGHT, TICK_SIZE } from "./axes.js";
import { extent, rangeOr } from "./check.js";
import { COLOR_BAR_ROOM, colorBar } from "./colorbar.js";
import { type ColorTable, DIVERGING, NO_VALUE, SEQUENTIAL, type Stretch, stretched } from "./colormap.js";
import { type FigureOptions, paperOf } from "./figure.js";
import { withStyle } from "./picture-style.js";
import { encodePng, pngDataUri } from "./png.js";
import { significanceImage } from "./significance.js";
import { type SkyFormat, type SkyImage, skyGrid } from "./skygrid.js";
import { gridLines, type Ink, type SkyMarker, type SkyOutline, skyAxes, skyObjects } from "./skyoverlay.js";
import { clipped, element, type Paper, type Rect, svgDocument } from "./svg.js";
import { fitText, text } from "./text.js";

/** One image of a picture of maps. */
export interface MapPanel {
  title: string;
  /** height x width, C order, the first row at the bottom (FITS). NaN is drawn grey. */
  values: ArrayLike<number>;
  /**
   * Of the shape of `values`: what is expected where `values` are counts. Drawn is how far they are from it, sqrt(TS) of Cash with the sign of the difference,
   * smoothed: of the smoothed counts where the smoothed ones are expected.
   */
  expected?: ArrayLike<number>;
  /** Sigma in deg of a Gaussian that smooths this image. */
  smoothing?: number;
  /** "diverging" is centred on zero: for residuals, which it is the default of. */
  colors?: "sequential" | "diverging";
  /** Values at the ends of the colour bar. Panels of sequential colours share the range of the first unless it is given. */
  range?: readonly [number, number];
  /** sqrt for sequential colours unless told, in which the noise of counts is the same everywhere; linear for diverging ones. */
  stretch?: Stretch;
  /** Of the colour bar: "counts per pixel". */
  label?: string;
  /** The sky with its grid and markers alone: no colours, and no bar for them. */
  isBlank?: boolean;
  /** Beside those of all panels. */
  markers?: SkyMarker[];
}

/** What `mapPlot` draws: images of the same pixels side by side, with markers and regions. */
export interface MapSpec extends FigureOptions {
  panels: MapPanel[];
  /** Pixels of every panel and their place on the sky. */
  image: SkyImage;
  frame?: Frame;
  /** Names of the grid lines; degrees unless told. */
  format?: SkyFormat;
  grid?: boolean;
  /** Sigma in pixels of a Gaussian that smooths all images. */
  smooth?: number;
  markers?: SkyMarker[];
  regions?: SkyOutline[];
  /** What pixels without a value are, to be said below: "not in the fit". */
  noValue?: string;
}

const ON_DARK: Ink = { color: "#fff", halo: "#1c1030" };
const ON_LIGHT: Ink = { color: "#000", halo: "#fff" };

/** What is drawn of a panel. */
interface Drawn {
  panel: MapPanel;
  title: string;
  label: string;
  values: Float64Array;
  isDiverging: boolean;
  stretch: Stretch;
}

/**
 * Images of the sky, with a grid of coordinates. They are as large as the paper allows, and never cut.
 * @throws SpecError where there are no panels, one has not as many values as the image has pixels, or the paper is too small.
 */
export function mapPlot(spec: MapSpec): string {
  const styled = withStyle(spec, "mapPlot");
  const { panels, image, title = "", format = "deg" } = styled;
  const { width: nx, height: ny } = image;
  for (const p of panels) {
    for (const values of [p.values, p.expected ?? p.values]) {
      if (values.length === nx * ny) continue;
      throw new SpecError(
        `mapPlot: panel "${p.title}" has ${values.length} values; expected ${ny} rows x ${nx} columns = ${nx * ny}`,
      );
    }
  }
  if (panels.length === 0) throw new SpecError("mapPlot: no panels; give at least one image");
  const drawn = panels.map((panel) => drawnPanel(panel, styled));
  const ranges = panelRanges(drawn);
  const isNamed = styled.noValue !== undefined && drawn.some((d) => d.values.some(Number.isNaN));
  const { paper, frames, columns } = layOutMaps(styled, panels.length, isNamed);

  let body = "";
  drawn.forEach(({ panel, values, isDiverging, stretch, ...names }, i) => {
    const frame = frames[i]!;
    const table = isDiverging ? DIVERGING : SEQUENTIAL;
    const ink = isDiverging ? ON_LIGHT : ON_DARK;
    let picture = panel.isBlank ? "" : imageElement(values, nx, ny, frame, ranges[i]!, stretch, table);
    const grid = skyGrid(image, frame, format);
    if (styled.grid !== false) picture += gridLines(grid, ink);
    const markers = [...(styled.markers ?? []), ...(panel.markers ?? [])];
    body += clipped(frame, picture) + skyObjects(image, frame, styled.regions ?? [], markers, ink);
    body += skyAxes(grid, frame, styled.frame ?? "icrs", i % columns === 0);
    const name = fitText(names.title, LABEL_SIZE, frame.width + COLOR_BAR_ROOM);
    body += text(name.markup, frame.x + frame.width / 2, frame.y - 8, { size: name.size, anchor: "middle" });
    if (!panel.isBlank) body += colorBar(frame, ranges[i]!, stretch, table, names.label);
  });
  if (isNamed) {
    const y = paper.height - 17;
    const [r, g, b] = NO_VALUE.map((v) => v.toString(16)) as [string, string, string];
    body += element("rect", { x: frames[0]!.x, y, width: 14, height: 11, fill: `#${r}${g}${b}` });
    body += text(styled.noValue!, frames[0]!.x + 20, y + 10, { size: TICK_SIZE });
  }
  body += drawTitle(title, { x: 0, y: 33, width: paper.width, height: 0 }, paper.width);
  return svgDocument(paper, title || panels.map((p) => p.title).join(", "), body);
}

function drawnPanel(panel: MapPanel, spec: MapSpec): Drawn {
  const { image, style } = spec;
  const { width, height } = image;
  const pixel = pixelSize(image);
  const inPixels = spec.smooth ?? (panel.smoothing ?? 0) / pixel;
  const sigma = style?.smoothing === undefined ? inPixels : style.smoothing / pixel;
  const isDiverging = (panel.colors ?? (panel.expected ? "diverging" : "sequential")) === "diverging";
  const smoothed = sigma > 0 ? smoothImage(panel.values, width, height, sigma) : Float64Array.from(panel.values);
  const values = panel.expected ? significanceImage(panel.values, panel.expected, width, height, sigma) : smoothed;
  return {
    panel,
    title: sigma > 0 ? `${panel.title} (Gaussian, σ = ${Number((sigma * pixel).toPrecision(2))}°)` : panel.title,
    label: panel.label ?? (panel.expected ? "√TS (Cash), sign of counts − npred" : ""),
    values,
    isDiverging,
    stretch: isDiverging ? (panel.stretch ?? "linear") : (style?.stretch ?? panel.stretch ?? "sqrt"),
  };
}

/** Distance of neighbouring pixels at the middle of the image, deg. */
function pixelSize({ width, height, pixToSky }: SkyImage): number {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const vector = (i: number, j: number) => {
    const [l, b] = pixToSky(i, j).map((v) => (v * Math.PI) / 180) as [number, number];
    return [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)];
  };
  const [a, b] = [vector(x, y - 0.5), vector(x, y + 0.5)];
  return (2 * Math.asin(0.5 * Math.hypot(...a!.map((v, k) => v - b![k]!))) * 180) / Math.PI;
}

/** Left of the first image, for numbers and name of the latitude. */
const LEFT = 74;
const RIGHT = 8;
const BETWEEN = 12;
const ABOVE = 26;
const BELOW = 2 * LINE_HEIGHT * LABEL_SIZE + 8;
const NAMED = 20;
/** Images are not put side by side where they would be narrower, and not drawn where they would be smaller. */
const NARROW = 140;
const SMALLEST = 40;

/** The paper, and a frame for each of `n` images in the shape of their pixels: as large as the paper allows, in the middle of it. */
function layOutMaps(spec: MapSpec, n: number, isNamed: boolean): { paper: Paper; frames: Rect[]; columns: number } {
  const { image, title = "" } = spec;
  const shape = Math.max(1 / 3, image.width / image.height);
  // Images wider than 2.5 times their height are put one above the other.
  const most = shape > 2.5 ? 1 : Math.min(n, 3);
  const top = title === "" ? 8 : 34;
  const bottom = 6 + (isNamed ? NAMED : 0);
  const usual = most === 1 ? (shape > 1 ? 720 : 480) : most * 330 + LEFT;
  const widthAt = (columns: number, paper: number) =>
    (paper - LEFT - RIGHT - columns * COLOR_BAR_ROOM - (columns - 1) * BETWEEN) / columns;
  const heightOf = (columns: number, width: number) =>
    top + Math.ceil(n / columns) * (ABOVE + width / shape + BELOW) + bottom;
  const { paper, isFixed } = paperOf(spec, usual, usual, true);
  let columns = most;
  let width = 0;
  if (isFixed) {
    for (let k = 1; k <= n; k++) {
      const rows = Math.ceil(n / k);
      const high = ((paper.height - top - bottom) / rows - ABOVE - BELOW) * shape;
      const fits = Math.min(widthAt(k, paper.width), high);
      if (fits > width) [columns, width] = [k, fits];
    }
  } else {
    while (columns > 1 && widthAt(columns, paper.width) < NARROW) columns--;
    width = widthAt(columns, paper.width);
    paper.height = Math.ceil(heightOf(columns, width));
  }
  if (!(width >= SMALLEST)) {
    throw new SpecError(`mapPlot: no room for ${n} images on this paper; make it larger, or draw fewer at a time`);
  }
  const step = width + COLOR_BAR_ROOM + BETWEEN;
  const left = LEFT + Math.max(0, (paper.width - LEFT - RIGHT + BETWEEN - columns * step) / 2);
  const spare = Math.max(0, paper.height - heightOf(columns, width)) / 2;
  const frames = Array.from({ length: n }, (_, i) => ({
    x: left + (i % columns) * step,
    y: top + spare + ABOVE + Math.floor(i / columns) * (ABOVE + width / shape + BELOW),
    width,
    height: width / shape,
  }));
  return { paper, frames, columns };
}

function panelRanges(drawn: readonly Drawn[]): [number, number][] {
  let shared: [number, number] | undefined;
  return drawn.map(({ panel: p, values, isDiverging }) => {
    if (p.range !== undefined) return [...rangeOr(`mapPlot: panel "${p.title}"`, "linear", p.range, [0, 1])];
    const found = extent(values) ?? [0, 1];
    if (isDiverging) {
      const reach = Math.max(Math.abs(found[0]), Math.abs(found[1])) || 1;
      return [-reach, reach];
    }
    shared ??= [Math.min(0, found[0]), found[1] > Math.min(0, found[0]) ? found[1] : found[0] + 1];
    return shared;
  });
}

/** Enlarged by whole numbers to at least twice the px of the frame, so that a viewer that blurs images keeps the pixels sharp. */
function imageElement(
  values: Float64Array,
  nx: number,
  ny: number,
  frame: Rect,
  range: readonly [number, number],
  stretch: Stretch,
  table: ColorTable,
): string {
  const k = Math.max(1, Math.min(16, Math.round((2 * frame.width) / nx)));
  // 255 colours of the table and one for "no value".
  const palette = new Uint8Array(256 * 3);
  for (let c = 0; c < 255; c++)
    palette.set(table.subarray(3 * Math.round((c * 255) / 254), 3 * Math.round((c * 255) / 254) + 3), 3 * c);
  palette.set(NO_VALUE, 3 * 255);
  const indices = new Uint8Array(nx * k * ny * k);
  for (let j = 0; j < ny; j++) {
    const row = (ny - 1 - j) * k * nx * k;
    for (let i = 0; i < nx; i++) {
      const v = values[j * nx + i]!;
      const index = Number.isNaN(v) ? 255 : Math.round(254 * stretched(v, range, stretch));
      indices.fill(index, row + i * k, row + (i + 1) * k);
    }
    for (let r = 1; r < k; r++) indices.copyWithin(row + r * nx * k, row, row + nx * k);
  }
  const href = pngDataUri(encodePng(nx * k, ny * k, indices, palette));
  return element("image", { ...frame, preserveAspectRatio: "none", href });
}
