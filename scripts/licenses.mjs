import { existsSync, readFileSync } from "node:fs";

/** The licences of the packages whose code is in the bundle, as THIRD-PARTY-LICENSES.txt beside it. */
export function licenses() {
  return {
    name: "licenses",
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((part) => (part.type === "chunk" ? Object.keys(part.modules) : []));
      const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
      const texts = [...new Set(folders)].sort().map(licenseOf);
      const source = texts.join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "THIRD-PARTY-LICENSES.txt", source });
    },
  };
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((base) => `${folder}/${base}`).find(existsSync);
  // some give it at the end of their README
  const text = file
    ? readFileSync(file, "utf8")
    : /#+ LICENSE\n([\s\S]*)$/i.exec(readFileSync(`${folder}/README.md`, "utf8"))?.[1];
  if (text === undefined) throw new Error(`${name} ${version} (${license}) is to be bundled, but has no licence text`);
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
