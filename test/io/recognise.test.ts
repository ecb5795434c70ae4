import { describe, expect, it } from "vitest";
import { recognise } from "../../src/api/files.js";
import { type Card, imageHdu, makeColumn, readFits, tableHdu, writeFits } from "../../src/fits/index.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { writeFluxPoints } from "../../src/io/flux-points/write.js";
import { appearance, openBytes } from "../../src/io/formats/open.js";
import type { FileFormat } from "../../src/io/formats/types.js";
import { writeMapDataset } from "../../src/io/map-dataset.js";
import { writeMap } from "../../src/io/map-fits.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { standardRegistry } from "../../src/io/registry.js";
import { extendRegistry } from "../../src/kinds/additions.js";
import { cube, spectrum } from "./samples.js";

const encode = (text: string) => new TextEncoder().encode(text);
const ogip = writeOgip(spectrum(), { name: "s" });
const sed = writeFits([
  tableHdu("", [
    makeColumn("e_ref", Float64Array.of(1, 2), { unit: "TeV" }),
    makeColumn("dnde", Float64Array.of(1, 2), { unit: "cm-2 s-1 TeV-1" }),
  ]),
]);

const f = (...values: number[]) => Float64Array.from(values);
const gti = tableHdu("GTI", [makeColumn("START", f(0)), makeColumn("STOP", f(10))], [{ key: "MJDREF", value: 55000 }]);
const rates = (cards: readonly Card[] = []) =>
  tableHdu(
    cards.length > 0 ? "LC" : "RATE",
    [
      makeColumn("TIME", f(0, 1), { unit: "s" }),
      makeColumn(cards.length > 0 ? "FLUX1" : "RATE", f(3, 4)),
      makeColumn("ERROR", f(1, 1)),
    ],
    cards,
  );
// columns and units of ctools 2.0, cscripts/csspec.py
const csspec = tableHdu("SPECTRUM", [
  makeColumn("e_ref", f(1, 3), { unit: "TeV" }),
  makeColumn("e_min", f(0.5, 2), { unit: "TeV" }),
  makeColumn("e_max", f(2, 5), { unit: "TeV" }),
  makeColumn("norm", f(1, 1)),
  makeColumn("norm_err", f(0.1, 0.2)),
  makeColumn("norm_ul", f(2, 2)),
  makeColumn("ref_e2dnde", f(1e-11, 1e-12), { unit: "erg/cm2/s" }),
  makeColumn("ref_dnde", f(1e-17, 1e-18), { unit: "counts/MeV/cm2/s" }),
  makeColumn("ref_npred", f(10, 3), { unit: "counts" }),
  makeColumn("ts", f(20, 4)),
]);
const healpix = tableHdu("SKYMAP", [makeColumn("CHANNEL1", f(1, 2))], [{ key: "PIXTYPE", value: "HEALPIX" }]);
const catalogue = tableHdu("SOURCES", [makeColumn("RAJ2000", f(83.6))]);
const matrix = tableHdu("EDISP_MATRIX", [makeColumn("F_CHAN", f(0)), makeColumn("MATRIX", f(1))]);
const timed = tableHdu("", [makeColumn("e_ref", f(1, 2)), makeColumn("time", f(1, 1)), makeColumn("dnde", f(1, 2))]);
const times = tableHdu("", [makeColumn("e_min", f(1, 1)), makeColumn("time", f(1, 2)), makeColumn("flux", f(1, 2))]);

describe("files are recognised by their content", () => {
  it.each([
    ["map-dataset", writeMapDataset(cube())],
    ["map-dataset", writeMapDataset(spectrum())],
    ["ogip-pha", ogip["s.fits"]!],
    ["ogip-background", ogip["s_bkg.fits"]!],
    ["ogip-arf", ogip["s_arf.fits"]!],
    ["ogip-rmf", ogip["s_rmf.fits"]!],
    ["map", writeMap(cube().exposure!)],
    ["flux-points", sed],
    ["flux-points", writeFluxPoints(readFluxPoints(sed, { where: "" }), { format: "ecsv" })],
    ["events", writeFits([tableHdu("EVENTS", [makeColumn("ENERGY", Float64Array.of(1))])])],
    ["fits", writeFits([imageHdu("PRIMARY", [], null)])],
    ["fits", sed.slice(0, 3000)],
    ["datasets-yaml", encode("# mine\ndatasets:\n- name: a\n")],
    ["models-yaml", encode("components: []\n")],
    ["covariance", encode("| Parameters | 0 |\n| a.spectral.index | 1 |\n")],
    ["json", encode('{"a": 1}')],
    ["unknown", Uint8Array.of(0, 1, 2)],
    ["unknown", new Uint8Array(0)],
    ["text", encode("hello\n")],
    ["yaml", encode("a: 1\n")],
    ["mjd-intervals", encode("# MJD\n53345.1 53345.2\n")],
    ["gti", writeFits([imageHdu("PRIMARY", [], null), gti])],
  ])("%s", (kind, bytes) => {
    expect(recognise(bytes, "file").kind).toBe(kind);
  });

  it.each([
    ["count-rates", "an archive's light curve, with its intervals", rates(), gti],
    ["count-rates", "one that says so in its header alone", rates([{ key: "HDUCLAS1", value: "LIGHTCURVE" }]), gti],
    ["flux-points", "the spectrum of csspec, in a table of the name of OGIP's", csspec],
    ["map", "a HEALPix cube of the Fermi tools", healpix, gti],
    ["fits", "a catalogue with intervals beside it", catalogue, gti],
    ["map-dataset", "a dataset with an RMF inside", ...readFits(writeMapDataset(cube())).slice(1), matrix],
    ["light-curve", "times without bins", times],
    ["flux-points", "points that say when", timed],
  ])("%s: %s", (kind, _, ...hdus) => {
    expect(recognise(writeFits([imageHdu("PRIMARY", [], null), ...hdus]), "file").kind).toBe(kind);
  });

  it.each([
    ["analysis-config", "general: {}\nobservations:\n  obs_ids: []\ndatasets:\n    type: 1d\nfit: {}\n"],
    ["fermipy-config", "components:\n  - model: {isodiff: iso.txt}\ndata:\n  evfile: a\nselection :\n  emin : 1\n"],
    ["fermipy-config", "components: null\nbinning:\n  roiwidth: 2.0\ngtlike:\n  edisp: True\n"],
    ["datasets-yaml", "# mine\ndatasets:  # all\n\n  # first\n  - name: a\nmetadata:\n  creator: Gammapy\n"],
    ["datasets-yaml", "metadata: {creator: x}\r\ndatasets:\r\n- name: a\r\n"],
    ["datasets-yaml", "datasets: [{name: a}]\n"],
    ["models-yaml", "covariance: c.dat\ncomponents: []\n"],
    ["covariance", "    Parameters | 0 |\n"],
    ["yaml", "datasets:\n  a: 1\nextra: 2\n"],
  ])("%s: %j", (kind, text) => {
    expect(recognise(encode(text), "file").kind).toBe(kind);
  });

  it("by the format that is most sure, of equal ones the last", () => {
    const own = (name: string, certainty: 0 | 1 | 2 | 3): FileFormat => ({
      name,
      about: name,
      holds: [],
      sniff: () => certainty,
    });
    const kind = (...formats: FileFormat[]) =>
      recognise(encode("datasets:\n- name: a\n"), "x", { registry: extendRegistry(standardRegistry, { formats }) })
        .kind;
    expect([kind(own("a", 1)), kind(own("a", 2)), kind(own("a", 3), own("b", 2))]).toEqual(["datasets-yaml", "a", "a"]);
  });
});

it("flux points of csspec are read", () => {
  const points = readFluxPoints(writeFits([imageHdu("PRIMARY", [], null), csspec]), { where: "csspec.fits" });
  expect(points).toMatchObject({
    sedType: "likelihood",
    norm: Float64Array.of(1, 1),
    normErr: Float64Array.of(0.1, 0.2),
  });
  // 10^-17 counts/MeV/cm2/s are 10^-11 of a TeV
  expect(points.reference.dnde[0]! / 1e-11).toBeCloseTo(1, 14);
});

it("what a file looks like is said where it is of no format", () => {
  const looks = (bytes: Uint8Array) => appearance(openBytes(bytes, "x"));
  expect(looks(writeFits([imageHdu("PRIMARY", [], null), catalogue]))).toBe("FITS with the HDUs PRIMARY, SOURCES");
  expect(looks(sed.slice(0, 3000))).toBe("FITS that is damaged");
  expect(looks(encode("a: 1\nb :\n  c: 2\n"))).toBe("YAML with the keys a, b");
  expect(looks(encode("# %ECSV 1.0\n# ---\n# datatype:\n# - {name: ra, unit: deg}\n# - {name: dec}\nra dec\n"))).toBe(
    "an ECSV table with the columns ra, dec",
  );
  expect(looks(encode('[{"a": 1}]'))).toBe("JSON");
  expect(looks(encode(`${"x".repeat(200)}\n`))).toBe(`a text that begins with "${"x".repeat(40)}"`);
  expect(looks(Uint8Array.of(0x50, 0x4b, 3, 4, 5))).toBe("a binary file (first bytes 50 4b 03 04)");
  expect(looks(new Uint8Array(0))).toBe("an empty file");
});
