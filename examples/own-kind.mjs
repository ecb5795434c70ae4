/** The flux of a band of energy, as another instrument measured it: a kind of dataset of one's own, and its file format. */

import { FormatError, SpecError } from "gammats";
import { bindSpectra, normalErrors, predictedValues, valuesKind, valuesMap, valuesTerm } from "gammats/extend";
import { stemOf } from "gammats/io";
import { axisFromEdges } from "gammats/sky";

/** Steps of Simpson's rule in ln E. */
const STEPS = 64;

const bandKind = valuesKind({
  types: ["BandFluxDataset"],
  about: "the flux of a band of energy with its error",
  values: "fluxes",
  statistic: () => "chi2",
  compile(dataset, context) {
    const { name, energy, flux, error, isLeftOut } = dataset;
    if (isLeftOut) throw new SpecError(`dataset "${name}": its band is not in the energy range of the fit`);
    const [emin, emax] = energy;
    const step = Math.log(emax / emin) / STEPS;
    const energies = Float64Array.from({ length: STEPS + 1 }, (_, k) => emin * Math.exp(k * step));
    const values = Float64Array.of(flux);
    return valuesTerm({
      dataset,
      // a value is predicted to be sum_k weight(k) dnde(energies[k]): here the integral of dnde E over ln E
      components: bindSpectra(dataset, energies, context, (_, k) => {
        const simpson = k === 0 || k === STEPS ? 1 : k % 2 === 1 ? 4 : 2;
        return (simpson * energies[k] * step) / 3;
      }),
      values,
      statistic: normalErrors(values, Float64Array.of(error)),
      replace: ([other]) => ({ ...dataset, flux: other }),
      place: () => `between ${emin} and ${emax} TeV`,
    });
  },
  npred({ isLeftOut: _, ...dataset }, predicted, context) {
    const axis = axisFromEdges(dataset.energy, { name: "energy", unit: "TeV", interp: "log" });
    return valuesMap(axis, "cm-2 s-1", predictedValues(dataset, predicted, context, 1));
  },
  count: ({ isLeftOut }) => ({ nBins: 1, nFitBins: isLeftOut ? 0 : 1 }),
  restrict({ energy, ...dataset }, emin, emax) {
    return { ...dataset, energy, isLeftOut: dataset.isLeftOut || energy[0] < emin || energy[1] > emax };
  },
});

const HEAD = "# emin [TeV], emax [TeV], flux [cm-2 s-1], error of flux";

const bandFormat = {
  name: "band-flux",
  about: "flux of a band of energy (text of four numbers)",
  holds: ["datasets"],
  sniff: ({ text = "" }) => (text.startsWith(HEAD) ? 3 : 0),
  dataset: {
    types: ["BandFluxDataset"],
    read({ path, text }, { name = stemOf(path) }) {
      const row = text.trim().split("\n").at(1) ?? "";
      const [emin, emax, flux, error, ...more] = row.trim().split(/\s+/).map(Number);
      if (emin > 0 && emax > emin && Number.isFinite(flux) && error > 0 && more.length === 0) {
        return { type: "BandFluxDataset", name, energy: Float64Array.of(emin, emax), flux, error };
      }
      const expected = "emin above 0, emax above emin, a flux and an error above 0";
      throw new FormatError({ where: `${path}:2`, found: `"${row}"`, expected });
    },
    fileName: (_, stem) => `${stem}.txt`,
    write({ energy, flux, error }, name) {
      return new Map([[name, new TextEncoder().encode(`${HEAD}\n${[...energy, flux, error].join(" ")}\n`)]]);
    },
  },
};

export default { kinds: [bandKind], formats: [bandFormat] };
