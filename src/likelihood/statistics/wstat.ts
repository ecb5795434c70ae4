import { wstatBackground, wstatDerivatives, wstatLogTerms, wstatOn, wstatValue } from "../../stats/wstat.js";
import { wstatAlphaDerivatives } from "../../stats/wstat-alpha.js";
import type { OnOffStatistic } from "./types.js";

/** The profile likelihood of two Poisson counts with an unknown background (XSPEC's appendix on W; numerics.md section 5). */
export const wstat: OnOffStatistic = {
  name: "wstat",
  about: "Poisson counts on and off the source, with a background of its own in each bin",
  data: "on-off",
  constant: wstatLogTerms,
  value: wstatValue,
  derivatives: wstatDerivatives,
  alphaDerivatives: wstatAlphaDerivatives,
  background: wstatBackground,
  total: wstatOn,
};
