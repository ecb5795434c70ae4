/** The common shape of a picture: title, frames one above the other with a shared x axis, a legend in the first or below. */

import { SpecError } from "../errors.js";
import {
  type AxisSpec,
  drawPanel,
  drawTitle,
  type Panel,
  sharedLabelX,
  stackPanels,
  TICK_SIZE,
  titleRoom,
} from "./axes.js";
import { drawLegend, freePlace, type LegendEntry, type LegendPlace, legendBelow, legendInside } from "./legend.js";
import { joinLayers, type Layer, layerHits } from "./marks.js";
import { type PictureStyle, parseLength, parseSize } from "./picture-style.js";
import { type Paper, svgDocument } from "./svg.js";

/** Size, title and looks of a picture. */
export interface FigureOptions {
  /** Paper, px. */
  width?: number;
  height?: number;
  title?: string;
  /** Size in mm, fonts, colours and more; `checkStyle` says whether it can be used. */
  style?: PictureStyle;
}

export interface Row {
  y: AxisSpec;
  /** Height relative to the other rows. */
  weight: number;
  draw(panel: Panel): Layer[];
}

interface FigureSpec extends FigureOptions {
  x: AxisSpec;
  rows: Row[];
  entries?: LegendEntry[];
  legend?: LegendPlace | boolean;
  /** Height that the rows need, in units of the layout; where it is absent the height follows the width. */
  natural?: number;
}

const DEFAULT_WIDTH = 640;
const DEFAULT_HEIGHT = 480;
const RIGHT = 18;
const MARGIN = 10;

export function figure(spec: FigureSpec): string {
  const { title = "", rows, x, legend = true } = spec;
  const entries = named(spec.entries ?? [], spec.style).filter(() => legend !== false && legend !== "none");
  const { paper, isFixed } = paperOf(spec, DEFAULT_WIDTH, spec.natural ?? DEFAULT_HEIGHT, spec.natural !== undefined);
  const top = titleRoom(title);
  const width = paper.width - MARGIN - RIGHT;
  /** Frames with their contents above `below` units of paper. */
  const layOut = (height: number, below: number) =>
    stackPanels({ x: MARGIN, y: top, width, height: height - top - MARGIN - below }, x, rows).map((panel, i) => ({
      panel,
      layers: rows[i]!.draw(panel),
    }));
  let drawn = layOut(paper.height, 0);
  let legendSvg = "";
  if (entries.length > 0) {
    const { frame } = drawn[0]!.panel;
    const box = legendInside(entries);
    const at = legend === "below" ? undefined : freePlace(box, frame, layerHits(drawn[0]!.layers), legend === "inside");
    if (at === undefined) {
      // the frames keep their height, and the paper grows, unless its height was asked for
      const below = legendBelow(entries, paper.width - 2 * MARGIN);
      if (!isFixed) paper.height += below.height;
      drawn = layOut(paper.height, below.height);
      legendSvg = drawLegend(below, entries, { x: MARGIN, y: paper.height - 4 - below.height }, false);
    } else legendSvg = drawLegend(box, entries, at, true);
  }
  const panels = drawn.map(({ panel }) => panel);
  const labelX = sharedLabelX(panels);
  let body = "";
  drawn.forEach(({ panel, layers }) => void (body += drawPanel(panel, joinLayers(layers), labelX)));
  body += legendSvg + drawTitle(title, panels[0]!.frame, paper.width);
  return svgDocument(paper, title || `${rows[0]!.y.label} against ${x.label}`, body);
}

const named = (entries: readonly LegendEntry[], style: PictureStyle | undefined): readonly LegendEntry[] =>
  style?.names === undefined ? entries : entries.map((e) => ({ ...e, label: style.names![e.label] ?? e.label }));

/** Size of the numbers at the axes on paper in mm, where the style says nothing: 8 pt. */
const PRINT_SIZE = (8 * 96) / 72;

/**
 * The paper of a picture in units of its layout, in which the numbers at the axes are TICK_SIZE high. `isNatural`: `height` is what the content needs,
 * in such units; otherwise it is the height for `width` px, and goes with the width. `isFixed`: the height was asked for.
 */
export function paperOf(
  options: FigureOptions,
  width: number,
  height: number,
  isNatural = false,
): { paper: Paper; isFixed: boolean } {
  const { style = {} } = options;
  const size = style.size === undefined ? undefined : parseSize(style.size);
  const unit = size?.unit ?? "px";
  const px = unit === "mm" ? 96 / 25.4 : 1;
  const fontSize = style.fontSize === undefined ? undefined : parseLength(style.fontSize);
  const scale = (fontSize ?? (unit === "mm" ? PRINT_SIZE : TICK_SIZE)) / TICK_SIZE;
  const givenWidth = size === undefined ? options.width : size.width * px;
  const givenHeight = size === undefined ? options.height : size.height && size.height * px;
  const wide = (givenWidth ?? width) / scale;
  const follows = size === undefined ? height / scale : (wide * height) / width;
  const high = givenHeight === undefined ? (isNatural ? height : follows) : givenHeight / scale;
  if (![wide, high].every((v) => v >= 160 && v <= 20000)) {
    const [a, b] = [wide * scale, high * scale].map((v) => Number(v.toFixed(1)));
    const font = scale === 1 ? "" : ` with numbers ${Number((scale * TICK_SIZE).toFixed(1))} px high`;
    const limits = [160, 20000].map((v) => Math.round(v * scale));
    throw new SpecError(
      `plot: paper of ${a} x ${b} px${font}; width and height must lie between ${limits[0]} and ${limits[1]}`,
    );
  }
  return {
    paper: {
      width: wide,
      height: high,
      scale,
      unit,
      ...(style.font && { font: style.font }),
      ...(style.dark && { dark: true }),
    },
    isFixed: givenHeight !== undefined,
  };
}
