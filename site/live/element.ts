/** `<live-code>`: a block of code that can be changed and run. Lines that are an SVG are shown as a picture. */
import type { Said, Task } from "./types.js";

declare global {
  interface Window {
    /** Path of the site, with a / at its end. */
    siteBase: string;
  }
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Shows a line below the block. What a picture holds is made of the numbers of the code that the reader has run; scripts in it do not run. */
function show(results: HTMLElement, said: Exclude<Said, { type: "end" }>): void {
  if (said.type === "line" && said.text.startsWith("<svg")) {
    const picture = make("div", "picture");
    picture.innerHTML = said.text;
    results.append(picture);
  } else results.append(make("pre", said.type, said.text));
}

/** Runs the code in a worker of its own. Returns what stops it. */
function runCode(task: Task, results: HTMLElement, done: () => void): () => void {
  const worker = new Worker(new URL("live/worker.js", task.site), { type: "module" });
  const stop = () => {
    worker.terminate();
    done();
  };
  worker.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.type !== "end") show(results, data);
    if (data.type !== "line") stop();
  };
  worker.onerror = ({ message }) => {
    show(results, { type: "error", text: message });
    stop();
  };
  worker.postMessage(task);
  return stop;
}

function fill(element: HTMLElement): void {
  const code = element.querySelector("code")!;
  const original = code.innerHTML;
  code.contentEditable = "plaintext-only";
  code.spellcheck = false;
  const bar = make("div", "bar");
  const run = make("button", "run", "Run");
  const stop = make("button", "stop", "Stop");
  const reset = make("button", "reset", "Reset");
  const results = make("div", "results");
  stop.disabled = true;
  let end = () => {};
  const start = () => {
    end();
    results.replaceChildren();
    stop.disabled = false;
    element.dataset.state = "runs";
    const before = decodeURIComponent(element.dataset.before ?? "");
    const site = new URL(window.siteBase, location.href).href;
    end = runCode({ before, code: code.textContent ?? "", site }, results, () => {
      stop.disabled = true;
      element.dataset.state = "ended";
    });
  };
  run.onclick = start;
  stop.onclick = () => end();
  reset.onclick = () => {
    end();
    code.innerHTML = original;
    results.replaceChildren();
  };
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      start();
    }
  });
  bar.append(run, stop, reset, "change the code and run it, here in the page (Ctrl-Enter)");
  element.append(bar, results);
}

/** Makes `<live-code>` known to the browser, once. */
export function defineLiveCode(): void {
  if (customElements.get("live-code") !== undefined) return;
  customElements.define(
    "live-code",
    class extends HTMLElement {
      connectedCallback() {
        if (this.querySelector(".bar") === null) fill(this);
      }
    },
  );
}
