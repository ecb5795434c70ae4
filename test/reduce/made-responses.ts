/** Responses of the classes that `madeRun` does not have, with few bins. */
import { type Card, type Hdu, makeColumn, tableHdu } from "../../src/fits/index.js";
import { card } from "../../src/io/cards.js";

const ENERGY = [0.1, 1, 10, 100];
const OFFSET = [0, 1, 2];

function edges(name: string, nodes: readonly number[], unit: string) {
  const n = nodes.length - 1;
  return [
    makeColumn(`${name}_LO`, Float32Array.from(nodes.slice(0, n)), { unit, shape: [n] }),
    makeColumn(`${name}_HI`, Float32Array.from(nodes.slice(1)), { unit, shape: [n] }),
  ];
}

/** Tables [offset, energy] of one value each. */
function response(
  name: string,
  [kind, scheme]: readonly [string, string],
  columns: Readonly<Record<string, readonly [value: number, unit: string]>>,
  cards: readonly Card[] = [],
): Hdu {
  const shape = [OFFSET.length - 1, ENERGY.length - 1];
  const n = shape[0]! * shape[1]!;
  return tableHdu(
    name,
    [
      ...edges("ENERG", ENERGY, "TeV"),
      ...edges("THETA", OFFSET, "deg"),
      ...Object.entries(columns).map(([column, [value, unit]]) =>
        makeColumn(column, new Float32Array(n).fill(value), { unit, shape }),
      ),
    ],
    [
      card("HDUCLASS", "GADF"),
      card("HDUCLAS1", "RESPONSE"),
      card("HDUCLAS2", kind),
      card("HDUCLAS3", "FULL-ENCLOSURE"),
      card("HDUCLAS4", scheme),
      ...cards,
    ],
  );
}

export const gaussPsf = (): Hdu =>
  response("GAUSS", ["RPSF", "PSF_3GAUSS"], {
    SCALE: [1, "sr-1"],
    SIGMA_1: [0.05, "deg"],
    AMPL_2: [0.1, ""],
    SIGMA_2: [0.1, "deg"],
    AMPL_3: [0, ""],
    SIGMA_3: [0.2, "deg"],
  });

export const kingPsf = (): Hdu => response("KING", ["RPSF", "PSF_KING"], { GAMMA: [2, ""], SIGMA: [0.05, "deg"] });

export const background2d = (): Hdu => response("OFFSETS", ["BKG", "BKG_2D"], { BKG: [1e-5, "s-1 MeV-1 sr-1"] });

export const radMax = (): Hdu => response("RADII", ["RAD_MAX", "RAD_MAX_2D"], { RAD_MAX: [0.1, "deg"] });
