/** What spectra are called in XSPEC, Sherpa, threeML and the Fermi tools, for messages: such names are not read, as parameters and units differ. */

/** Tags by names without case and underscores. */
const TAGS: Readonly<Record<string, string>> = {
  // XSPEC; in Sherpa with xs before it
  powerlaw: "pl",
  zpowerlw: "pl",
  pegpwrlw: "pl-2",
  cutoffpl: "ecpl",
  zcutoffpl: "ecpl",
  bknpower: "bpl",
  zbknpower: "bpl",
  logpar: "lp",
  zlogpar: "lp",
  gaussian: "gauss",
  zgauss: "gauss",
  // Sherpa
  powlaw1d: "pl",
  bpl1d: "bpl",
  logparabola: "lp",
  gauss1d: "gauss",
  const1d: "const",
  // threeML and the Fermi tools
  powerlaw2: "pl-2",
  cutoffpowerlaw: "ecpl",
  expcutoff: "ecpl",
  brokenpowerlaw: "bpl",
  smoothlybrokenpowerlaw: "sbpl",
};

/** Photoelectric absorption of XSPEC beside phabs and tbabs: wabs, tbvarabs, tbfeo ... */
const ABSORPTION = /^z?(v?phabs|wabs|varabs|tb(abs|feo|gas|grain|varabs|pcf|rel))$/;

/** The end of a message about a name that is none of a spectrum here but of one elsewhere; empty where it is not known. */
export function hintOfOtherName(name: string, known: readonly string[]): string {
  const plain = name.toLowerCase().replaceAll("_", "");
  const key = Object.hasOwn(TAGS, plain) ? plain : plain.replace(/^xs/, "");
  if (ABSORPTION.test(key)) return '; of absorption by gas there are phabs and tbabs, as in "pl * tbabs(nh=0.1)"';
  const tag = Object.hasOwn(TAGS, key) ? TAGS[key]! : "";
  return known.includes(tag) ? `; did you mean "${tag}"?` : "";
}
