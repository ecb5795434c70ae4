/** How the command line behaves, whatever the command: what it says, where, and to whom. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wantsColours } from "../../src/cli/colours.js";
import { commands } from "../../src/cli/declarations/index.js";
import { optionsOf } from "../../src/cli/parser.js";
import { version } from "../../src/node/version.js";
import { type Folder, fermi, gammats, hawc, temporaryFolder } from "./run.js";

let folder: Folder;
const home = process.cwd();
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(async () => {
  process.chdir(home);
  await folder.remove();
});

const analysis = [`${fermi}_datasets.yaml`, `${fermi}_models.yaml`];
const bytesOf = (path: string) => async () => new Uint8Array(await readFile(path));

describe("--quiet and --verbose", () => {
  const noted = ["fit", ...analysis, "--energy-range", "Fermi-LAT=10 GeV,1 TeV"];

  it("say less and more on stderr; results stay", async () => {
    const [normal, quiet, verbose] = await Promise.all(
      [[], ["-q"], ["-v"]].map((more) => gammats([...noted, ...more])),
    );
    expect([quiet!.stdout, quiet!.stderr, quiet!.status]).toEqual([normal!.stdout, "", 0]);
    expect(normal!.stderr).toMatch(/^gammats: --energy-range: .*\n$/);
    expect(verbose!.stdout).toBe(normal!.stdout);
    expect(verbose!.stderr).toContain(normal!.stderr);
    expect(verbose!.stderr).toMatch(/^gammats: read .*Fermi-LAT-3FHL_datasets\.yaml, \d+ bytes$/m);
    expect(verbose!.stderr).toMatch(/^gammats: fit took \d+\.\d\d s$/m);
  });

  it("leave out what was written, and never an error", async () => {
    const out = folder.path("quiet.svg");
    expect(await gammats(["plot", hawc, "--out", out, "--quiet"])).toMatchObject({ status: 0, stdout: "", stderr: "" });
    const { status, stderr } = await gammats(["plot", hawc, "--out", out, "--quiet"]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^gammats: .*quiet\.svg.*exists/)]);
    expect((await gammats([...noted, "-q", "-v"])).stderr).toMatch(/found --quiet and --verbose/);
  });
});

describe("a file called -", () => {
  it("is what comes in on stdin, gzip too", async () => {
    const { stdout } = await gammats(["info", "-"], {}, { stdin: bytesOf(analysis[1]!) });
    expect(stdout).toMatch(/^standard input: models \(Gammapy YAML\)/);
    const fit = await gammats(["fit", analysis[0]!, "-", "--json"], {}, { stdin: bytesOf(analysis[1]!) });
    expect(fit.json().success).toBe(true);
    const { gzipSync } = await import("node:zlib");
    const stdin = async () => new Uint8Array(gzipSync(await readFile(hawc)));
    expect((await gammats(["info", "-", "--json"], {}, { stdin })).json()[0]).toMatchObject({ kind: "flux-points" });
  });

  it("is said where nothing comes in, or something else", async () => {
    const none = await gammats(["info", "-"]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringMatching(/^gammats: standard input: nothing came in/)]);
    const wrong = await gammats(["fit", analysis[0]!, "-"], {}, { stdin: bytesOf(hawc) });
    expect(wrong.stderr).toMatch(
      /there are no models; found .*, standard input \(flux points \(GADF SED\)\); give a models\.yaml/,
    );
  });

  it("comes to the built program from a pipe", async () => {
    const input = await readFile(analysis[1]!);
    const { status, stdout } = spawnSync(process.execPath, ["dist/cli/main.js", "info", "-", "--json"], { input });
    expect([status, JSON.parse(stdout.toString())[0].kind]).toEqual([0, "models-yaml"]);
  });
});

describe("colours", () => {
  const red = "\x1b[1;31mgammats\x1b[0m: ";
  it("are for terminals", async () => {
    const shown = await gammats(["info", "none.fits"], {}, { hasColours: () => true });
    expect(shown.stderr.startsWith(`${red}none.fits: no such file`)).toBe(true);
    expect((await gammats(["info", "none.fits"])).stderr).not.toContain("\x1b");
    // names cannot bring their own
    const named = await gammats(["info", "\x1b[1mx"], {}, { hasColours: () => true });
    expect(named.stderr).toContain(`${red}\\u001b[1mx: no such file`);
  });

  it("are not for those who say NO_COLOR", () => {
    expect(wantsColours(true, {})).toBe(true);
    expect(wantsColours(true, { NO_COLOR: "" })).toBe(true);
    expect(wantsColours(true, { NO_COLOR: "1" })).toBe(false);
    expect(wantsColours(true, { TERM: "dumb" })).toBe(false);
    expect(wantsColours(false, {})).toBe(false);
  });
});

describe("arguments in another order", () => {
  it.each([
    [["toys", "2", ...analysis, "--workers", "1", "--json"]],
    [["contour", "alpha", "beta", analysis[1]!, analysis[0]!, "--points", "3", "--json"]],
  ])("%j are told apart", async (argv) => {
    const { status, stderr } = await gammats(argv);
    expect([status, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^gammats: the order of the arguments is taken to be: \S+\.yaml \S+\.yaml (2|alpha beta)\n/,
      ),
    ]);
  });

  it("are an error where the files do not tell", async () => {
    const { status, stderr } = await gammats(["fit", analysis[0]!, analysis[0]!]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/found 2 files of the kind datasets\.yaml: .*; give one/),
    ]);
  });
});

describe("files of another kind", () => {
  it("are named, and never printed", async () => {
    for (const argv of [
      ["fit", hawc, analysis[1]!],
      ["fit", analysis[0]!, hawc],
    ]) {
      const { status, stderr } = await gammats(argv);
      expect([status, stderr.length < 400]).toEqual([2, true]);
      expect(stderr).toMatch(
        /^gammats: .*HAWC19_flux_points\.fits: found flux points \(GADF SED\), expected .*models|datasets/,
      );
    }
  });
});

describe("several problems", () => {
  it("are headed by the file that they are about", async () => {
    const models = folder.path("wrong_models.yaml");
    const text = await readFile(analysis[1]!, "utf8");
    await writeFile(models, text.replaceAll("frozen: true", "frozen: maybe"));
    const { status, stderr } = await gammats(["fit", analysis[0]!, models]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^gammats: \S+wrong_models\.yaml: 2 problems\n {2}\S+wrong_models\.yaml:26 .*"maybe"/);
  });
});

describe("defaults of a file", () => {
  it("are used where the command line says nothing, and said with --verbose", async () => {
    await mkdir(folder.path("here"));
    await mkdir(folder.path("user/gammats"), { recursive: true });
    await writeFile(folder.path("user/gammats/config.yaml"), "backend: minuit\nworkers: 3\n");
    await writeFile(folder.path("here/.gammats.yaml"), "# ours\nbackend: simplex\nformat: csv\n");
    const env = { XDG_CONFIG_HOME: folder.path("user") };
    const line = ["fit", ...analysis.map((path) => `${home}/${path}`), "--json"];
    expect((await gammats(line, env)).json().backend).toBe("minuit");
    process.chdir(folder.path("here"));
    const own = await gammats([...line, "-v", "--out", "result"], env);
    expect(own.json().backend).toBe("simplex");
    expect(own.stderr).toContain("gammats: backend simplex, as .gammats.yaml:2 says\n");
    expect(own.stderr).toContain("gammats: format csv, as .gammats.yaml:3 says\n");
    expect(own.json().files).toContain("result/parameters.csv");
    expect((await gammats([...line, "--backend", "newton"], env)).json().backend).toBe("newton");
    // a format there is of files, and does not turn what people read into CSV
    expect((await gammats(["models"], env)).stdout).toMatch(/^kind +type +tag/);
    const doctor = await gammats(["doctor"], env);
    expect(doctor.stdout).toMatch(/^defaults +ok +\.gammats\.yaml, .*user\/gammats\/config\.yaml$/m);
    process.chdir(home);
  });

  it("may be looks of pictures, named as seen from the file that names them", async () => {
    await mkdir(folder.path("looks/gammats"), { recursive: true });
    await writeFile(folder.path("looks/gammats/config.yaml"), "style: paper.yaml\n");
    await writeFile(folder.path("looks/gammats/paper.yaml"), "size: 88mm\n");
    const env = { XDG_CONFIG_HOME: folder.path("looks") };
    const widthOf = async (name: string, ...more: string[]) => {
      const out = folder.path(name);
      expect((await gammats(["plot", hawc, "--out", out, ...more], env)).status).toBe(0);
      return /width="(\w+)"/.exec(await readFile(out, "utf8"))![1];
    };
    expect(await widthOf("default.svg")).toBe("88mm");
    expect(await widthOf("wide.svg", "--size", "120mm")).toBe("120mm");
  });

  it.each([
    ["plugin: evil.mjs\n", /\.gammats\.yaml:1: unknown key "plugin"/],
    ["executor: redis://x\n", /\.gammats\.yaml:1: unknown key "executor"/],
    ["workers: many\n", /\.gammats\.yaml:1 workers: found "many", expected a whole number above 0/],
    ["format: xls\n", /\.gammats\.yaml:1 format: found "xls", expected csv, tex, ecsv, fits, json, text/],
    ["- a\n", /\.gammats\.yaml:1: found a list, expected a mapping/],
  ])("%j are refused with their line", async (text, message) => {
    await mkdir(folder.path("wrong"), { recursive: true });
    await writeFile(folder.path("wrong/.gammats.yaml"), text);
    process.chdir(folder.path("wrong"));
    const { status, stderr } = await gammats(["models"]);
    process.chdir(home);
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe("gammats doctor", () => {
  const checksOf = async (argv: readonly string[], env = {}) => {
    const { status, json } = await gammats(["doctor", "--json", ...argv], env);
    const { checks } = json();
    return { status, of: (name: string) => checks.find((c: { check: string }) => c.check === name) };
  };

  it("says what is there", async () => {
    const { status, of } = await checksOf([], { GAMMAPY_DATA: "examples/crab", GAMMATS_MAX_BYTES: "2e9" });
    expect(status).toBe(0);
    expect(of("gammats")).toMatchObject({ state: "ok", found: version });
    expect(of("python")).toMatchObject({ state: "ok", found: "not needed" });
    expect(of("memory").found).toMatch(/^2.*GB, as GAMMATS_MAX_BYTES says$/);
    expect(of("GAMMAPY_DATA").found).toBe("examples/crab; the files of the Crab analysis, in the older layout");
    expect(of("pictures in PNG").state).toBe("ok");
  });

  it("ends with status 2 where something that is asked for cannot be used", async () => {
    const data = await checksOf([], { GAMMAPY_DATA: "/nowhere" });
    expect([data.status, data.of("GAMMAPY_DATA").state]).toEqual([2, "problem"]);
    const redis = await checksOf(["--executor", "redis://127.0.0.1:1"]);
    expect([redis.status, redis.of("redis")]).toMatchObject([2, { state: "problem" }]);
    expect(redis.of("redis").found).toMatch(/no connection to redis:\/\/127\.0\.0\.1:1/);
  });
});

describe("gammats completion", () => {
  /** What bash offers for the last of the words. */
  function offered(script: string, words: readonly string[]): string[] {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const ask = `${script}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _gammats; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", ask], { encoding: "utf8" }).split("\n").filter(Boolean);
  }

  it("in bash offers commands, options, values and files", async () => {
    const { stdout: script } = await gammats(["completion", "bash"]);
    expect(offered(script, ["gammats", "flux"]).sort()).toEqual(["flux", "flux-points"]);
    expect(offered(script, ["gammats", ""])).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
    for (const spec of commands) {
      const flags = optionsOf(spec).map(([flag]) => /--[\w-]+/.exec(flag)![0]);
      expect(offered(script, ["gammats", spec.name, "--"])).toEqual(expect.arrayContaining(flags));
    }
    expect(offered(script, ["gammats", "fit", "a", "b", "--backend", "m"])).toEqual(["minuit"]);
    expect(offered(script, ["gammats", "info", "READ"])).toEqual(["README.md"]);
  });

  it("in zsh and fish has every option", async () => {
    const [zsh, fish] = await Promise.all(["zsh", "fish"].map((shell) => gammats(["completion", shell])));
    expect(zsh!.stdout).toMatch(/^#compdef gammats\n/);
    for (const { name } of commands) {
      expect(zsh!.stdout).toContain(`    ${name})\n`);
      expect(fish!.stdout).toContain(`-n __fish_use_subcommand -a ${name} -d '`);
    }
    expect(zsh!.stdout).toContain("'*--backend[minimiser]:value:(newton minuit simplex)' \\\n");
    expect(fish!.stdout).toContain(
      "'__fish_seen_subcommand_from fit' -l backend -x -a 'newton minuit simplex' -d 'minimiser'",
    );
    const wrong = await gammats(["completion", "tcsh"]);
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      'gammats: completion: found "tcsh", expected bash, zsh or fish\n',
    ]);
  });
});
