/** Runs the code of one block with the built library, away from the page, which can stop it. */
import * as main from "gammats";
import * as extend from "gammats/extend";
import * as io from "gammats/io";
import * as models from "gammats/models";
import { analyseCrab, findCrab, readCrab } from "gammats/node";
import * as plot from "gammats/plot";
import * as reduce from "gammats/reduce";
import * as sky from "gammats/sky";
import * as time from "gammats/time";
import { transform } from "sucrase";
import { siteFiles } from "./files.js";
import { inspect } from "./inspect.js";
import type { Said, Task } from "./types.js";

const EXAMPLE = "example";

const say = (said: Said) => postMessage(said);

/** `console` of the code; before its own block begins, nothing is shown. */
function consoleOf(state: { shows: boolean }): Pick<Console, "log" | "error" | "assert"> {
  const log = (...parts: unknown[]) => {
    if (state.shows) say({ type: "line", text: parts.map((part) => inspect(part)).join(" ") });
  };
  const assert = (holds?: boolean, ...parts: unknown[]) =>
    log(holds ? "assertion holds" : "ASSERTION FAILED", ...parts);
  return { log, error: log, assert };
}

type Code = (require: (name: string) => unknown, exports: object, console: object, begin: () => void) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Code;

async function run({ before, code, site }: Task): Promise<void> {
  const names = (await (await fetch(new URL("live/example.json", site))).json()) as string[];
  const files = siteFiles(site, names);
  const node = { analyseCrab, findCrab, readCrab, nodeFiles: () => files, exampleFolder: () => EXAMPLE };
  const modules: Readonly<Record<string, unknown>> = {
    gammats: main,
    "gammats/extend": extend,
    "gammats/io": io,
    "gammats/models": models,
    "gammats/node": node,
    "gammats/plot": plot,
    "gammats/reduce": reduce,
    "gammats/sky": sky,
    "gammats/time": time,
  };
  const find = (name: string) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error(`"${name}": a page has ${Object.keys(modules).join(", ")}`);
  };
  const state = { shows: before === "" };
  const text = `${before}\nbegin();\n${code}`;
  const { code: script } = transform(text, { transforms: ["typescript", "imports"], preserveDynamicImport: true });
  const begin = () => {
    state.shows = true;
  };
  await new AsyncFunction("require", "exports", "console", "begin", script)(find, {}, consoleOf(state), begin);
}

addEventListener("message", async ({ data }: MessageEvent<Task>) => {
  try {
    await run(data);
    say({ type: "end" });
  } catch (error) {
    say({ type: "error", text: inspect(error) });
  }
});
