/** The common shape of a picture: title, frames one above the other with a shared x axis, a legend in the first. */

import { SpecError } from "../errors.js";
import {
  type AxisSpec,
  bottomRoom,
  drawPanel,
  drawTitle,
  type Panel,
  sharedLabelX,
  stackPanels,
  titleRoom,
} from "./axes.js";
import { drawLegend, type LegendEntry, planLegend } from "./legend.js";
import { joinLayers, type Layer, layerHits } from "./marks.js";
import { svgDocument } from "./svg.js";

/** Size and title of a picture. */
export interface FigureOptions {
  /** Paper, px. */
  width?: number;
  height?: number;
  title?: string;
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
  legend?: LegendEntry[];
}

const DEFAULT_WIDTH = 640;
const DEFAULT_HEIGHT = 480;
const RIGHT = 18;
const MARGIN = 10;

export function figure(spec: FigureSpec): string {
  const { title = "", legend = [], rows, x } = spec;
  const [width, height] = paperSize(spec, DEFAULT_WIDTH, DEFAULT_HEIGHT);
  const top = titleRoom(title);
  const weights = rows.reduce((sum, row) => sum + row.weight, 0);
  const innerHeight = height - top - MARGIN - bottomRoom(x);
  // 80 px: about what numbers and the label of the y axis take
  const plan = planLegend(legend, { width: width - 80, height: (innerHeight * rows[0]!.weight) / weights });
  const aside = plan.where === "right" ? plan.box.width : 0;
  const outer = { x: MARGIN, y: top, width: width - MARGIN - RIGHT - aside, height: height - top - MARGIN };
  const panels = stackPanels(outer, x, rows);
  const labelX = sharedLabelX(panels);
  let body = "";
  panels.forEach((panel, i) => {
    const layers = rows[i]!.draw(panel);
    body += drawPanel(panel, joinLayers(layers), labelX);
    if (i === 0) body += drawLegend(plan, legend, panel.frame, layerHits(layers));
  });
  body += drawTitle(title, panels[0]!.frame, width);
  return svgDocument(width, height, title || `${rows[0]!.y.label} against ${x.label}`, body);
}

/** Width and height of the paper, checked. */
export function paperSize(options: FigureOptions, width: number, height: number): [number, number] {
  const size: [number, number] = [options.width ?? width, options.height ?? height];
  if (!size.every((v) => v >= 160 && v <= 20000)) {
    throw new SpecError(`plot: paper of ${size[0]} x ${size[1]} px; width and height must lie between 160 and 20000`);
  }
  return size;
}
