import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SpecError } from "../../errors.js";
import { servePage } from "../../node/serve-page.js";
import type { Context } from "../context.js";
import { wholeNumber } from "../numbers.js";

interface Options {
  readonly port?: string;
  readonly open: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** Serves the page until Ctrl-C, or writes it. */
export async function run(context: Context, _: readonly string[], options: Options) {
  const page = await context.files.read(pageFile());
  if (options.out !== undefined) {
    if (!/\.html?$/i.test(options.out)) {
      throw new SpecError({ where: `--out ${options.out}`, what: "the page is HTML", remedy: "end the name in .html" });
    }
    await context.files.write(options.out, page, { overwrite: options.overwrite });
    context.print(`wrote ${options.out}; open it in a browser, or put it on any web server`);
    return context.document({ file: options.out });
  }
  const served = await servePage(page, options.port === undefined ? 0 : wholeNumber(options.port, "--port", 0));
  context.print(`the page: ${served.url} (on this machine alone; Ctrl-C to end)`);
  context.document({ url: served.url });
  if (options.open) openInBrowser(served.url);
  await interrupted(context);
  await served.close();
}

/** As the package's build left it. */
const pageFile = () =>
  join(dirname(createRequire(import.meta.url).resolve("gammats/package.json")), "dist/app/index.html");

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", '""'],
};

/** In the user's own browser. Where there is none, the address that was printed is enough. */
function openInBrowser(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(program!, [...args, url], { stdio: "ignore", detached: true });
  opener.on("error", () => undefined);
  opener.unref();
}

const interrupted = ({ signal }: Context) =>
  new Promise<void>((resolve) => {
    if (signal === undefined || signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
