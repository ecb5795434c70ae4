/** Rows of estimators beside flux points. */
import { estimateTsMap } from "gammats";
import { jointCrab, SOURCE } from "../data.mjs";

const tsMap = {
  name: "ts-map",
  what: "TS map of the Fermi-LAT pixels without the Crab in the models: norm, asymmetric errors, limit (peer: kernel of 1 deg, that of the middle)",
  peer: { name: "gammapy", slow: true },
  async prepare() {
    const { datasets, models } = await jointCrab();
    const fermi = datasets.filter((d) => d.name === "Fermi-LAT");
    const rest = { components: models.components.filter((m) => m.name !== SOURCE) };
    return () => estimateTsMap(fermi, rest).maps.sqrt_ts.data.reduce((a, b) => (b > a ? b : a), 0);
  },
};

export const estimatorRows = [tsMap];
