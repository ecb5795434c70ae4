import { execFileSync } from "node:child_process";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileAccess } from "../../src/io/files.js";
import { inflate } from "../../src/io/inflate.js";

/** The disk, for tests that hand files to other programs. */
export const disk: FileAccess = {
  read: async (path) => inflate(new Uint8Array(await readFile(path)), path),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  write: async (path, bytes) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  },
  env: (name) => process.env[name],
};

export function runPython(script: string, ...args: string[]): void {
  execFileSync(process.env.GAMMATS_PYTHON!, [script, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}

export const hasFitsverify = (() => {
  try {
    execFileSync("which", ["fitsverify"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
