import { FIT_RESULT_FORMAT } from "../fit-result.js";
import { readFitResult } from "../read-fit-result.js";
import type { FitReport } from "../types.js";
import { LIKELY, NO, SURE } from "./sniff.js";
import type { Contents, FileFormat } from "./types.js";

interface FitResultContents extends Contents {
  readonly fitResult: FitReport;
}

export const fitResultFormat: FileFormat<FitResultContents> = {
  name: "fit-result",
  about: "fit result (GammaTS)",
  holds: ["fitResult"],
  sniff({ keys, text = "" }) {
    if (text.startsWith(`format: ${FIT_RESULT_FORMAT}`)) return SURE;
    return keys.has("parameters") && (keys.has("total_stat") || keys.has("success")) ? LIKELY : NO;
  },
  read: (file) => ({ fitResult: readFitResult(file.bytes, file.path).report }),
};
