import { cash as cashOf, clippedCashDerivatives } from "../../stats/cash.js";
import { cashTerm } from "../cash-term.js";
import type { CountsStatistic } from "./types.js";

/** Cash (1979, ApJ 228, 939), 2 (mu - n ln mu), as Gammapy truncates it; negative predictions count as zero. */
export const cash: CountsStatistic = {
  name: "cash",
  about: "Poisson counts with a background that is known or modelled",
  data: "counts",
  value: (n, mu) => cashOf(n, Math.max(mu, 0)),
  derivatives: clippedCashDerivatives,
  term: cashTerm,
};
