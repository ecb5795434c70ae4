import { describe, expect, it } from "vitest";
import { imageHdu, makeColumn, tableHdu, writeFits } from "../../src/fits/index.js";
import { readFluxPoints } from "../../src/io/flux-points/read.js";
import { writeFluxPoints } from "../../src/io/flux-points/write.js";
import { writeMapDataset } from "../../src/io/map-dataset.js";
import { writeMap } from "../../src/io/map-fits.js";
import { writeOgip } from "../../src/io/ogip/write.js";
import { recognise } from "../../src/io/recognise.js";
import { cube, spectrum } from "./samples.js";

const encode = (text: string) => new TextEncoder().encode(text);
const ogip = writeOgip(spectrum(), { name: "s" });
const sed = writeFits([
  tableHdu("", [
    makeColumn("e_ref", Float64Array.of(1, 2), { unit: "TeV" }),
    makeColumn("dnde", Float64Array.of(1, 2), { unit: "cm-2 s-1 TeV-1" }),
  ]),
]);

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
  ])("%s", (kind, bytes) => {
    expect(recognise(bytes, "file").kind).toBe(kind);
  });
});
