/** Maps of fluxes and significances in one FITS file, as Gammapy's FluxMaps writes and reads them: one image a quantity, SED_TYPE in the primary header. */
import { FormatError, SpecError } from "../errors.js";
import { type FluxKind, fluxMap, type TsMap, type TsQuantity } from "../estimators/ts-map-table.js";
import { getCard, type Hdu, writeFits } from "../fits/index.js";
import type { MaskMap } from "../sky/types.js";
import { card } from "./cards.js";
import { gtiHdu, gtiIn } from "./gti.js";
import { mapFromHdus, mapToHdus, primaryHdu } from "./map-fits.js";
import { type FitsFile, type MemoryLimit, withinMemory } from "./memory.js";
import type { FluxMaps } from "./types.js";

export interface WriteFluxMapsOptions {
  /** What norms become: a flux, or with "likelihood" they stay norms, which mean nothing without `modelFile`. Default: "likelihood" with it, else "flux". */
  readonly sedType?: FluxKind | "likelihood";
  /** The models.yaml with the test source, which Gammapy opens by this path; absent: it takes a point source of index 2. */
  readonly modelFile?: string;
}

const NORMS = ["norm", "norm_err", "norm_errn", "norm_errp", "norm_ul"] as const;
const OTHERS = ["ts", "sqrt_ts", "npred", "npred_excess", "stat", "stat_null"] as const;

export function writeFluxMaps(tsMap: TsMap, options: WriteFluxMapsOptions = {}): Uint8Array {
  const { modelFile, sedType = modelFile === undefined ? "flux" : "likelihood" } = options;
  const { maps, gti } = tsMap;
  if (sedType === "likelihood" && modelFile === undefined) {
    throw new SpecError("writeFluxMaps: norms need their model beside them; give modelFile, or another sedType");
  }
  const norm = (name: (typeof NORMS)[number]) =>
    sedType === "likelihood"
      ? mapToHdus(name.toUpperCase(), maps[name])
      : mapToHdus(name.replace("norm", sedType).toUpperCase(), fluxMap(tsMap, sedType, name));
  const success: MaskMap = {
    geom: tsMap.geom,
    data: Uint8Array.from(maps.success.data, (x) => (x === 1 ? 1 : 0)),
  };
  const hdus: Hdu[] = [
    primaryHdu([
      card("SED_TYPE", sedType),
      ...(modelFile === undefined ? [] : [card("MODEL", modelFile)]),
      card("CREATOR", "GammaTS"),
      card("N_SIGMA", tsMap.nSigma),
      card("NSIGMAUL", tsMap.nSigmaUl),
    ]),
    ...NORMS.flatMap(norm),
    ...OTHERS.flatMap((name: TsQuantity) => mapToHdus(name.toUpperCase(), maps[name])),
    ...mapToHdus("SUCCESS", success),
    ...(gti === undefined ? [] : [gtiHdu(gti)]),
  ];
  return writeFits(hdus);
}

/** Flux maps of Gammapy or of GammaTS. */
export function readFluxMaps(bytes: Uint8Array, options: MemoryLimit): FluxMaps {
  return fluxMapsOfFile({ bytes }, options);
}

/** `readFluxMaps` of a file that may have been parsed before. */
export function fluxMapsOfFile(file: FitsFile, options: MemoryLimit): FluxMaps {
  const { where } = options;
  return withinMemory(file, options, (hdus) => {
    const text = (key: string) => {
      const value = getCard(hdus[0]!.header, key)?.value;
      return typeof value === "string" ? value : undefined;
    };
    const images = hdus.filter((hdu) => hdu.kind === "image" && hdu.shape.length > 0);
    const sedType = text("SED_TYPE");
    if (sedType === undefined || images.length === 0) {
      throw new FormatError(
        `${where}: no flux maps: expected images and the keyword SED_TYPE in the primary header; found ${hdus.map((hdu) => hdu.name).join(", ")}`,
      );
    }
    const gti = gtiIn(hdus, where);
    const modelFile = text("MODEL");
    return {
      sedType,
      maps: Object.fromEntries(images.map(({ name }) => [name.toLowerCase(), mapFromHdus(hdus, name, { where })])),
      ...(modelFile !== undefined && { modelFile }),
      ...(gti !== undefined && { gti }),
    };
  });
}
