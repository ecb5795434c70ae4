/** Results as text. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

/** What was measured, where and when. */
export function environment() {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return {
    gammats: version,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`,
  };
}

function commit() {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const [value, unit] = seconds < 1e-3 ? [seconds * 1e6, "µs"] : seconds < 1 ? [seconds * 1e3, "ms"] : [seconds, "s"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

const times = (ratio) =>
  ratio === null || ratio === undefined ? "" : `${ratio >= 100 ? Math.round(ratio) : Number(ratio.toPrecision(3))} x`;
const range = (ends, show) => (ends ? `${show(ends[0])} – ${show(ends[1])}` : "");

function goalOf(row) {
  if (row.goal_s !== undefined) return duration(row.goal_s);
  return row.goal === undefined ? "" : times(row.goal);
}

function verdict(row) {
  if (row.error) return "failed";
  return row.met === undefined ? "" : row.met ? "met" : "missed";
}

/** One line of the table on the terminal. */
export function line(row) {
  if (row.error) return `${row.name.padEnd(22)} failed: ${row.error.split("\n")[0]}`;
  const cells = [
    row.name.padEnd(22),
    `ours ${duration(row.ours_s)}`.padEnd(16),
    row.peer_s === null ? "no peer".padEnd(16) : `peer ${duration(row.peer_s)}`.padEnd(16),
    times(row.ratio).padStart(9),
    row.ratio_range ? `(${range(row.ratio_range, times)})`.padEnd(22) : "".padEnd(22),
    `goal ${goalOf(row)}`.padEnd(14),
    verdict(row),
  ];
  return cells.join("  ");
}

export function markdown(report) {
  const { rows, stages, growth, size, peers } = report;
  const out = [
    "# Bench",
    "",
    `${report.date}, GammaTS ${report.gammats} (commit ${report.commit}), Node ${report.node}, data: ${report.data}.`,
    `Machine: ${report.machine}.`,
    ...Object.values(peers).map(
      (v) =>
        `Peer: ${Object.entries(v)
          .map(([k, x]) => `${k} ${x}`)
          .join(", ")}.`,
    ),
    "",
    "Written by `npm run bench`. Ours and the peer alternate in one run on the same files. Times are medians of the runs given, with quartiles;",
    "the ratio is that of the medians, its range that of neighbouring runs.",
    ...(report.clock === "CPU"
      ? ["", "The machine was in use by others: all times are CPU seconds of the processes, not seconds on the wall."]
      : []),
    "",
    "| row | work | ours | quartiles | runs | peer | quartiles | runs | ratio | range | goal | |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ...rows.map(tableRow),
    "",
  ];
  const pairs = rows.filter((row) => row.peer_value !== undefined);
  if (pairs.length > 0) {
    out.push(
      "## The same work",
      "",
      "What both found: -2 ln L at the minimum (minos: upper error; contour: largest alpha; flux-points: first H.E.S.S. norm; light-curve: first norm; toys: other noise).",
      "The reference's `free-position` and `free-gaussian` stop before their minimum; its `profile` begins at another grid point where its errors differ.",
      "",
      "| row | ours | peer |",
      "|---|---|---|",
      ...pairs.map((row) => `| ${row.name} | ${row.ours_value} | ${row.peer_value} |`),
      "",
    );
  }
  const memory = rows.filter((row) => typeof row.ours_mb === "number");
  if (memory.length > 0) {
    out.push("## Peak memory of whole commands", "", "| row | ours | peer | share | goal |", "|---|---|---|---|---|");
    for (const row of memory) {
      const share = row.peer_mb ? `${Math.round((100 * row.ours_mb) / row.peer_mb)} %` : "";
      out.push(
        `| ${row.name} | ${Math.round(row.ours_mb)} MB | ${row.peer_mb ? `${Math.round(row.peer_mb)} MB` : ""} | ${share} | 33 % |`,
      );
    }
    out.push("");
  }
  if (stages !== undefined) {
    out.push("## Stages of the joint Crab", "", "| stage | first in the process | warm |", "|---|---|---|");
    for (const [name, { first, warm }] of Object.entries(stages))
      out.push(`| ${name} | ${duration(first)} | ${duration(warm)} |`);
    out.push("");
  }
  if (growth !== undefined) out.push(...growthText(growth));
  if (size !== undefined) {
    const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
    out.push(
      "## Size",
      "",
      `Bundled, minified, gzipped: engine (read, fit, errors, flux points) ${kb(size.engine)} (goal 155 kB), all of it ${kb(size.all)}, pictures ${kb(size.plot)}.`,
      "",
    );
  }
  return out.join("\n");
}

function tableRow(row) {
  if (row.error) return `| ${row.name} | ${row.what} | failed: ${row.error.split("\n")[0]} | | | | | | | | | |`;
  const peer =
    row.peer_s === null ? ["", "", ""] : [duration(row.peer_s), range(row.peer_range, duration), row.peer_runs];
  const cells = [
    row.name,
    row.what,
    duration(row.ours_s),
    range(row.ours_range, duration),
    row.ours_runs,
    ...peer,
    times(row.ratio),
    range(row.ratio_range, times),
    goalOf(row),
    verdict(row),
  ];
  return `| ${cells.join(" | ")} |`;
}

function growthText({ bins, datasets, memory, curves }) {
  const n = (x) => Number(x.toPrecision(3));
  return [
    "## Growth of an evaluation",
    "",
    `- Bins: ${n(bins.factor)} x more empty bins, ${n(bins.time)} x the time (goal at most ${bins.goal} x).`,
    `- Datasets: ${n(datasets.factor)} x as many, ${n(datasets.time)} x the time.`,
    `- Memory: arrays of ${n(memory.input / 1e6)} MB, ${n(memory.ratio)} x as much held once compiled (goal at most 3 x).`,
    "",
    ...Object.keys(curves).map((name) => `![Time of an evaluation by ${name}](growth-${name}.svg)`),
    "",
  ];
}
