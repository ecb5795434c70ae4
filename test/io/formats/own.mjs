/** A kind of dataset of one's own with a file format of its own: dnde at some energies with its errors, as lines of text. */
import { FormatError, standardRegistry } from "gammats";
import { stemOf } from "gammats/io";

const TYPE = "PhotometryDataset";
const HEAD = "# photometry: energy [TeV], dnde [cm-2 s-1 TeV-1], error";

/** The kind of flux points, which knows how to fit such data. */
const points = standardRegistry.kinds.find((kind) => kind.types.includes("FluxPointsDataset"));

const asPoints = ({ name, energy, dnde, error }) => ({
  type: "FluxPointsDataset",
  name,
  statistic: "chi2",
  points: {
    energy: { name: "energy", unit: "TeV", interp: "log", nodeType: "center", nodes: energy },
    sedType: "dnde",
    reference: { dnde, flux: dnde, eflux: dnde, e2dnde: dnde.map((f, i) => f * energy[i] ** 2) },
    norm: dnde.map(() => 1),
    normErr: error.map((e, i) => e / dnde[i]),
  },
});

const fromPoints = (dataset, { points: { norm, reference } }) => ({
  ...dataset,
  dnde: norm.map((x, i) => x * reference.dnde[i]),
});

const photometryKind = {
  types: [TYPE],
  about: "dnde at some energies, as telescopes at other wavelengths give it",
  statistic: () => "chi2",
  compile(dataset, context) {
    const compiled = points.compile(asPoints(dataset), context);
    const { data } = compiled;
    return { ...compiled, data: { ...data, dataset: (values) => fromPoints(dataset, data.dataset(values)) } };
  },
  npred: (dataset, predicted, context) => points.npred(asPoints(dataset), predicted, context),
  simulator(dataset, context, options) {
    const draw = points.simulator(asPoints(dataset), context, options);
    return (stream) => fromPoints(dataset, draw(stream));
  },
  info: (dataset, context) => ({ ...points.info(asPoints(dataset), context), type: TYPE }),
  summary: ({ nBins }) => [[["Number of energies", `${nBins}`]]],
  restrict(dataset, emin, emax) {
    const kept = (values) => values.filter((_, i) => dataset.energy[i] >= emin && dataset.energy[i] <= emax);
    return { ...dataset, energy: kept(dataset.energy), dnde: kept(dataset.dnde), error: kept(dataset.error) };
  },
  memory: () => [],
  fitMemory: () => [],
};

const photometryFormat = {
  name: "photometry",
  about: "photometry (text)",
  holds: ["datasets"],
  sniff: ({ text = "" }) => (text.startsWith(HEAD) ? 3 : 0),
  dataset: {
    types: [TYPE],
    read({ path, text }, { name = stemOf(path) }) {
      const rows = text
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => line.split(/\s+/).map(Number));
      const bad = rows.findIndex((row) => row.length !== 3 || row.some((x) => !(x > 0)));
      if (bad >= 0) {
        const found = `"${rows[bad].join(" ")}"`;
        throw new FormatError({ where: `${path}:${bad + 2}`, found, expected: "three numbers above 0" });
      }
      const [energy, dnde, error] = [0, 1, 2].map((k) => Float64Array.from(rows, (row) => row[k]));
      return { type: TYPE, name, energy, dnde, error };
    },
    fileName: (_, stem) => `${stem}.txt`,
    write({ energy, dnde, error }, name) {
      const rows = Array.from(energy, (e, i) => `${e} ${dnde[i]} ${error[i]}\n`);
      return new Map([[name, new TextEncoder().encode(`${HEAD}\n${rows.join("")}`)]]);
    },
  },
};

export default { kinds: [photometryKind], formats: [photometryFormat] };
