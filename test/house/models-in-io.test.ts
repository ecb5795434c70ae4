import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { standardModels } from "../../src/models/registry.js";

/*
 * A new model must need no change in src/io: what is read and written follows from its declaration. The types of whole components (SkyModel,
 * FoVBackgroundModel, TemplateNPredModel) are words of the format itself and may stand there.
 */
const folder = new URL("../../src/io/", import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const { spectral, spatial, temporal, priors } = standardModels;
const types = [...spectral, ...spatial, ...temporal, ...priors].map(({ type }) => type);

it.each(files)("%s names no model", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  expect(types.filter((type) => text.includes(type))).toEqual([]);
  expect(text).not.toMatch(/from "[./]*models\/(spectral|spatial|temporal|priors)\//);
});
