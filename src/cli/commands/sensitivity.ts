/** The smallest flux that would be seen in each energy bin. */
import { estimateSensitivity, type Sensitivity } from "../../api/sensitivity.js";
import { isOnOff } from "../../datasets/facets.js";
import { stackReduce } from "../../datasets/stack.js";
import type { OnOffDataset } from "../../datasets/types.js";
import { SpecError } from "../../errors.js";
import { columnsOf } from "../../io/table/rows.js";
import type { Table } from "../../io/table/types.js";
import { pictureFormat } from "../../node/pictures.js";
import { linePlot } from "../../plot/line.js";
import { conversionFactor, toUnit } from "../../units/index.js";
import { type AnalysisOptions, readAnalysis } from "../analysis.js";
import type { Context } from "../context.js";
import { numberOf } from "../numbers.js";
import { giveWithPicture, refuseEarly } from "../results.js";
import { showTable } from "../tables.js";

interface Options extends Pick<AnalysisOptions, "model"> {
  readonly sigma: string;
  readonly minExcess: string;
  readonly backgroundFraction: string;
  readonly livetime?: string;
  readonly plot?: string;
  readonly overwrite?: boolean;
}

export async function run(context: Context, paths: readonly string[], options: Options) {
  const positive = (text: string, option: string) => numberOf(text, option, "a number above 0", (x) => x > 0);
  const notNegative = (text: string, option: string) => numberOf(text, option, "0 or a number above", (x) => x >= 0);
  const conditions = {
    nSigma: positive(options.sigma, "--sigma"),
    minExcess: notNegative(options.minExcess, "--min-excess"),
    backgroundFraction: notNegative(options.backgroundFraction, "--background-fraction"),
  };
  const livetime = options.livetime === undefined ? undefined : toUnit(options.livetime, "s", "--livetime");
  if (options.plot !== undefined) pictureFormat(options.plot);
  await refuseEarly(context, options);
  const { model } = options;
  const texts = { ...(model && { model }), mayLackModels: true };
  const { datasets, models } = await readAnalysis(context, paths, texts);
  const spectra = datasets.filter(isOnOff) as readonly OnOffDataset[];
  if (spectra.length < datasets.length) {
    const other = datasets.find((d) => !isOnOff(d))!;
    throw new SpecError({
      where: `dataset "${other.name}"`,
      found: other.type,
      expected: "counts ON and OFF the source (spectra of gammats reduce)",
    });
  }
  const all = spectra.length === 1 ? spectra[0]! : stackReduce(spectra, { name: "stacked" });
  const scaled = livetime === undefined ? all : inTime(all, livetime);
  const spectral = model && models.components.find((component) => component.type === "SkyModel")?.spectral;
  const using = { ...context.using, ...(spectral && { spectral }) };
  const found = context.compute(() => estimateSensitivity(scaled, { ...conditions, ...using }));
  const rows = rowsOf(found);
  context.print(
    `Sensitivity of ${spectra.length} spectr${spectra.length === 1 ? "um" : "a"}, ${((scaled.livetime ?? Number.NaN) / 3600).toFixed(2)} h${livetime === undefined ? "" : ` (measured: ${((all.livetime ?? Number.NaN) / 3600).toFixed(2)} h)`}: ${conditions.nSigma} standard deviations, ${conditions.minExcess} events, ${conditions.backgroundFraction} of the background; spectrum: ${spectral?.type ?? "power law of index 2"}`,
  );
  const table = tableOf(rows);
  showTable(context, table);
  const document = { livetime: finite(scaled.livetime ?? Number.NaN), ...conditions, sensitivity: rows };
  const { plot, overwrite } = options;
  const drawn = { plot, picture: () => picture(rows, context.look) };
  await giveWithPicture(context, { document, tables: { sensitivity: () => table }, overwrite }, drawn);
}

/** As if it had been observed for so long [s]: exposure and OFF counts in proportion. */
function inTime(dataset: OnOffDataset, livetime: number): OnOffDataset {
  const measured = dataset.livetime;
  if (measured === undefined || !(measured > 0) || !(livetime > 0)) {
    throw new SpecError({
      where: `--livetime, dataset "${dataset.name}"`,
      found: `a livetime of ${measured ?? "no"} s measured, ${livetime} s asked for`,
      expected: "both above 0",
    });
  }
  const factor = livetime / measured;
  const times = <M extends { readonly data: Float64Array }>(map: M): M => ({
    ...map,
    data: map.data.map((x) => factor * x),
  });
  const { countsOff, exposure } = dataset;
  return {
    ...dataset,
    livetime,
    ...(countsOff && { countsOff: times(countsOff) }),
    ...(exposure && { exposure: times(exposure) }),
  };
}

interface Row {
  /** TeV */
  readonly e_min: number;
  readonly e_max: number;
  readonly e_ref: number;
  /** cm-2 s-1 TeV-1 */
  readonly dnde: number | null;
  /** erg cm-2 s-1 */
  readonly e2dnde: number | null;
  readonly excess: number | null;
  readonly background: number | null;
  readonly criterion: string;
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

function rowsOf({ edges, eRef, dnde, e2dnde, excess, background, criterion }: Sensitivity): Row[] {
  const erg = conversionFactor("TeV", "erg");
  return Array.from(eRef, (e, k) => ({
    e_min: edges[k]!,
    e_max: edges[k + 1]!,
    e_ref: e,
    dnde: finite(dnde[k]!),
    e2dnde: finite(e2dnde[k]! * erg),
    excess: finite(excess[k]!),
    background: finite(background[k]!),
    criterion: criterion[k]!,
  }));
}

function tableOf(rows: readonly Row[]): Table {
  const { number, text } = columnsOf(rows);
  const reason = "no OFF counts, no exposure, or not in mask_safe";
  return {
    name: "sensitivity",
    about: "The smallest flux that would be seen",
    columns: [
      number("e_min", (r) => r.e_min, { unit: "TeV" }),
      number("e_max", (r) => r.e_max, { unit: "TeV" }),
      number("e_ref", (r) => r.e_ref, { unit: "TeV" }),
      number("e2dnde", (r) => r.e2dnde, { unit: "erg cm-2 s-1", reason }),
      number("dnde", (r) => r.dnde, { unit: "cm-2 s-1 TeV-1", reason }),
      number("excess", (r) => r.excess, { decimals: 2, reason }),
      number("background", (r) => r.background, { decimals: 2, reason }),
      text("criterion", (r) => r.criterion),
    ],
  };
}

function picture(rows: readonly Row[], look: Context["look"]): string {
  const there = rows.filter((r) => r.e2dnde !== null);
  return linePlot({
    title: "Sensitivity",
    series: [{ label: "smallest flux", x: there.map((r) => r.e_ref), y: there.map((r) => r.e2dnde!), draw: "both" }],
    xLabel: "Energy [TeV]",
    yLabel: "E² dN/dE [erg cm⁻² s⁻¹]",
    xScale: "log",
    yScale: "log",
    legend: false,
    ...look,
  });
}
