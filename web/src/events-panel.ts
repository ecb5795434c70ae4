/** Event files: the observations in them, the target and its regions, and the spectra that are made. */
import { byId, h, shown, table } from "./dom.js";
import { svgPane } from "./pane.js";
import type { EventsEngine, MadeSpectra, NamedBytes, Observed, SpectraChoice } from "./types.js";

export interface EventsActions {
  readonly events: EventsEngine;
  /** Spectra that are to be the analysis of the page. */
  take(made: MadeSpectra): Promise<void>;
  /** Runs with the buttons off; undefined where it failed, which was said. */
  busy<T>(what: string, run: () => Promise<T>): Promise<T | undefined>;
  fail(error: unknown): void;
}

export interface EventsPanel {
  /** Shows the observations in these files. Throws what is wrong with them. */
  open(files: readonly NamedBytes[]): Promise<void>;
  close(): void;
}

const FIELDS = [
  ["target", "target", 18, "83.63 22.01, or 184.55 -5.78 galactic"],
  ["radius", "radius of the ON region [deg]", 6, "0.11"],
  ["energyMin", "from [TeV]", 5, "0.1"],
  ["energyMax", "to [TeV]", 5, "40"],
  ["bins", "energy bins", 4, "26"],
  ["exclude", "no background from", 26, "icrs;circle(84.1,21.2,0.3)"],
] as const;
type Field = (typeof FIELDS)[number][0];

export function eventsPanel({ events, take, busy, fail }: EventsActions): EventsPanel {
  const section = byId("events");
  const figure = h("figure", { "aria-label": "counts of the events" });
  const draw = svgPane(figure);
  const said = h("p", { class: "bad", role: "alert" });
  const hint = h("p", { class: "quiet" });
  const names = h("datalist", { id: "target-names" });
  const list = h("div", { class: "scroll list" });
  const counts = h("div", { class: "scroll" });
  const notes = h("ul", { class: "quiet" });
  const inputs = Object.fromEntries(
    FIELDS.map(([name, , size, placeholder]) => [
      name,
      h("input", {
        ...{ type: "text", size, placeholder, "aria-label": name, oninput: () => void image() },
        ...(name === "target" && { list: "target-names" }),
      }),
    ]),
  ) as Record<Field, HTMLInputElement>;

  const choice = (): SpectraChoice => {
    const number = (name: Field) => Number(inputs[name].value.replace(",", ".") || Number.NaN);
    return {
      target: inputs.target.value,
      radius: inputs.radius.value.replace(",", "."),
      energyMin: number("energyMin"),
      energyMax: number("energyMax"),
      bins: number("bins"),
      exclude: inputs.exclude.value,
      without: Array.from(list.querySelectorAll<HTMLInputElement>("input:not(:checked)"), ({ value }) => value),
    };
  };

  /** The newest image alone counts: while one is drawn, later ones replace each other. */
  let wanted: (() => Promise<void>) | undefined;
  let drawing = false;
  async function newest(step: () => Promise<void>): Promise<void> {
    wanted = step;
    if (drawing) return;
    drawing = true;
    while (wanted !== undefined) {
      const now: () => Promise<void> = wanted;
      wanted = undefined;
      try {
        await now();
        said.textContent = "";
      } catch (error) {
        said.textContent = (error as Error).message;
      }
    }
    drawing = false;
  }
  const redraw = async () =>
    draw(await events.image(choice(), Math.max(240, Math.min(560, Math.floor(figure.clientWidth) || 480))));
  const image = () => newest(redraw);

  /** The region follows the pointer. */
  const follow = (event: PointerEvent) => {
    const frame = figure.querySelector(".axes rect")?.getBoundingClientRect();
    if (frame === undefined || event.buttons !== 1) return;
    const [x, y] = [(event.clientX - frame.left) / frame.width, (frame.bottom - event.clientY) / frame.height];
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    event.preventDefault();
    void newest(async () => {
      inputs.target.value = await events.place(x, y);
      await redraw();
    });
  };
  figure.addEventListener("pointerdown", follow);
  figure.addEventListener("pointermove", follow);

  async function make(): Promise<void> {
    const made = await busy("making spectra …", () => events.spectra(choice()));
    if (made === undefined) return;
    counts.replaceChildren(countsTable(made));
    showNotes(made.notes);
    await take(made);
  }

  const showNotes = (texts: readonly string[]) => notes.replaceChildren(...texts.map((text) => h("li", {}, text)));

  section.replaceChildren(
    h("h2", {}, "Event files"),
    h(
      "div",
      { class: "columns" },
      h("div", {}, figure, h("p", { class: "quiet" }, "Press on the image to move the ON region there.")),
      h(
        "div",
        {},
        list,
        h(
          "div",
          { class: "fields" },
          names,
          ...FIELDS.map(([name, label]) => h("label", {}, `${label} `, inputs[name])),
          h(
            "button",
            { type: "button", class: "main", id: "make-spectra", onclick: () => void make().catch(fail) },
            "Make spectra",
          ),
        ),
        hint,
        said,
        counts,
        notes,
      ),
    ),
  );

  return {
    async open(files) {
      const observed = await events.open(files);
      section.hidden = false;
      list.replaceChildren(observationTable(observed, () => void image()));
      counts.replaceChildren();
      showNotes(observed.notes);
      const [first] = observed.targets;
      names.replaceChildren(...observed.targets.map(({ name, place }) => h("option", { value: place }, name)));
      hint.textContent =
        first === undefined
          ? "The files name no target and no pointing: say where the source is."
          : `Target ${first.name}: ${first.from}. OFF regions are ${observed.radius === "rad-max" ? "at equal angles" : "reflected"} about the pointing.`;
      inputs.target.value = first?.place ?? "";
      inputs.radius.value = String(observed.radius);
      inputs.energyMin.value = String(observed.energy.min);
      inputs.energyMax.value = String(observed.energy.max);
      inputs.bins.value = String(observed.energy.bins);
      inputs.exclude.value = "";
      await image();
    },
    close() {
      section.hidden = true;
    },
  };
}

/** With a box for each observation that may be left out. */
function observationTable({ observations }: Observed, changed: () => void): HTMLElement {
  const box = (id: string) =>
    h(
      "label",
      {},
      h("input", { type: "checkbox", value: id, checked: true, "aria-label": `use ${id}`, onchange: changed }),
      ` ${id}`,
    );
  const total = observations.reduce((sum, { livetime }) => sum + livetime, 0);
  return table(
    ["observation", "target", "events", "livetime [s]", "pointing [deg, ICRS]"],
    observations.map(({ id, target, events, livetime, pointing }) => [
      box(id),
      target,
      String(events),
      livetime.toFixed(1),
      pointing === undefined ? "none on the sky" : `${pointing.lon.toFixed(3)} ${pointing.lat.toFixed(3)}`,
    ]),
    `${observations.length} observation${observations.length === 1 ? "" : "s"}, ${shown(total / 3600, 4)} h`,
  );
}

function countsTable({ counts }: MadeSpectra): HTMLElement {
  const element = table(
    [
      "observation",
      "livetime [s]",
      "on",
      "off",
      "alpha",
      "excess",
      "significance",
      "excess so far",
      "significance so far",
    ],
    counts.map((run) => [
      run.name,
      run.livetime.toFixed(1),
      String(run.on),
      run.off === null ? "–" : String(run.off),
      run.alpha === null ? "–" : run.alpha.toFixed(4),
      run.excess.toFixed(2),
      run.significance.toFixed(2),
      run.cumulatedExcess.toFixed(2),
      run.cumulatedSignificance.toFixed(2),
    ]),
    "Counts in the fit, excess and significance [standard deviations, Li & Ma]",
  );
  element.id = "counts";
  return element;
}
