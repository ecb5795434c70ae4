/** Rows in Chromium: the engine against Node, the page from its bytes to the first fit, and a step of a slider. */
import { exampleEntries, inPage, workScript } from "../browser.mjs";
import { measure, prepare } from "../browser-work.mjs";
import { spread } from "../measure.mjs";

let both;
/** The same script in Node and in a page, one after the other. */
async function measureBoth() {
  const entries = await exampleEntries();
  const node = measure(await prepare(entries));
  const encoded = Object.entries(entries).map(([path, bytes]) => [path, Buffer.from(bytes).toString("base64")]);
  const browser = await inPage(async (page) => {
    await page.addScriptTag({ content: await workScript() });
    return page.evaluate(async (files) => {
      const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const { work } = globalThis;
      return work.measure(await work.prepare(Object.fromEntries(files.map(([path, text]) => [path, bytes(text)]))));
    }, encoded);
  });
  if (Math.abs(browser.totalStat / node.totalStat - 1) > 1e-9) throw new Error("the browser found another minimum");
  return { node, browser };
}

const against = (name, what, pick) => ({
  name,
  what: `${what} in Chromium against Node (1.5 times Node's time is allowed)`,
  goal: 1 / 1.5,
  against: "node",
  async pair() {
    both = pick === "evaluation" || both === undefined ? await measureBoth() : both;
    return { own: both.browser[pick], peer: both.node[pick] };
  },
});

const firstFit = {
  name: "browser-first-fit",
  what: "the page with the example: from its bytes to the fitted parameters on the screen",
  goalSeconds: 0.5,
  async ownSeconds() {
    const seconds = await inPage(
      async (page) => {
        await page.waitForFunction(() => performance.getEntriesByName("fitted").length > 0);
        return page.evaluate(() => {
          const [navigation] = performance.getEntriesByType("navigation");
          return (performance.getEntriesByName("fitted")[0].startTime - navigation.responseEnd) / 1e3;
        });
      },
      { built: true },
    );
    return { seconds, extra: {} };
  },
};

const STEPS = 200;
const sliderStep = {
  name: "slider-step",
  what: "one step of a slider of the page: npred, stat, refit of the other parameters, spectrum drawn again",
  goalSeconds: 4e-3,
  async ownSeconds() {
    const times = await inPage(
      async (page) => {
        await page.waitForFunction(() => performance.getEntriesByName("fitted").length > 0);
        return page.evaluate(async (steps) => {
          const slider = document.querySelector('input[aria-label="slide Crab Nebula.beta"]');
          const out = [];
          for (let k = 0; k < steps; k++) {
            slider.value = String(150 + (k % 100));
            const done = new Promise((resolve) => document.addEventListener("step", resolve, { once: true }));
            const start = performance.now();
            slider.dispatchEvent(new Event("input"));
            await done;
            out.push((performance.now() - start) / 1e3);
          }
          // the compiler has seen it by then
          return out.slice(steps / 2);
        }, STEPS);
      },
      { built: true },
    );
    const sorted = [...times].sort((a, b) => a - b);
    return { seconds: spread(times).median, extra: { p95_s: sorted[Math.floor(0.95 * sorted.length)] } };
  },
};

export const browserRows = [
  against("browser-evaluation", "joint Crab example, value, gradient and Hessian,", "evaluation"),
  against("browser-fit", "joint Crab example, warm fit with errors,", "fit"),
  firstFit,
  sliderStep,
];
