/** `--size`, `--style`, `--font-file`, and what legends call files. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { fluxPointsLabel } from "../../src/plot/results.js";
import { decodePng, parseXml, texts } from "../plot/helpers.js";
import { type Folder, fermi, gammats, hawc, spectra, temporaryFolder } from "./run.js";

let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const models = `${fermi}_models.yaml`;
const svgOf = async (name: string) => readFile(folder.path(name), "utf8");

describe("gammats plot", () => {
  it("draws on paper in mm, SVG and PNG of 300 dots an inch", async () => {
    for (const ending of ["svg", "png"]) {
      const out = folder.path(`sed.${ending}`);
      expect((await gammats(["plot", models, hawc, "--size", "88x60mm", "--out", out])).status).toBe(0);
    }
    expect(parseXml(await svgOf("sed.svg")).attributes).toMatchObject({ width: "88mm", height: "60mm" });
    const png = decodePng(await readFile(folder.path("sed.png")));
    // 25.4 mm an inch; a pixel is rounded
    expect(Math.abs(png.width - (88 / 25.4) * 300)).toBeLessThan(1);
    expect(Math.abs(png.height - (60 / 25.4) * 300)).toBeLessThan(1);
  });

  it("takes a style, and the command line before it", async () => {
    const style = folder.path("style.yaml");
    await writeFile(style, "size: 120mm\ntitle: of the style\nenergy_unit: GeV\nnames: {HAWC19: HAWC}\nratio: true\n");
    const out = folder.path("styled.svg");
    const args = ["plot", models, hawc, "--style", style, "--size", "88mm", "--title", "mine", "--out", out];
    expect((await gammats(args)).stderr).toBe("");
    const root = parseXml(await svgOf("styled.svg"));
    const labels = texts(root).map((t) => t.text);
    expect(root.attributes.width).toBe("88mm");
    expect(labels).toEqual(expect.arrayContaining(["mine", "Energy [GeV]", "HAWC", "Crab Nebula"]));
    expect(labels.join(" ")).toMatch(/Data.*model/);
  });

  it("compares the sources of several files", async () => {
    const other = folder.path("other.yaml");
    const text = await readFile(models, "utf8");
    await writeFile(
      other,
      text.replace(/name: alpha\s+value: [\d.]+/, (found) => found.replace(/[\d.]+$/, "2.5")),
    );
    const out = folder.path("two.svg");
    expect((await gammats(["plot", models, other, hawc, "--out", out])).stderr).toBe("");
    const labels = texts(parseXml(await svgOf("two.svg"))).map((t) => t.text);
    expect(labels).toEqual(
      expect.arrayContaining(["Crab Nebula (Fermi-LAT-3FHL_models)", "Crab Nebula (other)", "HAWC19"]),
    );
    const [a, b] = ["a", "b"].map((name) => folder.path(`${name}/models.yaml`)) as [string, string];
    for (const path of [a, b]) await mkdir(dirname(path));
    await copyFile(models, a);
    await copyFile(other, b);
    const same = folder.path("same.svg");
    expect((await gammats(["plot", a, b, "--out", same])).status).toBe(0);
    const folders = texts(parseXml(await svgOf("same.svg"))).map((t) => t.text);
    for (const name of ["a", "b"]) expect(folders.join()).toMatch(new RegExp(`Crab Nebula \\(.*/${name}/models\\)`));
    const none = await gammats(["plot", models, other, "--source", "Vela", "--out", folder.path("none.svg")]);
    expect([none.status, none.said]).toEqual([2, expect.stringMatching(/there is no source "Vela"/)]);
    const both = await gammats(["plot", `${fermi}_datasets.yaml`, models, other, "--out", folder.path("both")]);
    expect([both.status, both.said]).toEqual([2, expect.stringMatching(/models/)]);
  });

  it("styles the pictures of datasets too", async () => {
    const out = folder.path("pictures");
    const args = ["plot", `${fermi}_datasets.yaml`, models, "--size", "88mm", "--out", out];
    expect((await gammats(args)).status).toBe(0);
    for (const name of ["counts", "maps"]) {
      expect(parseXml(await svgOf(`pictures/${name}-Fermi-LAT.svg`)).attributes.width).toBe("88mm");
    }
  });

  it("takes the name of a file where datasets have one picture, else asks for a folder", async () => {
    const several = ["plot", `${fermi}_datasets.yaml`, models, "--energy-range", "1 TeV,2 TeV"];
    const run = await gammats([...several, hawc, "--out", folder.path("spec.png")]);
    expect(run.status).toBe(2);
    expect(run.said).toContain("this is the name of one picture, and there are 2: counts-Fermi-LAT, maps-Fermi-LAT");
    expect(run.said).toContain("--energy-range is for spectra; pictures of datasets do not use it");
    expect(run.said).toContain("flux points are not drawn");
    const out = folder.path("one.png");
    const single = await gammats(["plot", `${spectra}/pha_obs23523.fits`, "--model", "pl", "--out", out]);
    expect(single.status).toBe(0);
    expect(decodePng(await readFile(out)).width).toBeGreaterThan(100);
  });

  it.each([
    [["--size", "88"], /--size, --font-file: size: found "88", expected a width/],
    [["--style", "no.yaml"], /no\.yaml/],
  ])("refuses %j", async (options, message) => {
    const run = await gammats(["plot", models, ...options, "--out", folder.path("refused.svg")]);
    expect([run.status, run.said]).toEqual([2, expect.stringMatching(message)]);
  });

  it("names characters that no font has, and draws them with one that has", async () => {
    const out = folder.path("title.png");
    const args = ["plot", models, "--title", "蟹 Краб", "--out", out];
    const run = await gammats(args);
    expect(run.status).toBe(2);
    expect(run.said).toMatch(/DejaVu Sans has not "蟹"; give the file of a font/);
    const svg = await gammats([...args.slice(0, -1), folder.path("title.svg")]);
    expect(svg.status).toBe(0);
    const serif = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSerif.ttf");
    expect((await gammats([...args, "--font-file", serif])).said).toMatch(/neither DejaVu Sans nor .*DejaVuSerif/);
    expect((await gammats([...args, "--font-file", models])).said).toMatch(/no font/);
    expect((await gammats([...args, "--font-file", folder.path("none.ttf")])).said).toMatch(/no such file/);
  });

  it("draws PNG and PDF in the font of a style", async () => {
    const serif = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSerif.ttf");
    const style = folder.path("serif.yaml");
    const draw = async (text: string, ending: string) => {
      await writeFile(style, text);
      const out = folder.path(`font.${ending}`);
      const run = await gammats(["plot", models, "--style", style, "--overwrite", "--out", out]);
      return run.status === 0 ? await readFile(out) : run.said;
    };
    expect(await draw("font: Serif Font", "png")).toMatch(/need the file of that font/);
    for (const ending of ["png", "pdf"]) {
      const [sans, own] = [await draw("{}", ending), await draw(`font: Serif Font\nfont_file: ${serif}`, ending)];
      expect(Buffer.compare(sans as Buffer, own as Buffer)).not.toBe(0);
      if (ending === "pdf") expect((own as Buffer).toString("latin1")).toMatch(/FontName \/\w+\+DejaVuSerif/);
    }
  });
});

it("legends name telescopes, not files", async () => {
  const { meta } = await readFluxPoints(await readFile(hawc), { where: hawc });
  expect(fluxPointsLabel("HAWC19_flux_points", meta)).toBe("HAWC19");
  expect(fluxPointsLabel("fp3d", { TELESCOP: "HESS" })).toBe("HESS");
  expect(fluxPointsLabel("x", { TELESCOP: "Fermi", INSTRUME: "LAT" })).toBe("Fermi LAT");
  expect(fluxPointsLabel("flux_points")).toBe("flux points");
  expect(fluxPointsLabel("my_crab_sed")).toBe("my crab");
});
