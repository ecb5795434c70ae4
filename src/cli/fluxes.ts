/** Fluxes and spectra of sources with the errors of their fit. */
import { propagateErrors } from "../api/fit.js";
import type { ModelsOption } from "../api/models-option.js";
import type { PropagateOptions } from "../fit/propagate.js";
import { columnsOf } from "../io/table/rows.js";
import type { Table } from "../io/table/types.js";
import type { Models } from "../models/types.js";
import { conversionFactor } from "../units/index.js";

export type Propagation = Required<PropagateOptions>;

interface Asked {
  readonly models: Models;
  readonly sources: readonly string[];
  readonly errors: Propagation;
  readonly using: ModelsOption;
}

/** A value with its errors downwards and upwards, and why there are none. */
interface Measured {
  readonly value: number;
  readonly errn: number;
  readonly errp: number;
  readonly message: string;
}

/** Of one source in one band: energies in TeV, flux in cm-2 s-1, energy flux in erg cm-2 s-1. */
interface FluxRow {
  readonly source: string;
  readonly e_min: number;
  readonly e_max: number;
  readonly flux: Measured;
  readonly eflux: Measured;
}

/** At one energy, TeV: dnde in cm-2 s-1 TeV-1, e2dnde in erg cm-2 s-1. */
interface CurveRow extends Measured {
  readonly source: string;
  readonly energy: number;
}

const ERG = conversionFactor("TeV", "erg");

export function measuredFluxes({ models, sources, errors, using, edges }: Asked & { readonly edges: Float64Array }) {
  const energyMin = edges.slice(0, -1);
  const energyMax = edges.slice(1);
  return sources.flatMap((source): FluxRow[] => {
    const of = (quantity: "flux" | "eflux", factor: number) =>
      measured(propagateErrors(models, source, { quantity, energyMin, energyMax }, { ...errors, ...using }), factor);
    const [flux, eflux] = [of("flux", 1), of("eflux", ERG)];
    return Array.from(energyMin, (e_min, i) => ({
      source,
      e_min,
      e_max: energyMax[i]!,
      flux: flux[i]!,
      eflux: eflux[i]!,
    }));
  });
}

interface CurveAsked extends Asked {
  readonly quantity: "dnde" | "e2dnde";
  /** TeV */
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

export function measuredCurve({ models, sources, errors, using, quantity, from, to, points }: CurveAsked): CurveRow[] {
  const step = Math.log(to / from) / (points - 1);
  const energy = Float64Array.from({ length: points }, (_, i) => (i === points - 1 ? to : from * Math.exp(i * step)));
  return sources.flatMap((source) => {
    const found = propagateErrors(models, source, { quantity, energy }, { ...errors, ...using });
    return measured(found, quantity === "dnde" ? 1 : ERG).map((m, i) => ({ source, energy: energy[i]!, ...m }));
  });
}

function measured({ value, errn, errp, messages }: ReturnType<typeof propagateErrors>, factor: number): Measured[] {
  return Array.from(value, (v, i) => {
    // a source whose parameters have no errors has one of 0
    const hasError = errn[i] !== 0 || errp[i] !== 0;
    const size = (e: number) => (hasError ? e * factor : Number.NaN);
    const message = hasError ? messages[i]! : "no parameter of its spectrum has an error";
    return { value: v * factor, errn: size(errn[i]!), errp: size(errp[i]!), message };
  });
}

/** Linear errors are the same on both sides; draws give each side its own. */
function errorsOf<R>({ method }: Propagation, of: (row: R) => Measured) {
  return {
    ...(method === "linear"
      ? { err: (row: R) => of(row).errp }
      : { errn: (row: R) => of(row).errn, errp: (row: R) => of(row).errp }),
    reason: (row: R) => of(row).message,
  };
}

export function fluxTable(rows: readonly FluxRow[], errors: Propagation): Table {
  const { text, number } = columnsOf(rows);
  const flux = (row: FluxRow) => row.flux;
  const eflux = (row: FluxRow) => row.eflux;
  return {
    name: "flux",
    about: "Fluxes of the models",
    columns: [
      text("source", (r) => r.source, { tex: "Source" }),
      number("e_min", (r) => r.e_min, { unit: "TeV", tex: "$E_{\\min}$" }),
      number("e_max", (r) => r.e_max, { unit: "TeV", tex: "$E_{\\max}$" }),
      number("flux", (r) => r.flux.value, { unit: "cm-2 s-1", tex: "$F$", about: "flux", ...errorsOf(errors, flux) }),
      number("eflux", (r) => r.eflux.value, {
        unit: "erg cm-2 s-1",
        tex: "$F_E$",
        about: "energy flux",
        ...errorsOf(errors, eflux),
      }),
    ],
    meta: { errors: errors.method, n_sigma: errors.sigma },
  };
}

export function curveTable(rows: readonly CurveRow[], quantity: "dnde" | "e2dnde", errors: Propagation): Table {
  const { text, number } = columnsOf(rows);
  const isDnde = quantity === "dnde";
  return {
    name: "curve",
    about: "Spectra of the models",
    columns: [
      text("source", (r) => r.source, { tex: "Source" }),
      number("energy", (r) => r.energy, { unit: "TeV", tex: "$E$" }),
      number(quantity, (r) => r.value, {
        unit: isDnde ? "cm-2 s-1 TeV-1" : "erg cm-2 s-1",
        tex: isDnde ? "$\\mathrm{d}N/\\mathrm{d}E$" : "$E^2\\,\\mathrm{d}N/\\mathrm{d}E$",
        ...errorsOf(errors, (r: CurveRow) => r),
      }),
    ],
    meta: { errors: errors.method, n_sigma: errors.sigma },
  };
}
