/** How sure something is: --sigma and --cl of all commands, and when counts are too few for asymptotic probabilities. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Folder, gammats, spectra, temporaryFolder } from "./run.js";

const runs = [23523, 23526].map((id) => `${spectra}/pha_obs${id}.fits`);
let folder: Folder;
beforeAll(async () => {
  folder = await temporaryFolder();
  await gammats(["fit", ...runs, "--model", "pl", "--out", folder.path("fitted")]);
});
afterAll(() => folder.remove());

const documentOf = async (...argv: string[]) => (await gammats([...argv, "--json"])).json();

describe("--sigma and --cl", () => {
  // the normal distribution: 95.4499736 % within 2 standard deviations, 97.7249868 % below 2
  it("say the same of an interval, a limit, errors of a flux", async () => {
    const interval = (...more: string[]) => documentOf("interval", folder.path("fitted"), "index", ...more);
    const [two, same] = [await interval("--sigma", "2"), await interval("--cl", "0.954499736")];
    expect(two.cl).toBeCloseTo(0.954499736, 8);
    expect(two.profile.upper).toBeCloseTo(same.profile.upper, 6);
    const limits = [
      await interval("--side", "upper", "--sigma", "2"),
      await interval("--side", "upper", "--cl", "0.977249868"),
    ];
    expect(limits[0]!.cl).toBeCloseTo(0.977249868, 8);
    expect(limits[0]!.profile.upper).toBeCloseTo(limits[1]!.profile.upper, 6);
    const flux = (...more: string[]) => documentOf("flux", folder.path("fitted"), "--range", "1 TeV,10 TeV", ...more);
    const [one, wide, wider] = [await flux(), await flux("--sigma", "2"), await flux("--cl", "0.954499736")];
    const error = (of: { fluxes: { flux: { errp: number } }[] }) => of.fluxes[0]!.flux.errp;
    expect(error(wide) / error(one)).toBeCloseTo(2, 10);
    expect(error(wider) / error(one)).toBeCloseTo(2, 7);
  });

  it("say how sure upper limits of points are", async () => {
    const points = (...more: string[]) =>
      documentOf("flux-points", folder.path("fitted"), "--edges", "1 TeV,3 TeV", ...more);
    const [three, same, two] = [await points("--ul-sigma", "3"), await points("--ul-cl", "0.9973002"), await points()];
    const limit = (of: { flux_points: { e2dnde_ul: number }[] }) => of.flux_points[0]!.e2dnde_ul;
    expect(limit(three) / limit(same)).toBeCloseTo(1, 6);
    expect(limit(three)).toBeGreaterThan(limit(two));
    const text = await gammats(["flux-points", folder.path("fitted"), "--edges", "1 TeV,3 TeV", "--ul-sigma", "3"]);
    expect(text.stdout).toContain("limits at 99.73 %");
    const curve = await gammats(["light-curve", folder.path("fitted"), "--ul-cl", "0.9"]);
    expect(curve.stdout).toContain("limits at 90 %");
  });

  it.each([
    ["interval", ["index"]],
    ["flux", ["--range", "1 TeV,10 TeV"]],
    ["contour", ["index", "amplitude"]],
  ])("of %s exclude each other", async (command, more) => {
    const { status, said } = await gammats([command, folder.path("fitted"), ...more, "--sigma", "2", "--cl", "0.9"]);
    expect([status, said]).toEqual([2, expect.stringContaining("found --sigma and --cl")]);
  });
});

describe("a probability for large counts", () => {
  // one run above 12 TeV: a handful of counts
  const few = [runs[0]!, "--model", "pl", "--energy-range", "12 TeV,30 TeV"];
  const many = [runs[0]!, "--model", "pl"];
  const warning = /counts are expected in the region of "source" \(90 % of its counts\), too few/;

  it("is a guide only where few counts are expected of the source, which is said", async () => {
    const at = ["--hold", "index=2.5"];
    const small = await gammats(["test", ...few, ...at, "--json"]);
    expect(small.stderr).toMatch(warning);
    expect(small.stderr).toMatch(/too few .*a guide only, --toys 1000 gives one to rely on/);
    expect(small.json().message).toMatch(warning);
    // 125 counts of one run
    expect((await gammats(["test", ...many, ...at])).stderr).not.toMatch(warning);
    const compared = await gammats(["compare", ...few, "--model", "pl(index=2.5 frozen)"]);
    expect(compared.stderr).toMatch(warning);
  });
});
