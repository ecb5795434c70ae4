/** One picture at a time, chosen by tabs: the spectrum, counts by energy, maps. */
import { byId, h } from "./dom.js";
import { svgPane } from "./pane.js";

export interface Pictures {
  /** A new spectrum, and the names of the other pictures, which are out of date from now on. */
  show(sed: string, names?: readonly string[]): void;
}

export interface PictureActions {
  /** SVG of another. */
  load(name: string): Promise<string>;
  png(svg: string): Promise<Uint8Array>;
  save(name: string, bytes: Uint8Array | string, type: string): void;
  fail(error: unknown): void;
}

const SED = "spectrum";

export function picturePanel({ load, png, save, fail }: PictureActions): Pictures {
  const figure = byId("picture");
  const show = svgPane(figure);
  const tabs = byId("tabs");
  let sed = "";
  let names: readonly string[] = [];
  let selected = SED;
  /** What is shown. */
  let svg = "";

  function draw(next: string): void {
    svg = next;
    show(svg);
    figure.setAttribute("aria-label", selected);
  }

  async function update(): Promise<void> {
    if (selected === SED) return draw(sed);
    const name = selected;
    const loaded = await load(name);
    if (name === selected) draw(loaded);
  }

  function drawTabs(): void {
    tabs.replaceChildren(
      ...[SED, ...names].map((name) =>
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

  byId("picture-actions").replaceChildren(
    h("button", { type: "button", onclick: () => save(`${selected}.svg`, svg, "image/svg+xml") }, "SVG"),
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          png(svg).then((bytes) => save(`${selected}.png`, bytes, "image/png"), fail);
        },
      },
      "PNG",
    ),
  );

  return {
    show(next, others) {
      sed = next;
      // a step of a slider changes the spectrum alone: the others follow when it is let go
      if (others === undefined && selected !== SED) return;
      if (others !== undefined) {
        names = others;
        if (selected !== SED && !names.includes(selected)) selected = SED;
        drawTabs();
      }
      update().catch(fail);
    },
  };
}
