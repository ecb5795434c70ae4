/** The parameters: values to type, sliders for the free ones, limits, and what is held. */
import { h, shown, shownWithin } from "./dom.js";
import type { Change, ParameterRow, Step } from "./types.js";

export interface ParameterActions {
  change(changes: Readonly<Record<string, Change>>): void;
  slide(id: string, value: number): void;
  /** The slider was let go. */
  settle(id: string, value: number): void;
}

const STEPS = 400;

export interface ParameterTable {
  readonly element: HTMLElement;
  /** Shows the values of a step without making the table anew. */
  follow(step: Step): void;
}

export function parameterTable(rows: readonly ParameterRow[], actions: ParameterActions): ParameterTable {
  const outputs = new Map<
    string,
    { input: HTMLInputElement; slider?: HTMLInputElement; range: Range; row: ParameterRow }
  >();
  const body = rows.map((row) => {
    const range = rangeOf(row);
    const free = !row.frozen && !row.follows;
    const input = numberInput(row, "value", shownWithin(row.value, row.error), (value) =>
      actions.change({ [row.id]: value }),
    );
    input.disabled = row.follows;
    const slider = free ? sliderOf(row, range, actions, input) : undefined;
    outputs.set(row.id, { input, ...(slider && { slider }), range, row });
    return h(
      "tr",
      { class: free ? "free" : "held" },
      h("th", { scope: "row" }, row.id),
      h("td", { class: "value" }, input),
      h("td", { class: "error" }, row.error > 0 && !row.frozen ? `± ${shown(row.error, 2)}` : row.status),
      h("td", { class: "unit" }, row.unit),
      h("td", { class: "slide" }, slider),
      h(
        "td",
        { class: "min" },
        numberInput(row, "min", limit(row.min), (min) => actions.change({ [row.id]: { min } }), true),
      ),
      h(
        "td",
        { class: "max" },
        numberInput(row, "max", limit(row.max), (max) => actions.change({ [row.id]: { max } }), true),
      ),
      h("td", { class: "frozen" }, row.follows ? "follows" : frozenBox(row, actions)),
    );
  });
  const head = ["parameter", "value", "error", "unit", "slide", "min", "max", "frozen"];
  const element = h(
    "table",
    { class: "parameters" },
    h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...body),
  );
  return {
    element,
    follow({ values }) {
      for (const [id, value] of Object.entries(values)) {
        const out = outputs.get(id);
        if (out === undefined) continue;
        out.input.value = shownWithin(value, out.row.error);
        if (out.slider !== undefined && out.slider !== document.activeElement)
          out.slider.value = String(out.range.step(value));
      }
    },
  };
}

interface Range {
  value(step: number): number;
  step(value: number): number;
}

/** Five errors to either side inside the limits; without an error a factor two, or one to either side of zero. */
function rangeOf({ value, error, min, max }: ParameterRow): Range {
  const reach = error > 0 && Number.isFinite(error) ? 5 * error : Math.abs(value) / 2 || 1;
  const lower = Math.max(value - reach, Number.isNaN(min) ? -Infinity : min);
  const upper = Math.min(value + reach, Number.isNaN(max) ? Infinity : max);
  return {
    value: (step) => lower + ((upper - lower) * step) / STEPS,
    step: (x) => Math.round(((x - lower) / (upper - lower)) * STEPS),
  };
}

function sliderOf(
  row: ParameterRow,
  range: Range,
  { slide, settle }: ParameterActions,
  input: HTMLInputElement,
): HTMLInputElement {
  const value = (event: Event) => range.value(Number((event.target as HTMLInputElement).value));
  return h("input", {
    type: "range",
    min: 0,
    max: STEPS,
    value: range.step(row.value),
    "aria-label": `slide ${row.id}`,
    oninput: (event) => {
      input.value = shownWithin(value(event), row.error);
      slide(row.id, value(event));
    },
    onchange: (event) => settle(row.id, value(event)),
  });
}

function numberInput(
  row: ParameterRow,
  what: string,
  text: string,
  take: (value: number) => void,
  mayBeEmpty = false,
): HTMLInputElement {
  return h("input", {
    type: "text",
    inputmode: "decimal",
    value: text,
    class: what,
    "aria-label": `${what} of ${row.id}`,
    placeholder: mayBeEmpty ? "none" : undefined,
    onchange: (event) => {
      const given = (event.target as HTMLInputElement).value.trim();
      take(given === "" ? Number.NaN : Number(given.replace(",", ".")));
    },
  });
}

const limit = (x: number) => (Number.isNaN(x) ? "" : shown(x));

function frozenBox(row: ParameterRow, { change }: ParameterActions): HTMLInputElement {
  return h("input", {
    type: "checkbox",
    checked: row.frozen,
    "aria-label": `hold ${row.id}`,
    onchange: (event) => change({ [row.id]: { frozen: (event.target as HTMLInputElement).checked } }),
  });
}
