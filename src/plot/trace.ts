/** Chains of a sampler: one frame for each parameter, one line for each chain. */
import { SpecError } from "../errors.js";
import { extent, padded } from "./check.js";
import { type FigureOptions, figure } from "./figure.js";
import { curve, type Layer, span, type Values } from "./marks.js";
import { withStyle } from "./picture-style.js";
import { colorOf, MASKED } from "./style.js";

/** What `tracePlot` draws: chains of each parameter. */
export interface TraceSpec extends FigureOptions {
  parameters: { label: string; chains: Values[] }[];
  /** Steps left out of the results: greyed. */
  burnIn?: number;
}

const ROW = 140;

/**
 * Values of chains by step, a row for each parameter.
 * @throws SpecError where there are no parameters.
 */
export function tracePlot(spec: TraceSpec): string {
  const styled = withStyle(spec, "tracePlot");
  const { parameters, burnIn = 0, style: palette } = styled;
  if (parameters.length === 0) throw new SpecError("tracePlot: no parameters; give at least one");
  const steps = Math.max(2, ...parameters.flatMap((p) => p.chains.map((c) => c.length)));
  return figure({
    ...styled,
    natural: Math.max(240, 90 + ROW * parameters.length),
    x: { kind: "linear", domain: [0, steps - 1], label: "Step" },
    rows: parameters.map((p) => {
      const range = extent(p.chains.flatMap((c) => Array.from(c))) ?? [0, 1];
      return {
        y: { kind: "linear", domain: padded("linear", range, 0.08), label: p.label },
        weight: 1,
        draw: (panel): Layer[] => {
          const lines = p.chains.map((chain, i) => {
            const look = { color: colorOf(i, palette), width: 0.7 };
            return curve(
              panel,
              Array.from(chain, (_, k) => k),
              chain,
              look,
            );
          });
          return burnIn > 0 ? [span(panel, "x", 0, burnIn, MASKED), ...lines] : lines;
        },
      };
    }),
  });
}
