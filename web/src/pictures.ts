/** One picture at a time, chosen by tabs: the spectrum, counts by energy, maps. */
import { byId, h } from "./dom.js";

export interface Pictures {
  /** A new spectrum; the other pictures are out of date from now on. */
  show(sed: string): void;
}

export interface PictureActions {
  /** SVG of the others by name. */
  load(): Promise<Readonly<Record<string, string>>>;
  png(svg: string): Promise<Uint8Array>;
  save(name: string, bytes: Uint8Array | string, type: string): void;
  fail(error: unknown): void;
}

const SED = "spectrum";

export function picturePanel({ load, png, save, fail }: PictureActions): Pictures {
  const figure = byId("picture");
  const tabs = byId("tabs");
  let sed = "";
  let others: Readonly<Record<string, string>> = {};
  let fresh = false;
  let selected = SED;

  const svg = () => (selected === SED ? sed : others[selected]) ?? "";

  function draw(): void {
    figure.innerHTML = svg();
    figure.setAttribute("aria-label", selected);
  }

  async function update(): Promise<void> {
    if (selected === SED) return draw();
    if (!fresh) {
      const loaded = await load();
      others = loaded;
      fresh = true;
      drawTabs();
    }
    if (others[selected] === undefined) selected = SED;
    draw();
  }

  function drawTabs(): void {
    tabs.replaceChildren(
      ...[SED, ...Object.keys(others)].map((name) =>
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
    h("button", { type: "button", onclick: () => save(`${selected}.svg`, svg(), "image/svg+xml") }, "SVG"),
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          png(svg()).then((bytes) => save(`${selected}.png`, bytes, "image/png"), fail);
        },
      },
      "PNG",
    ),
  );

  return {
    show(next) {
      sed = next;
      const known = fresh;
      fresh = false;
      if (selected === SED) draw();
      // names of the tabs once, and again whenever another than the spectrum is looked at
      if (!known && Object.keys(others).length === 0) {
        load().then((loaded) => {
          others = loaded;
          fresh = true;
          drawTabs();
        }, fail);
      } else if (selected !== SED) update().catch(fail);
    },
  };
}
