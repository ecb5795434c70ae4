/** A map of any quantity as a picture: an image for each bin of its other axes. */
import { SpecError } from "../errors.js";
import { axisEdges, nBins, nPix } from "../sky/index.js";
import type { MapAxis, SkyMap } from "../sky/types.js";
import { asImage } from "./healpix-image.js";
import type { MapPanel, MapSpec } from "./map.js";
import { energyText, skyImageOf } from "./results.js";

/** More images than this say nothing: some are left out, evenly. */
const MAX_PANELS = 12;

/** `title` heads the picture. Where not all bins are drawn, it says so. */
export function skyMapSpecOf(given: SkyMap, title: string): MapSpec {
  const map = asImage(given);
  const { geom, unit, data } = map;
  if (geom.kind !== "wcs") {
    throw new SpecError(`plot: ${title} is a map of a region, which has no image; give a map of the sky`);
  }
  const [nx, ny] = geom.npix;
  const n = nPix(geom);
  const bins = geom.axes.reduce((product, axis) => product * nBins(axis), 1);
  const shown = Math.min(bins, MAX_PANELS);
  const chosen = Array.from({ length: shown }, (_, i) => Math.floor(((i + 0.5) * bins) / shown));
  const panels = chosen.map((bin): MapPanel => {
    const values = data.subarray(bin * n, (bin + 1) * n);
    return { title: binText(geom.axes, bin), values, label: unit, ...coloursOf(values) };
  });
  return {
    title: shown < bins ? `${title}: ${shown} of ${bins} bins` : title,
    image: skyImageOf(geom.wcs, nx, ny),
    frame: geom.wcs.frame,
    panels,
    noValue: "no value",
  };
}

/** Values of both signs are differences, and are drawn around zero. */
function coloursOf(values: Float64Array): Partial<MapPanel> {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { range: [0, 1] };
  if (low < 0 && high > 0) return { colors: "diverging" };
  return {
    range: low === high ? [Math.min(0, low), Math.max(high, 0) || 1] : [low, high],
    stretch: low < 0 ? "linear" : "sqrt",
  };
}

/** "1 TeV to 2 TeV, rad 0.1 deg": the bin of each axis. */
function binText(axes: readonly MapAxis[], bin: number): string {
  const texts: string[] = [];
  let rest = bin;
  for (const axis of axes.toReversed()) {
    const k = rest % nBins(axis);
    rest = Math.floor(rest / nBins(axis));
    if (nBins(axis) > 1 || axis.name.startsWith("energy")) texts.unshift(axisText(axis, k));
  }
  return texts.join(", ");
}

function axisText(axis: MapAxis, k: number): string {
  const text = (x: number) =>
    axis.unit === "TeV" ? energyText(x) : `${Number(x.toPrecision(3))}${axis.unit === "" ? "" : ` ${axis.unit}`}`;
  const name = axis.unit === "TeV" ? "" : `${axis.name} `;
  if (axis.nodeType === "center") return name + text(axis.nodes[k]!);
  const edges = axisEdges(axis);
  return `${name}${text(edges[k]!)} to ${text(edges[k + 1]!)}`;
}
