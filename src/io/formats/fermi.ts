/** Files of the Fermi tools, each a part of a dataset: counts cubes, exposures, psfs, energy dispersions, predicted counts, weights. */
import { FormatError, SpecError } from "../../errors.js";
import type { Hdu } from "../../fits/types.js";
import type { SkyMap } from "../../sky/types.js";
import { type FermiParts, fermiDataset, type Part } from "../fermi/dataset.js";
import { readGtdrm } from "../fermi/drm.js";
import { cubeHdu, readCube, readExposure } from "../fermi/maps.js";
import { readGtpsf } from "../fermi/psf.js";
import { drmSummary, psfSummary } from "../fermi/summary.js";
import { basename, stemOf } from "../files.js";
import { gtiIn } from "../gti.js";
import { hasColumns, keyword } from "../hdu.js";
import { hdusOf } from "./open.js";
import { hasHdu, NO, SURE, tablesOf } from "./sniff.js";
import type { Contents, DatasetContext, DatasetParts, FileFormat, KnownFile, OpenedFile } from "./types.js";

interface MapContents extends Contents {
  readonly map: SkyMap;
}

const table = (file: OpenedFile, name: string) => tablesOf(file).find((t) => t.name.toUpperCase() === name);

/** A cube with the edges of its energies in a table EBOUNDS, as gtbin has it; those of Gammapy have names of axes (AXCOLS1). */
function eboundsCube(file: OpenedFile): Hdu | undefined {
  const ebounds = table(file, "EBOUNDS");
  const cube = cubeHdu(file.hdus ?? []);
  return ebounds !== undefined && hasColumns(ebounds, "e_min", "e_max") ? cube : undefined;
}

/** Of HEALPix pixels, which are in a table, the first HDU may say it. */
const creator = (file: OpenedFile): string =>
  (keyword(eboundsCube(file)!, "CREATOR") || keyword(file.hdus![0]!, "CREATOR")).toLowerCase();
const isNamedWeights = (path: string): boolean =>
  /^(w(cube|map|eights?)|.*[_-]w(cube|map|eights?))([_.-]|$)/i.test(basename(path));

const options = (file: OpenedFile, { files, onNote }: DatasetContext) => ({
  where: file.path,
  maxBytes: files.freeBytes?.(),
  onNote,
});

/** What is made of the files of one dataset. */
export const fermiParts: DatasetParts = {
  name: "fermi-files",
  about: "files of the Fermi tools (counts cube, exposure, psf, energy dispersion)",
  types: ["MapDataset"],
  join(given, context) {
    const one = (format: FileFormat<MapContents>): KnownFile | undefined => {
      const [file, second] = given.filter((f) => f.format === (format as FileFormat));
      if (second === undefined) return file;
      throw new SpecError({
        where: second.path,
        what: `a second ${format.about}, beside ${file!.path}`,
        remedy:
          "give the files of one component; of several, a fermipy configuration, or the datasets that gammats convert makes of each",
      });
    };
    const part = <T>(
      file: KnownFile | undefined,
      read: (hdus: readonly Hdu[], f: OpenedFile) => T,
    ): Part<T> | undefined => file && { value: read(hdusOf(file), file), where: file.path };
    const cube = (file: KnownFile | undefined) => part(file, (hdus, f) => readCube(hdus, options(f, context)));
    const files = [fermiCountsFormat, fermiExposureFormat].map(one);
    const [countsFile, exposureFile] = files;
    if (countsFile === undefined || exposureFile === undefined) {
      throw new FormatError({
        where: given[0]!.path,
        found: `only ${given.map((f) => f.format.about).join(", ")}`,
        expected:
          "the other files of the dataset too: a counts cube (gtbin), an exposure (gtexpcube2), and a psf (gtpsf) and energy dispersion (gtdrm) where there are some",
        remedy: "give them together",
      });
    }
    const parts: FermiParts = {
      counts: cube(countsFile)!,
      exposure: part(exposureFile, (hdus, f) => readExposure(hdus, options(f, context)))!,
      psf: part(one(fermiPsfFormat), readPsf),
      drm: part(one(fermiDrmFormat), (hdus, f) => readGtdrm(hdus, options(f, context))),
      background: cube(one(fermiModelFormat)),
      weights: cube(one(fermiWeightsFormat)),
      gti: gtiIn(hdusOf(countsFile), countsFile.path),
    };
    if (parts.psf === undefined)
      context.onNote?.(`${countsFile.path}: no psf (gtpsf) is given: sources are not blurred`);
    return fermiDataset(context.name ?? stemOf(countsFile.path), parts, context);
  },
};

const readPsf = (hdus: readonly Hdu[], { path }: OpenedFile) => readGtpsf(hdus, path);

const shared = { holds: ["map"], partOf: fermiParts } as const;

export const fermiCountsFormat: FileFormat<MapContents> = {
  ...shared,
  name: "fermi-counts",
  about: "counts cube (Fermi tools, gtbin)",
  sniff: (file) => (eboundsCube(file) !== undefined && creator(file) === "gtbin" ? SURE : NO),
  read: (file, context) => ({ map: readCube(hdusOf(file), options(file, context)) }),
};

export const fermiModelFormat: FileFormat<MapContents> = {
  ...shared,
  name: "fermi-model-counts",
  about: "predicted counts (Fermi tools, gtmodel)",
  sniff: (file) => (eboundsCube(file) !== undefined && creator(file) === "gtmodel" ? SURE : NO),
  read: (file, context) => ({ map: readCube(hdusOf(file), options(file, context)) }),
};

export const fermiWeightsFormat: FileFormat<MapContents> = {
  ...shared,
  name: "fermi-weights",
  about: "likelihood weights (Fermi tools, wcube)",
  // nothing in the file says what it holds
  sniff: (file) => (eboundsCube(file) !== undefined && isNamedWeights(file.path) ? SURE : NO),
  read: (file, context) => ({ map: readCube(hdusOf(file), options(file, context)) }),
};

export const fermiExposureFormat: FileFormat<MapContents> = {
  ...shared,
  name: "fermi-exposure",
  about: "exposure cube (Fermi tools, gtexpcube2)",
  // a template of diffuse emission has energies too
  sniff(file) {
    const cube = cubeHdu(file.hdus ?? []);
    const isCube = cube !== undefined && hasHdu(file, "ENERGIES");
    return isCube && (/^log_energy$/i.test(keyword(cube, "CTYPE3")) || cube.name === "HPXEXPOSURES") ? SURE : NO;
  },
  read: (file, context) => ({ map: readExposure(hdusOf(file), options(file, context)) }),
};

export const fermiPsfFormat: FileFormat<MapContents> = {
  ...shared,
  name: "fermi-psf",
  about: "point spread function (Fermi tools, gtpsf)",
  sniff(file) {
    const [psf, theta] = [table(file, "PSF"), table(file, "THETA")];
    const isOne = psf && theta && hasColumns(psf, "energy", "exposure", "psf") && hasColumns(theta, "theta");
    return isOne ? SURE : NO;
  },
  read: (file) => ({ map: readPsf(hdusOf(file), file).map }),
  summary: ({ map }) => psfSummary(map),
};

export const fermiDrmFormat: FileFormat<MapContents> = {
  ...shared,
  name: "fermi-drm",
  about: "energy dispersion (Fermi tools, gtdrm)",
  sniff(file) {
    const drm = table(file, "DRM");
    return drm !== undefined && hasColumns(drm, "energ_lo", "energ_hi", "f_chan", "matrix") ? SURE : NO;
  },
  read: (file, context) => ({ map: readGtdrm(hdusOf(file), options(file, context)).map }),
  summary: ({ map }) => drmSummary(map),
};

/** The files of the Fermi tools. */
export const fermiFormats: readonly FileFormat[] = [
  fermiCountsFormat,
  fermiModelFormat,
  fermiWeightsFormat,
  fermiExposureFormat,
  fermiPsfFormat,
  fermiDrmFormat,
];
