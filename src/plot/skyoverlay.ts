/** What lies on a sky image and around it: grid, names, regions and sources. */
import type { Frame } from "../sky/types.js";
import { LABEL_SIZE, TICK_SIZE } from "./axes.js";
import { clipPolyline, insideRect } from "./clip.js";
import { pixelToPicture, type SkyGrid, type SkyImage } from "./skygrid.js";
import { type Marker, markerElement } from "./style.js";
import { element, lineElement, type Point, path, type Rect } from "./svg.js";
import { fitText, text, textWidth } from "./text.js";

/** A mark on a map; its position in deg, in the frame of the image. */
export interface SkyMarker {
  lon: number;
  lat: number;
  label?: string;
  marker?: Marker;
  color?: string;
}

/** A circle around (lon, lat), or the outline through `lon` and `lat`; degrees. */
export type SkyOutline = { color?: string; dash?: string } & (
  | { lon: number; lat: number; radius: number }
  | { lon: ArrayLike<number>; lat: ArrayLike<number> }
);

/** Colour of what is drawn on an image, and of its halo. */
export interface Ink {
  color: string;
  halo: string;
}

export function gridLines(grid: SkyGrid, ink: Ink): string {
  const d = [...grid.lon, ...grid.lat].flatMap((line) => line.pieces.map((piece) => path(piece))).join("");
  const look = {
    fill: "none",
    stroke: ink.color,
    "stroke-opacity": 0.4,
    "stroke-width": 0.8,
    "stroke-dasharray": "3 3",
  };
  const names = grid.inside.map(({ x, y, label }) => text(label, x, y - 3, { size: 10, anchor: "middle", ...ink }));
  return (d === "" ? "" : element("path", { d, ...look })) + names.join("");
}

/** The point at angle `turn` on the circle of `radius` around (lon, lat), all in degrees. */
export function onCircle(lon: number, lat: number, radius: number, turn: number): [number, number] {
  const deg = Math.PI / 180;
  const [b, r, a] = [lat * deg, radius * deg, turn * deg];
  const sinLat = Math.sin(b) * Math.cos(r) + Math.cos(b) * Math.sin(r) * Math.cos(a);
  const l = lon + Math.atan2(Math.sin(a) * Math.sin(r) * Math.cos(b), Math.cos(r) - Math.sin(b) * sinLat) / deg;
  return [((l % 360) + 360) % 360, Math.asin(Math.min(1, Math.max(-1, sinLat))) / deg];
}

export function skyObjects(
  image: SkyImage,
  frame: Rect,
  regions: readonly SkyOutline[],
  markers: readonly SkyMarker[],
  ink: Ink,
): string {
  const toPicture = pixelToPicture(image, frame);
  const toPoint = (lon: number, lat: number): Point => toPicture(...(image.skyToPix(lon, lat) as [number, number]));
  let out = "";
  for (const region of regions) {
    const points: Point[] =
      "radius" in region
        ? Array.from({ length: 73 }, (_, i) => toPoint(...onCircle(region.lon, region.lat, region.radius, 5 * i)))
        : Array.from({ length: region.lon.length + 1 }, (_, i) =>
            toPoint(region.lon[i % region.lon.length]!, region.lat[i % region.lon.length]!),
          );
    const d = clipPolyline(points, frame)
      .map((piece) => path(piece))
      .join("");
    const look = {
      fill: "none",
      stroke: region.color ?? ink.color,
      "stroke-width": 1.4,
      "stroke-dasharray": region.dash,
    };
    if (d !== "") out += element("path", { d, ...look });
  }
  for (const m of markers) {
    const [x, y] = toPoint(m.lon, m.lat);
    if (!insideRect([x, y], frame, -3)) continue;
    const color = m.color ?? ink.color;
    out += markerElement(x, y, { color, edge: ink.halo, marker: m.marker ?? "cross" });
    if (m.label === undefined) continue;
    // The label stands right of the marker, or left of it where the frame ends.
    const room = frame.x + frame.width - x - 12;
    const right = room > textWidth(m.label, TICK_SIZE);
    const style = { size: TICK_SIZE, color, halo: ink.halo };
    out += text(m.label, right ? x + 8 : x - 8, Math.max(y - 5, frame.y + TICK_SIZE), {
      ...style,
      anchor: right ? "start" : "end",
    });
  }
  return out;
}

const AXES: Readonly<Record<Frame, readonly [string, string]>> = {
  icrs: ["Right ascension", "Declination"],
  fk5: ["Right ascension (J2000)", "Declination (J2000)"],
  fk4: ["Right ascension (B1950)", "Declination (B1950)"],
  galactic: ["Galactic longitude", "Galactic latitude"],
};

/** Frame, ticks and names of the axes; those of latitude only beside the first image of a row. */
export function skyAxes(grid: SkyGrid, frame: Rect, system: Frame, first: boolean): string {
  const bottom = frame.y + frame.height;
  let ticks = "";
  let labels = "";
  let end = Number.NEGATIVE_INFINITY;
  for (const { at, label } of [...grid.lonLabels].sort((a, b) => a.at - b.at)) {
    ticks += lineElement(at, bottom, at, bottom - 5, {});
    const half = textWidth(label, TICK_SIZE) / 2;
    if (at - half < end + 6) continue;
    end = at + half;
    labels += text(label, at, bottom + 6 + TICK_SIZE, { size: TICK_SIZE, anchor: "middle" });
  }
  let highest = Number.POSITIVE_INFINITY;
  let widest = 0;
  for (const { at, label } of [...grid.latLabels].sort((a, b) => b.at - a.at)) {
    ticks += lineElement(frame.x, at, frame.x + 5, at, {});
    if (!first || highest - at < TICK_SIZE * 1.4) continue;
    highest = at;
    widest = Math.max(widest, textWidth(label, TICK_SIZE));
    labels += text(label, frame.x - 6, at + TICK_SIZE * 0.36, { size: TICK_SIZE, anchor: "end" });
  }
  const names = AXES[system];
  labels += text(names[0]!, frame.x + frame.width / 2, bottom + 11 + TICK_SIZE + LABEL_SIZE, {
    size: 13,
    anchor: "middle",
  });
  if (first) {
    const y = fitText(names[1]!, 13, frame.height + 40);
    labels += text(y.markup, frame.x - 12 - widest, frame.y + frame.height / 2, {
      size: y.size,
      anchor: "middle",
      rotate: -90,
    });
  }
  const box = element("rect", { ...frame });
  return element("g", { class: "axes", stroke: "#000000", "stroke-width": 1, fill: "none" }, ticks + box) + labels;
}
