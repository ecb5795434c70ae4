/**
 * Results of the build that are made again only when something changes that they depend on: their own text, the built library, the scripts of the site, Node.
 * They lie in a folder, by a hash of all of that.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";

/** SHA-256 of all files of these folders, with their names. */
async function hashOf(folders) {
  const hash = createHash("sha256").update(process.version);
  for (const folder of folders) {
    for (const path of (await readdir(folder, { recursive: true })).sort()) {
      if (/\.(m?js|ts|json|fits|yaml)$/.test(path)) hash.update(path).update(await readFile(`${folder}/${path}`));
    }
  }
  return hash.digest("hex");
}

/**
 * `keep(parts, make)` returns what `make` has returned for these texts, now or before: plain data, with maps and bytes. `folders`: what the results depend on beside the texts.
 * `prune` removes what was not asked for.
 */
export async function keeper(folder, folders) {
  await mkdir(folder, { recursive: true });
  const base = await hashOf(folders);
  const used = new Set();
  const keep = async (parts, make) => {
    const key = createHash("sha256").update(base).update(JSON.stringify(parts)).digest("hex");
    used.add(key);
    const path = `${folder}/${key}`;
    const known = await readFile(path).catch(() => null);
    if (known !== null) return deserialize(known);
    const made = await make();
    await writeFile(path, serialize(made));
    return made;
  };
  const prune = async () => {
    const old = (await readdir(folder)).filter((key) => !used.has(key));
    await Promise.all(old.map((key) => rm(`${folder}/${key}`)));
  };
  return { keep, prune };
}
