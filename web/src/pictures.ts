/** One picture at a time, chosen by tabs: the spectrum, counts by energy, maps. */
import { byId, h } from "./dom.js";
import { svgPane } from "./pane.js";
import { SPECTRUM } from "./types.js";

export interface Pictures {
  /** A new spectrum, and the names of the other pictures, which are out of date from now on. */
  show(sed: string, names?: readonly string[]): void;
  /** The spectrum for another width; what is shown is drawn anew. */
  resize(sed: string): void;
}

export interface PictureActions {
  /** SVG of a picture, to be shown or to be taken home. */
  load(name: string, use: "show" | "save"): Promise<string>;
  png(svg: string): Promise<Uint8Array>;
  save(name: string, bytes: Uint8Array | string, type: string): void;
  fail(error: unknown): void;
}

export function picturePanel({ load, png, save, fail }: PictureActions): Pictures {
  const figure = byId("picture");
  const show = svgPane(figure);
  const tabs = byId("tabs");
  let sed = "";
  let names: readonly string[] = [];
  let selected = SPECTRUM;

  function draw(svg: string): void {
    show(svg);
    figure.setAttribute("aria-label", selected);
  }

  async function update(): Promise<void> {
    if (selected === SPECTRUM) return draw(sed);
    const name = selected;
    const loaded = await load(name, "show");
    if (name === selected) draw(loaded);
  }

  function drawTabs(): void {
    tabs.replaceChildren(
      ...[SPECTRUM, ...names].map((name) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(name === selected),
            onclick: () => {
              selected = name;
              drawTabs();
              update().catch(fail);
            },
          },
          name.replace(/-/, ": "),
        ),
      ),
    );
  }

  function take(ending: string, encode: (svg: string) => Promise<Uint8Array | string>, type: string): void {
    const name = selected;
    load(name, "save")
      .then(encode)
      .then((bytes) => save(`${name}.${ending}`, bytes, type))
      .catch(fail);
  }

  byId("picture-actions").replaceChildren(
    h("button", { type: "button", onclick: () => take("svg", async (svg) => svg, "image/svg+xml") }, "SVG"),
    h("button", { type: "button", onclick: () => take("png", png, "image/png") }, "PNG"),
  );

  return {
    show(next, others) {
      sed = next;
      // a step of a slider changes the spectrum alone: the others follow when it is let go
      if (others === undefined && selected !== SPECTRUM) return;
      if (others !== undefined) {
        names = others;
        if (selected !== SPECTRUM && !names.includes(selected)) selected = SPECTRUM;
        drawTabs();
      }
      update().catch(fail);
    },
    resize(next) {
      sed = next;
      update().catch(fail);
    },
  };
}
