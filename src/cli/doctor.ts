/** What GammaTS finds on a machine. */
import { availableParallelism } from "node:os";
import { GammatsError } from "../errors.js";
import { joinPath } from "../io/files.js";
import { formatBytes } from "../memory.js";
import { findCrab } from "../node/crab.js";
import { missingFor } from "../node/picture.js";
import { connect, redisLibraries, withoutPassword } from "../node/redis-client.js";
import { version } from "../node/version.js";
import { configPaths } from "./config.js";
import type { Context } from "./context.js";
import { PASSWORD } from "./workers.js";

export interface Check {
  readonly check: string;
  /** absent: it is optional; problem: it is asked for and cannot be used. */
  readonly state: "ok" | "absent" | "problem";
  readonly found: string;
}

const ok = (check: string, found: string): Check => ({ check, state: "ok", found });
const absent = (check: string, found: string): Check => ({ check, state: "absent", found });
const problem = (check: string, found: string): Check => ({ check, state: "problem", found });

export async function checksOf(context: Context, { executor }: { readonly executor?: string }): Promise<Check[]> {
  return [
    ok("gammats", version),
    ok("node", `${process.version}, ${process.platform} ${process.arch}`),
    ok("python", "not needed"),
    memory(context),
    ok("threads", `${availableParallelism()} cores, as many with --workers`),
    await data(context),
    await absorption(context),
    pictures("png"),
    pictures("pdf"),
    await redis(context, executor),
    await config(context),
  ];
}

function memory({ files }: Context): Check {
  const free = files.freeBytes?.() ?? 0;
  const limit = files.env("GAMMATS_MAX_BYTES");
  return ok("memory", `${formatBytes(free)}, ${limit ? "as GAMMATS_MAX_BYTES says" : "what is free"}`);
}

async function data({ files }: Context): Promise<Check> {
  const folder = files.env("GAMMAPY_DATA");
  if (!folder)
    return absent("GAMMAPY_DATA", "not set; gammats download fetches the Crab files, the example needs none");
  if (!(await files.exists(folder))) return problem("GAMMAPY_DATA", `${folder}: there is no such folder`);
  const { missing, fluxPoints } = await findCrab(folder, files);
  if (missing.length > 0)
    return ok("GAMMAPY_DATA", `${folder}; of the Crab analysis ${missing.length} files are missing`);
  const layout = fluxPoints.includes("hawc/crab_flux") ? "current" : "older";
  return ok("GAMMAPY_DATA", `${folder}; the files of the Crab analysis, in the ${layout} layout`);
}

async function absorption({ files }: Context): Promise<Check> {
  const folder = files.env("GAMMAPY_DATA");
  const place = folder && joinPath(folder, "ebl");
  return place && (await files.exists(place))
    ? ok("absorption tables", place)
    : absent("absorption tables", "no $GAMMAPY_DATA/ebl; models with absorption need its tables");
}

function pictures(format: "png" | "pdf"): Check {
  const missing = missingFor(format);
  const check = `pictures in ${format.toUpperCase()}`;
  return missing === "" ? ok(check, "packages found") : absent(check, `for these, npm install ${missing}`);
}

async function redis({ files }: Context, url: string | undefined): Promise<Check> {
  const check = "redis";
  try {
    const libraries = await redisLibraries();
    if (url === undefined) return ok(check, "packages found; with --executor redis://HOST:PORT a server is looked for");
    const client = await connect(libraries, { url, ...passwordOf(files.env(PASSWORD)) });
    client.disconnect();
    return ok(check, `${withoutPassword(url)} answers`);
  } catch (error) {
    if (!(error instanceof GammatsError)) throw error;
    if (url !== undefined) return problem(check, error.message);
    return absent(check, "for jobs on several machines, npm install bullmq ioredis");
  }
}

const passwordOf = (password: string | undefined) => (password === undefined ? {} : { password });

async function config({ files }: Context): Promise<Check> {
  const paths = configPaths({ HOME: files.env("HOME"), XDG_CONFIG_HOME: files.env("XDG_CONFIG_HOME") });
  const there = await Promise.all(paths.map((path) => files.exists(path)));
  const found = paths.filter((_, i) => there[i]);
  return found.length > 0 ? ok("defaults", found.join(", ")) : absent("defaults", `none of ${paths.join(", ")}`);
}
