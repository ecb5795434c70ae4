import { expect, it } from "vitest";
import { markdown } from "../../bench/report.mjs";
import { measureAll, names } from "../../bench/rows.mjs";

/** Runs rows once each, without peers; what they measure is not looked at here. */
async function bench(...wanted: string[]) {
  const report = await measureAll({
    quick: true,
    runs: 1,
    peers: false,
    wants: (name) => wanted.includes(name),
    log: () => {},
  });
  return JSON.parse(JSON.stringify(report)) as typeof report;
}

it("measures rows of one process and gives them as JSON", { timeout: 120_000 }, async () => {
  const wanted = ["evaluation", "joint-fit", "minos", "profile", "contour", "ten-datasets-gammapy"];
  const report = await bench(...wanted);
  expect(report.rows.map((row) => row.name)).toEqual(wanted);
  for (const row of report.rows) {
    expect(row).not.toHaveProperty("error");
    expect(row.ours_s).toBeGreaterThan(0);
    expect(Number.isFinite(row.ours_value)).toBe(true);
    expect(row).toMatchObject({ peer_s: null, ratio: null });
  }
  expect(report).toMatchObject({ node: process.version, quick: true, peers: {} });
  const text = markdown(report);
  for (const name of wanted) expect(text).toContain(`| ${name} | `);
});

it("has a row for every line of work", () => {
  const parts = [
    "flux-points",
    "light-curve",
    "ten-datasets-threeml",
    "free-position",
    "free-gaussian",
    "five-maps",
    "toys",
    "two-cores",
  ];
  expect(names).toEqual(expect.arrayContaining([...parts, "cold-fit", "cold-crab", "stages", "growth", "size"]));
});
