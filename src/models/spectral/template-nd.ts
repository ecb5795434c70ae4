import { SpecError } from "../../errors.js";
import { scaleValues, unscaleValue } from "../../math/interpolate.js";
import { nBins } from "../../sky/axis.js";
import type { SkyMap } from "../../sky/types.js";
import { conversionFactor } from "../../units/index.js";
import { axesAlong, axisParameters, cellAlong, placeAlong } from "../axis-grid.js";
import type { ResourceNeed, SpectralDeclaration } from "../declaration.js";
import { resourceOf } from "../resources.js";

const TYPE = "TemplateNDSpectralModel";
const DNDE = "cm-2 s-1 TeV-1";

const mapNeed = {
  kind: "map",
  from: "filename",
  about: "dnde of a region by true energy and by the parameters, which are its other axes",
} as const satisfies ResourceNeed<"map">;

function axesOf({ geom, data }: SkyMap) {
  const { axes } = geom;
  const found = axesAlong(axes);
  if (found.parameters.length === axes.length) {
    const names = axes.map(({ name }) => name).join(", ") || "no axis";
    throw new SpecError({ where: `${TYPE}: its map`, found: names, expected: "an axis energy_true" });
  }
  const total = axes.reduce((n, axis) => n * nBins(axis), 1);
  if (data.length === total) return found;
  throw new SpecError({
    where: `${TYPE}: its map`,
    found: `${data.length / total} pixels`,
    expected: "one region, a pixel",
  });
}

/** dnde from a map of a region by energy and any number of parameters: multilinear in the logarithm of the values, extrapolated. */
export const templateNd: SpectralDeclaration = {
  type: TYPE,
  tag: "templateND",
  about: "Spectrum from a map by energy and parameters, straight in the logarithm of the values along each axis",
  latex: String.raw`\phi(E_i, \theta_{1,j}, \theta_{2,k}, \ldots)`,
  parameters: {},
  extra: { unit: "kept, not used: the unit is that of the file" },
  example: { filename: "template.fits" },
  resources: { map: mapNeed },
  evaluate: () => Number.NaN,
  bind(data) {
    const map = resourceOf(data, "map", mapNeed, TYPE);
    const { along, parameters } = axesOf(map);
    const isNorm = map.unit === "";
    const factor = isNorm ? 1 : conversionFactor(map.unit, DNDE, `${TYPE}: its map`);
    const logs = scaleValues(
      map.data.map((x) => x * factor),
      "log",
    );
    const d = along.length;
    const n = parameters.length;
    const places = along.map(() => new Float64Array(3));
    const cells = new Int32Array(d);
    /** Of ln dnde by the positions. */
    const [first, second] = [new Float64Array(d), new Float64Array(d * d)];

    function look(e: number, p: Float64Array): number {
      for (let a = 0; a < d; a++) {
        const axis = along[a]!;
        placeAlong(axis, axis.index < 0 ? e : p[axis.index]!, places[a]!);
        cells[a] = cellAlong(axis, places[a]![0]!);
      }
      let value = 0;
      first.fill(0);
      second.fill(0);
      for (let corner = 0; corner < 1 << d; corner++) {
        let at = 0;
        for (let a = 0; a < d; a++) at += (cells[a]! + ((corner >> a) & 1)) * along[a]!.stride;
        const weight = (a: number) => {
          const t = places[a]![0]! - cells[a]!;
          return (corner >> a) & 1 ? t : 1 - t;
        };
        const sign = (a: number) => ((corner >> a) & 1 ? 1 : -1);
        const rest = (i: number, j: number) => {
          let product = logs[at]!;
          for (let a = 0; a < d; a++) if (a !== i && a !== j) product *= weight(a);
          return product;
        };
        value += rest(-1, -1);
        for (let i = 0; i < d; i++) {
          first[i]! += sign(i) * rest(i, -1);
          for (let j = 0; j < d; j++) if (j !== i) second[i * d + j]! += sign(i) * sign(j) * rest(i, j);
        }
      }
      return unscaleValue(value, "log");
    }

    return {
      ...templateNd,
      isNorm,
      parameters: axisParameters(parameters),
      evaluate: look,
      derivatives(e, p, g, h) {
        const y = look(e, p);
        g.fill(0);
        h.fill(0);
        for (let a = 0; a < d; a++) {
          const i = along[a]!.index;
          if (i < 0) continue;
          const gi = first[a]! * places[a]![1]!;
          g[i] = y * gi;
          for (let b = 0; b < d; b++) {
            const j = along[b]!.index;
            if (j < 0) continue;
            const gj = first[b]! * places[b]![1]!;
            const bend = a === b ? first[a]! * places[a]![2]! : second[a * d + b]! * places[a]![1]! * places[b]![1]!;
            h[i * n + j] = y * (gi * gj + bend);
          }
        }
        return y;
      },
    };
  },
};
