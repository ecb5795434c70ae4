import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gammats } from "./run.js";

/** Status of a GET of the address with this Host. */
const status = (url: string, host: string, path = "/") =>
  new Promise<number>((resolve, reject) => {
    request(new URL(path, url), { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on("error", reject)
      .end();
  });

describe("gammats app", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gammats-app-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("serves the page to this machine until Ctrl-C", async () => {
    const child = spawn(process.execPath, ["dist/cli/main.js", "app", "--no-open"]);
    let said = "";
    while (!said.includes("\n")) said += (await once(child.stdout, "data"))[0];
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)!;
    expect(await (await fetch(url!)).text()).toBe(await readFile("dist/app/index.html", "utf8"));
    const { host } = new URL(url!);
    expect(await status(url!, host)).toBe(200);
    // a name of somebody else that was made to point here (DNS rebinding), and any other path
    expect(await status(url!, "example.org")).toBe(403);
    expect(await status(url!, host, "/etc/passwd")).toBe(404);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("writes it as one file, and over none", async () => {
    const out = join(folder, "page.html");
    expect(await gammats(["app", "--out", out])).toMatchObject({ status: 0 });
    expect(await readFile(out, "utf8")).toContain("<title>GammaTS");
    expect((await gammats(["app", "--out", out])).stderr).toMatch(/exists/);
  });

  it("says what is wrong with a port", async () => {
    expect(await gammats(["app", "--port", "http"])).toMatchObject({ status: 2 });
    expect((await gammats(["app", "--port", "99999"])).stderr).toMatch(/port/);
  });
});
