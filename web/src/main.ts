/** The page: buttons, panels and what happens between them. */

import { zipSync } from "fflate";
import { GammatsError, SpecError } from "gammats";
import { byId, h, shown } from "./dom.js";
import { eventsPanel } from "./events-panel.js";
import { bytesOf, decoded, dropped, pngOf, save } from "./files.js";
import { type ParameterTable, parameterTable } from "./parameters.js";
import { type Pictures, picturePanel } from "./pictures.js";
import { correlationTable, type DatasetTable, datasetTable, fitSummary, minosTable } from "./results.js";
import { remoteEngine, remoteEvents } from "./rpc.js";
import { busy, complain, say } from "./status.js";
import { EVENT_FILES, type Made, type NamedBytes, type OpenOptions, SPECTRUM, type View } from "./types.js";

const onProgress = ({ done, total, what }: { done: number; total: number; what: string }) =>
  say(`${what}: ${done} of ${total}`);
const engine = remoteEngine(firstEngine, () => new Worker(engineUrl), onProgress);
let eventsUrl: string | undefined;
// its code is read when event files are opened for the first time
const events = remoteEvents(startEvents, onProgress);

let opened: { readonly given: readonly NamedBytes[] | Made; readonly stack?: string } | undefined;
/** Those of which the observations are shown. */
let eventFiles: readonly NamedBytes[] | undefined;
let view: View | undefined;
/** The total stat whose MINOS errors are shown. */
let minosAt: number | undefined;
let parameters: ParameterTable | undefined;
let datasets: DatasetTable | undefined;
/** px that pictures have to themselves. */
let width = 640;
const pictures: Pictures = picturePanel({
  load: (name, use) => engine.picture(name, use === "show" ? width : undefined),
  png: pngOf,
  save,
  fail: complain,
});

const panel = eventsPanel({
  events,
  take: ({ datasets }) => open({ datasets }),
  busy,
  fail: complain,
});

/** Smaller changes are left to the browser: a scroll bar that comes and goes would have pictures drawn for ever. */
const LEAST_CHANGE = 24;

new ResizeObserver(([entry]) => {
  const next = Math.max(240, Math.floor(entry!.contentRect.width));
  if (Math.abs(next - width) < LEAST_CHANGE) return;
  width = next;
  engine.paper(width).then((sed) => {
    if (sed !== "") pictures.resize(sed);
  }, complain);
}).observe(byId("picture"));

function show(next: View | undefined): void {
  if (next === undefined) return;
  view = next;
  const focused = document.activeElement?.getAttribute("aria-label");
  parameters = parameterTable(next.parameters, { change, slide, settle: (id, value) => settle(id, value) });
  datasets = datasetTable(next);
  byId("parameters").replaceChildren(parameters.element);
  // the table is new, the place in it is not
  if (focused) parameters.element.querySelector<HTMLElement>(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  byId("datasets").replaceChildren(datasets.element);
  byId("total").textContent = `total stat ${shown(next.totalStat, 8)}`;
  byId("result").replaceChildren(fitSummary(next.fit));
  byId("correlation").replaceChildren(...(next.fit ? [correlationTable(next.fit)] : []));
  // they belong to one fit
  if (next.fit === undefined || next.totalStat !== minosAt) byId("minos-table").replaceChildren();
  byId("notes").replaceChildren(...next.notes.map((note) => h("li", {}, note)));
  byId("stack").hidden = !next.canStack;
  for (const id of ["fit", "flux-points"]) byId<HTMLButtonElement>(id).disabled = false;
  byId<HTMLButtonElement>("minos").disabled = next.fit?.success !== true;
  byId("downloads").replaceChildren(
    h("button", { type: "button", onclick: () => void download() }, "All as zip"),
    h("span", { class: "quiet" }, "models.yaml, datasets, covariance, fit-result.yaml, flux points, pictures"),
  );
  pictures.show(next.sed, next.pictures);
}

const change = async (changes: Parameters<typeof engine.change>[0]) => {
  const next = await busy("", () => engine.change(changes));
  show(next ?? view);
};

/** The newest step alone counts: while one is computed, later ones replace each other. */
let sliding = false;
let wanted: { id: string; value: number } | undefined;

/** When a slider moved last, ms. */
let moved = 0;

async function slide(id: string, value: number): Promise<void> {
  wanted = { id, value };
  moved = performance.now();
  if (sliding) return;
  sliding = true;
  try {
    while (wanted !== undefined) {
      const now = wanted;
      wanted = undefined;
      const step = await engine.slide(now.id, now.value, byId<HTMLInputElement>("refit").checked);
      parameters?.follow(step);
      datasets?.follow(step);
      byId("total").textContent = `total stat ${shown(step.totalStat, 8)}`;
      pictures.show(step.sed);
      last = step.values;
      document.dispatchEvent(new CustomEvent("step"));
    }
  } catch (error) {
    complain(error);
  } finally {
    sliding = false;
  }
}

/** Values of the last step that are not yet those of the models. */
let last: Readonly<Record<string, number>> | undefined;
let settling = false;
/** ms without a step, after which a slider has been let go: keys and wheels let go after every step. */
const PAUSE = 250;

/** What the slider was let go at becomes the models; until then nothing else may begin. */
async function settle(id: string, value: number): Promise<void> {
  void slide(id, value);
  if (settling) return;
  settling = true;
  const next = await busy("", async () => {
    let changed: View | undefined;
    do {
      while (sliding || performance.now() < moved + PAUSE) await new Promise((resolve) => setTimeout(resolve, 20));
      const values = last;
      last = undefined;
      if (values !== undefined) changed = await engine.change(values);
    } while (last !== undefined);
    return changed;
  });
  settling = false;
  show(next ?? view);
}

async function open(given: readonly NamedBytes[] | Made, options: OpenOptions = {}): Promise<void> {
  const next = await busy("reading …", () => engine.open(given, options));
  if (next === undefined) return;
  const { stack } = options;
  opened = { given, ...(stack !== undefined && { stack }) };
  show(next);
}

/** Opens what the user picked or dropped: an analysis, or event files to make one of. */
async function openGiven(files: Promise<NamedBytes[]>): Promise<void> {
  const given = await busy("reading …", () => files);
  if (given === undefined) return;
  await busy("reading …", async () => {
    try {
      const next = await engine.open(given);
      opened = { given };
      panel.close();
      eventFiles = undefined;
      show(next);
    } catch (error) {
      if (!(error instanceof GammatsError && error.where === EVENT_FILES)) throw error;
      await panel.open(given);
      eventFiles = given;
    }
  });
}

/** A thread for event files. */
function startEvents(): Worker {
  eventsUrl ??= URL.createObjectURL(new Blob([byId("events-code").textContent!], { type: "text/javascript" }));
  return new Worker(eventsUrl);
}

async function openExample(): Promise<void> {
  const example: Record<string, string> = JSON.parse(byId("example-files").textContent!);
  await open(
    Object.entries(example).map(([path, base64]) => [path, decoded(base64)] as const),
    { stack: "HESS", fit: true },
  );
}

async function stop(): Promise<void> {
  engine.stop();
  events.stop();
  const again = eventFiles && events.open(eventFiles);
  await Promise.all([takeUp(), again]);
}

async function takeUp(): Promise<void> {
  if (opened === undefined) return;
  // the new engine takes up the models as they were last shown
  await engine.paper(width);
  const { given, stack } = opened;
  const kept = view && { models: view.models, origin: view.origin };
  show(await engine.open(given, { ...(stack !== undefined && { stack }), ...kept }));
}

async function download(): Promise<void> {
  const zip = await busy("writing …", async () => {
    const all: Record<string, Uint8Array> = Object.fromEntries(await engine.downloads());
    for (const name of [SPECTRUM, ...view!.pictures]) {
      const svg = await engine.picture(name);
      const stem = name === SPECTRUM ? "sed" : name.replace(/[^\w.+-]+/g, "_");
      all[`${stem}.svg`] = new TextEncoder().encode(svg);
      all[`${stem}.png`] = await pngOf(svg);
    }
    return zipSync(all);
  });
  if (zip !== undefined) save("gammats-analysis.zip", zip, "application/zip");
}

byId("example").onclick = () => {
  panel.close();
  eventFiles = undefined;
  void openExample();
};
for (const [button, input] of [
  ["pick", "files"],
  ["pick-folder", "folder"],
] as const) {
  const field = byId<HTMLInputElement>(input);
  byId(button).onclick = () => field.click();
  field.onchange = async () => {
    await openGiven(bytesOf(field.files ?? []));
    field.value = "";
  };
}
byId("fit").onclick = async () => {
  const backend = byId<HTMLSelectElement>("backend").value as "newton" | "minuit" | "simplex";
  show(await busy("fitting …", () => engine.fit(backend)));
};
byId("minos").onclick = async () => {
  const rows = await busy("MINOS …", () => engine.minos());
  if (rows === undefined) return;
  byId("minos-table").replaceChildren(minosTable(rows));
  minosAt = view?.totalStat;
};
byId("flux-points").onclick = async () => {
  const source = view?.sources[0];
  if (source === undefined) return complain(new SpecError("there is no source among the models"));
  show(await busy("flux points …", () => engine.fluxPoints(source)));
};
byId("stack").onclick = async () => {
  const next = await busy("stacking …", () => engine.stack("stacked"));
  if (next !== undefined && opened !== undefined) opened = { ...opened, stack: "stacked" };
  show(next);
};
byId("stop").onclick = () => void stop().catch(complain);
byId("licences").onclick = () => {
  const dialog = byId<HTMLDialogElement>("licence-texts");
  dialog.querySelector("pre")!.textContent = byId("licence-data").textContent;
  dialog.showModal();
};

const drop = byId("drop");
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.hidden = false;
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) drop.hidden = true;
});
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.hidden = true;
  if (event.dataTransfer !== null) await openGiven(dropped(event.dataTransfer));
});

await openExample();
// for the bench
performance.mark("fitted");
