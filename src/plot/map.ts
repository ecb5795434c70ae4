/** Sky images side by side (counts, npred, residuals) with a coordinate grid, colour bars and markers. */
import { SpecError } from "../errors.js";
import { smoothImage } from "../sky/smooth.js";
import type { Frame } from "../sky/types.js";
import { drawTitle, LABEL_SIZE, LINE_HEIGHT } from "./axes.js";
import { extent, rangeOr } from "./check.js";
import { COLOR_BAR_ROOM, colorBar } from "./colorbar.js";
import { type ColorTable, DIVERGING, NO_VALUE, SEQUENTIAL, type Stretch, stretched } from "./colormap.js";
import { type FigureOptions, paperSize } from "./figure.js";
import { encodePng, pngDataUri } from "./png.js";
import { type SkyFormat, type SkyImage, skyGrid } from "./skygrid.js";
import { gridLines, type Ink, type SkyMarker, type SkyOutline, skyAxes, skyObjects } from "./skyoverlay.js";
import { clipped, element, type Rect, svgDocument } from "./svg.js";
import { fitText, text } from "./text.js";

/** One image of a picture of maps. */
export interface MapPanel {
  title: string;
  /** height x width, C order, the first row at the bottom (FITS). NaN is drawn grey. */
  values: ArrayLike<number>;
  /** "diverging" is centred on zero: for residuals. */
  colors?: "sequential" | "diverging";
  /** Values at the ends of the colour bar. Panels of sequential colours share the range of the first unless it is given. */
  range?: readonly [number, number];
  stretch?: Stretch;
  /** Of the colour bar: "counts per pixel". */
  label?: string;
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
  /** Sigma in pixels of a Gaussian that smooths the images. */
  smooth?: number;
  markers?: SkyMarker[];
  regions?: SkyOutline[];
}

const ON_DARK: Ink = { color: "#ffffff", halo: "#1c1030" };
const ON_LIGHT: Ink = { color: "#000000", halo: "#ffffff" };

/**
 * Images of the sky side by side, with a grid of coordinates.
 * @throws SpecError where there are no panels, or one has not as many values as the image has pixels.
 */
export function mapPlot(spec: MapSpec): string {
  const { panels, image, title = "", format = "deg" } = spec;
  const { width: nx, height: ny } = image;
  for (const p of panels) {
    if (p.values.length !== nx * ny) {
      throw new SpecError(
        `mapPlot: panel "${p.title}" has ${p.values.length} values; expected ${ny} rows x ${nx} columns = ${nx * ny}`,
      );
    }
  }
  if (panels.length === 0) throw new SpecError("mapPlot: no panels; give at least one image");
  const images = panels.map((p) =>
    spec.smooth ? smoothImage(p.values, nx, ny, spec.smooth) : Float64Array.from(p.values),
  );
  const ranges = panelRanges(panels, images);

  // Images wider than 2.5 times their height are put one above the other.
  const columns = nx > 2.5 * ny ? 1 : Math.min(panels.length, 3);
  const rows = Math.ceil(panels.length / columns);
  const left = 74;
  const between = 12;
  const [width] = paperSize(spec, columns === 1 ? (nx > ny ? 720 : 480) : columns * 330 + left, 480);
  const frameWidth = (width - left - 8 - columns * COLOR_BAR_ROOM - (columns - 1) * between) / columns;
  const frameHeight = Math.min(frameWidth * (ny / nx), 3 * frameWidth);
  const below = 2 * LINE_HEIGHT * LABEL_SIZE + 8;
  const rowHeight = 26 + frameHeight + below;
  const top = title === "" ? 8 : 34;
  const height = spec.height ?? Math.ceil(top + rows * rowHeight + 6);

  let body = "";
  panels.forEach((panel, i) => {
    const column = i % columns;
    const frame: Rect = {
      x: left + column * (frameWidth + COLOR_BAR_ROOM + between),
      y: top + 26 + Math.floor(i / columns) * rowHeight,
      width: frameWidth,
      height: frameHeight,
    };
    const table = panel.colors === "diverging" ? DIVERGING : SEQUENTIAL;
    const stretch = panel.stretch ?? "linear";
    let picture = imageElement(images[i]!, nx, ny, frame, ranges[i]!, stretch, table);
    const ink = panel.colors === "diverging" ? ON_LIGHT : ON_DARK;
    const grid = skyGrid(image, frame, format);
    if (spec.grid !== false) picture += gridLines(grid, ink);
    const markers = [...(spec.markers ?? []), ...(panel.markers ?? [])];
    body += clipped(frame, picture) + skyObjects(image, frame, spec.regions ?? [], markers, ink);
    body += skyAxes(grid, frame, spec.frame ?? "icrs", column === 0);
    const name = fitText(panel.title, LABEL_SIZE, frameWidth + COLOR_BAR_ROOM);
    body += text(name.markup, frame.x + frameWidth / 2, frame.y - 8, { size: name.size, anchor: "middle" });
    body += colorBar(frame, ranges[i]!, stretch, table, panel.label ?? "");
  });
  body += drawTitle(title, { x: 0, y: 33, width, height: 0 }, width);
  return svgDocument(width, height, title || panels.map((p) => p.title).join(", "), body);
}

function panelRanges(panels: MapPanel[], images: Float64Array[]): [number, number][] {
  let shared: [number, number] | undefined;
  return panels.map((p, i) => {
    if (p.range !== undefined) return [...rangeOr(`mapPlot: panel "${p.title}"`, "linear", p.range, [0, 1])];
    const found = extent(images[i]!) ?? [0, 1];
    if (p.colors === "diverging") {
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
