import { expect, it } from "vitest";
import { signed } from "../../src/cli/numbers.js";
import { shown } from "../../src/io/table/digits.js";
import { gammats, spectra } from "./run.js";

it("values are printed to three digits of their errors", () => {
  expect(signed(2.9229e-14, Number.NaN, 1.547e-13)).toBe("(0.29 -? +1.55)e-13");
  expect(signed(2.9229e-14, Number.NaN, Number.NaN)).toBe("(2.9229 -? +?)e-14");
  expect(signed(83.61978, 0.00339, 0.00343)).toBe("83.61978 -0.00339 +0.00343");
  expect(signed(-0.5, 0.1, Number.NaN)).toBe("-0.500 -0.100 +?");
  expect(shown(83.61978, 0.0034)).toBe("83.61978");
  expect(shown(2.9e-14, Number.POSITIVE_INFINITY)).toBe("2.9000e-14");
  expect(shown(84, 0)).toBe("84.000");
  expect(shown(0, Number.NaN)).toBe("0.0000");
  expect(shown(Number.NaN, 1)).toBe("NaN");
});

it("an error that is not finite is none: its cell is empty and has a reason", async () => {
  // no counts above 56 TeV, where -2 ln L is a straight line
  const range = ["--edges", "56.234 TeV,89.125 TeV", "--norm-min", "0"];
  const argv = ["flux-points", `${spectra}/pha_obs23523.fits`, "--model", "pl", ...range];
  const { stdout } = await gammats(argv);
  expect(stdout).not.toMatch(/infinity/i);
  expect(stdout).toContain("source: 1 flux point from 23523");
  expect(stdout).toContain("- no error of dnde: ");
  const [point] = (await gammats([...argv, "--json"])).json().flux_points;
  expect([point.counts, point.norm_err ?? point.dnde_err ?? null]).toEqual([0, null]);
});
