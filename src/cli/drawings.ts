/** What `plot` draws of a file: the first part that it holds, whatever its format. */
import { stemOf } from "../io/files.js";
import type { Contents, Drawing, FileContext, FileFormat, KnownFile, Part } from "../io/formats/types.js";
import { contentsOf } from "../io/formats/use.js";
import { fluxPointsLabel } from "../plot/results.js";

type Drawings = { readonly [P in Part]?: (contents: Contents, file: KnownFile) => Drawing };

const DRAWINGS: Drawings = {
  datasets: ({ datasets, models }) => ({ datasets, models }),
  models: ({ models }) => ({ models }),
  fluxPoints: ({ fluxPoints }, { path }) => ({
    fluxPoints: { [fluxPointsLabel(stemOf(path), fluxPoints!.meta)]: fluxPoints! },
  }),
  lightCurve: ({ lightCurve }) => ({ lightCurve }),
  fluxMaps: ({ fluxMaps }) => ({ fluxMaps }),
  map: ({ map }) => ({ map }),
  tableModel: ({ tableModel }) => ({ tableModel }),
  catalogue: ({ catalogue }) => ({ catalogue }),
  eventData: ({ eventData }) => ({ eventData }),
};

const drawnPart = ({ holds }: FileFormat): Part | undefined => holds.find((part) => DRAWINGS[part] !== undefined);

export const isDrawn = (format: FileFormat): boolean => format.drawing !== undefined || drawnPart(format) !== undefined;

/** `onWarning` is told what the reader notes. */
export async function drawingOf(
  file: KnownFile,
  context: FileContext,
  onWarning: (warning: string) => void,
): Promise<Drawing> {
  const { format } = file;
  const contents = await contentsOf(file, context);
  contents.warnings?.forEach(onWarning);
  return (
    format.drawing?.(contents, file, { ...context, onNote: onWarning }) ?? DRAWINGS[drawnPart(format)!]!(contents, file)
  );
}
