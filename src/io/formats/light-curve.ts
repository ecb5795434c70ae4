import type { LightCurve } from "../../datasets/types.js";
import { lightCurveOfFile, writeLightCurve } from "../flux-points/light-curve.js";
import { sniffFluxes, tableFormat } from "./flux-points.js";
import type { Contents, FileFormat } from "./types.js";

interface LightCurveContents extends Contents {
  readonly lightCurve: LightCurve;
}

export const lightCurveFormat: FileFormat<LightCurveContents> = {
  name: "light-curve",
  about: "light curve (Gammapy)",
  holds: ["lightCurve", "intervals"],
  sniff: (file) => sniffFluxes(file, true),
  read(file, { onNote }) {
    const lightCurve = lightCurveOfFile(file, { where: file.path, onNote });
    return { lightCurve, intervals: lightCurve.time };
  },
  write: ({ lightCurve }, { name, sedType, onNote }) =>
    new Map([[name, writeLightCurve(lightCurve, { format: tableFormat(name), sedType, onNote })]]),
};
