/** The pictures of a file of events and responses, by name. */
import type { EventData } from "../../io/dl3/types.js";
import { linePlot } from "../../plot/line.js";
import { type MapSpec, mapPlot } from "../../plot/map.js";
import type { PictureStyle } from "../../plot/picture-style.js";
import { skyMapSpecOf } from "../../plot/sky-map.js";
import { countsOf, energiesOf, offsetsOf, ratesOf } from "./events-drawn.js";
import { responseLines } from "./responses-drawn.js";

interface Look {
  readonly style?: PictureStyle;
}

/** `counts` (image), `energies`, `offsets` and `rate` of events, and a picture for each response. `onSky` draws regions too. */
export function eventPictures(
  { run, responses }: EventData,
  look: Look,
  onSky: (spec: MapSpec) => string = mapPlot,
): Record<string, string> {
  const pictures: Record<string, string> = {};
  const add = (name: string, svg: string) => {
    // a second response of a kind
    const place = Object.keys(pictures).filter((own) => own === name || own.startsWith(`${name}-`)).length;
    pictures[place === 0 ? name : `${name}-${place + 1}`] = svg;
  };
  if (run !== undefined && run.events.n > 0) {
    const title = [run.target, run.id === "" ? "" : `observation ${run.id}`].filter((text) => text !== "").join(", ");
    const { map, outside } = countsOf(run);
    add("counts", onSky(skyMapSpecOf(map, [title || "Events", outside].filter((text) => text !== "").join("; "))));
    for (const [name, spec] of Object.entries({
      energies: energiesOf(run),
      offsets: offsetsOf(run),
      rate: ratesOf(run),
    }))
      if (spec !== undefined) add(name, linePlot({ ...spec, ...(title && { title }), ...look }));
  }
  for (const response of responses) {
    const { name, spec } = responseLines(response);
    add(name, linePlot({ ...spec, title: response.hdu, ...look }));
  }
  return pictures;
}
