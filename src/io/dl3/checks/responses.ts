/** Whether responses are normalised, and belong together. */
import { psfContainment } from "../../../irf/tables/psf.js";
import type { IrfTable } from "../../../irf/tables/types.js";
import { axisCenters, axisEdges, nBins } from "../../../sky/axis.js";
import type { MapAxis } from "../../../sky/types.js";
import { shortNumber } from "../../table/digits.js";
import type { ResponseHdu } from "../types.js";
import type { Notes, OffNorms } from "./types.js";

/** How far an integral may be from 1. Tables are sums over bins of some percent of the events each. */
const NORMALISATION = 0.01;

export function checkResponse(response: ResponseHdu, { problems, norms }: Notes): void {
  const { at, irfs, energies } = response;
  const { aeff, edisp, psf, background, radMax } = irfs;
  if (psf?.kind === "table") norms.push(...offNorms(psfNorms(psf.table), "the psf over the solid angle", response));
  if (psf?.kind === "king") {
    const bad = psf.gamma.data.reduce((n, gamma, k) => (psf.sigma.data[k]! > 0 && !(gamma > 1) ? n + 1 : n), 0);
    if (bad > 0)
      problems.push(
        `${at}, column GAMMA: ${bad} of ${psf.gamma.data.length} values are at most 1, expected more: the psf has no integral`,
      );
  }
  if (edisp)
    norms.push(...offNorms(migraNorms(edisp.table), "dP/dmigra over migra (which reductions divide by)", response));
  for (const [name, table] of Object.entries({
    "effective area": aeff?.table,
    "background rate": background?.table,
    "radius of the ON region": radMax?.table,
  })) {
    if (table?.data.every((x) => x === 0)) problems.push(`${at}: the ${name} is 0 everywhere, expected some above 0`);
  }
  const [low, high] = energies ?? [];
  if (low !== undefined && high !== undefined && low >= high)
    problems.push(`${at}: found LO_THRES ${low} and HI_THRES ${high} TeV, expected LO_THRES below HI_THRES`);
}

/** Integrals [energy, offset] over the solid angle. */
function psfNorms(table: IrfTable): Float64Array {
  const [energy, offset, rad] = table.axes as [IrfTable["axes"][0], IrfTable["axes"][0], IrfTable["axes"][0]];
  return psfContainment(
    { kind: "table", table },
    { energy: axisCenters(energy), offset: axisCenters(offset), rad: [axisEdges(rad).at(-1)!] },
  );
}

/** Sums [energy, offset] over migra. */
function migraNorms({ axes, data }: IrfTable): Float64Array {
  const [nE, nM, nO] = axes.map(nBins) as [number, number, number];
  const edges = axisEdges(axes[1]!);
  const out = new Float64Array(nE * nO);
  for (let e = 0; e < nE; e++) {
    for (let m = 0; m < nM; m++) {
      const width = edges[m + 1]! - edges[m]!;
      for (let o = 0; o < nO; o++) out[e * nO + o]! += data[(e * nM + m) * nO + o]! * width;
    }
  }
  return out;
}

function offNorms(norms: Float64Array, what: string, { at, hdu }: ResponseHdu): OffNorms[] {
  const filled = norms.filter((x) => x > 0);
  const off = filled.filter((x) => Math.abs(x - 1) > NORMALISATION).sort();
  const [bins, empty] = [norms.length, norms.length - filled.length];
  if (off.length === 0 && empty < bins) return [];
  return [{ at, hdu, what, min: off[0] ?? 0, max: off.at(-1) ?? 0, off: off.length || bins, empty, bins }];
}

/** A sentence for each HDU and quantity, of however many files. */
export function normWarnings(norms: readonly OffNorms[]): string[] {
  const groups = new Map<string, OffNorms[]>();
  for (const one of norms) {
    const key = `${one.hdu} ${one.what}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const range = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map(shortNumber);
    return low === high ? low : `${low} to ${high}`;
  };
  return [...groups.values()].map((of) => {
    const [{ at, what }] = of as [OffNorms];
    const where = of.length === 1 ? at : `${at}, and in ${of.length - 1} more`;
    const empty = Math.max(...of.map((one) => one.empty));
    const off = `${range(of.map((one) => one.off))} of ${range(of.map((one) => one.bins))} bins of energy and offset`;
    const emptyText = empty === 0 ? "" : ` (${range(of.map((one) => one.empty))} are empty)`;
    return `${where}: the integral of ${what} is ${range(of.flatMap(({ min, max }) => [min, max]))} in ${off}, expected 1${emptyText}`;
  });
}

/** What decides whether responses can be used together: their headers, without their values. */
export interface ResponseTraits extends Pick<ResponseHdu, "at" | "hdu" | "kind" | "pointLike" | "radMax"> {
  /** How its true energies are given; absent: it has none. */
  readonly energyNodes?: MapAxis["nodeType"] | undefined;
}

export function traitsOf({ at, hdu, kind, pointLike, radMax, irfs }: ResponseHdu): ResponseTraits {
  const { aeff, edisp, psf } = irfs;
  const ofPsf = psf && (psf.kind === "table" ? psf.table : psf.kind === "king" ? psf.gamma : psf.sigma[0]!);
  const energyNodes = (aeff?.table ?? edisp?.table ?? ofPsf)?.axes[0]?.nodeType;
  return { at, hdu, kind, pointLike, energyNodes, ...(radMax !== undefined && { radMax }) };
}

/** Whether the responses of one observation can be used together. */
export function checkTogether(responses: readonly ResponseTraits[], at: string, { warnings }: Notes): void {
  const has = (type: string) => responses.some(({ kind }) => kind.startsWith(type));
  const lacking = ["aeff", "edisp"].filter((type) => !has(type));
  if (lacking.length > 0) warnings.push(`${at}: there is no ${lacking.join(" and no ")}; reductions need it`);
  const area = responses.find(({ kind }) => kind === "aeff_2d");
  if (area?.pointLike === true && area.radMax === undefined && !has("rad_max"))
    warnings.push(
      `${area.at}: the area is POINT-LIKE, and neither a keyword RAD_MAX nor a table RAD_MAX_2D says for which radius`,
    );
  if (new Set(responses.map(({ pointLike }) => pointLike)).size > 1) {
    const named = (of: boolean) => responses.filter(({ pointLike }) => pointLike === of).map(({ hdu }) => hdu);
    warnings.push(
      `${at}: HDUCLAS3 of ${named(true).join(", ")} is POINT-LIKE, of ${named(false).join(", ")} it is not; responses of one observation belong to one selection of events`,
    );
  }
  const kinds = responses.filter(({ energyNodes }) => energyNodes !== undefined);
  if (new Set(kinds.map(({ energyNodes }) => energyNodes)).size > 1) {
    const named = (of: string) => kinds.filter(({ energyNodes }) => energyNodes === of).map(({ hdu }) => hdu);
    warnings.push(
      `${at}: the true energies of ${named("edges").join(", ")} are edges of bins, those of ${named("center").join(", ")} single energies (ENERG_LO = ENERG_HI); check that this is meant`,
    );
  }
}
