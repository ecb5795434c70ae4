/** Flux points as three columns of text, a file format of one's own: gammats info points.txt --plugin own-format.mjs */

import { FormatError } from "gammats";
import { stemOf } from "gammats/io";
import { axisCenters } from "gammats/sky";

const HEAD = "# e [TeV], dnde [cm-2 s-1 TeV-1], error of dnde";

const columnsFormat = {
  name: "columns",
  about: "flux points (text of three columns)",
  holds: ["datasets"],
  // 3: the file says of itself what it is
  sniff: ({ text = "" }) => (text.startsWith(HEAD) ? 3 : 0),
  dataset: {
    types: ["FluxPointsDataset"],
    read({ path, text }, { name = stemOf(path) }) {
      const rows = text.trim().split("\n").slice(1);
      const numbers = rows.map((row, i) => {
        const cells = row.trim().split(/\s+/).map(Number);
        if (cells.length === 3 && cells.every((x) => x > 0)) return cells;
        throw new FormatError({ where: `${path}:${i + 2}`, found: `"${row}"`, expected: "three numbers above 0" });
      });
      const [nodes, dnde, error] = [0, 1, 2].map((k) => Float64Array.from(numbers, (cells) => cells[k]));
      const unknown = dnde.map(() => Number.NaN);
      const points = {
        energy: { name: "energy", unit: "TeV", interp: "log", nodeType: "center", nodes },
        sedType: "dnde",
        // values are norm times reference: here the reference are the values themselves
        reference: { dnde, e2dnde: dnde.map((f, i) => f * nodes[i] ** 2), flux: unknown, eflux: unknown },
        norm: dnde.map(() => 1),
        normErr: error.map((e, i) => e / dnde[i]),
      };
      return { type: "FluxPointsDataset", name, statistic: "chi2", points };
    },
    fileName: (_, stem) => `${stem}.txt`,
    write({ points: { energy, norm, normErr, reference } }, name) {
      const value = (x, i) => x * reference.dnde[i];
      const all = Array.from(axisCenters(energy), (e, i) => [e, value(norm[i], i), value(normErr[i], i)]);
      // a point without a value has no line
      const rows = all.filter((row) => row.every(Number.isFinite));
      const text = [HEAD, ...rows.map((row) => row.join(" ")), ""].join("\n");
      return new Map([[name, new TextEncoder().encode(text)]]);
    },
  },
};

export default { formats: [columnsFormat] };
