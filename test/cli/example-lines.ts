/** Lines of help and of documents, run by the built program. */
import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** Toys that an example asks for are many; a few show that it runs. */
const fewer = (word: string, before: string) =>
  /^--(toys|calibrated)$/.test(before) || /^\d{4,}$/.test(word) ? "12" : word;

/** The words of a line as a shell makes them; `*.fits` stands for three files. */
export function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  return words
    .map((word, i) => fewer(word, words[i - 1] ?? ""))
    .flatMap((word) => (word === "*.fits" ? ["HAWC19_flux_points.fits", "pha_obs23523.fits", "points.fits"] : [word]));
}

/** The built program, as threads need it. */
const main = resolve("dist/cli/main.js");
export async function runIn(cwd: string, argv: readonly string[]) {
  const env = { ...process.env, GAMMAPY_DATA: "", XDG_CONFIG_HOME: join(cwd, "none") };
  const options = { cwd, env, maxBuffer: 2 ** 28 };
  return promisify(execFile)(process.execPath, [main, ...argv], options).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
  );
}
