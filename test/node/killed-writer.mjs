// Writes files into a folder and kills itself at a step of the file system: node killed-writer.mjs <module> <folder> <step> <text> <name>...
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const [module, folder, step, text, ...names] = process.argv.slice(2);
let left = Number(step);
for (const name of ["mkdir", "open", "rename", "rmdir", "rm", "link"]) {
  const call = fs[name];
  fs[name] = (...args) => {
    if (left-- === 0) process.kill(process.pid, "SIGKILL");
    return call(...args);
  };
}
syncBuiltinESMExports();
const { writeFilesAtomically } = await import(module);
const entries = names.map((name) => [join(folder, name), new TextEncoder().encode(`${text} ${name}`)]);
await writeFilesAtomically(entries, { overwrite: true });
