/** What `info` says of a file of events and responses. */
import type { EventData } from "../../io/dl3/types.js";
import type { Summary } from "../../io/formats/types.js";
import { tableText } from "../../io/table/text.js";
import type { Table } from "../../io/table/types.js";
import { axesTable, responseData, responsesTable } from "./responses.js";
import { columnsTable, runNumbers, runText } from "./run.js";

export function eventDataSummary({ run, responses }: EventData): Summary {
  const parts: Table[] = responses.length > 0 ? [responsesTable(responses), axesTable(responses)] : [];
  const numbers = run && runNumbers(run);
  return {
    text: [
      ...(run && numbers ? [runText(run, numbers)] : []),
      ...parts.map((table) => `${table.about}:\n${tableText(table)}`),
    ].join("\n"),
    data: { ...numbers, ...(responses.length > 0 && { responses: responses.map(responseData) }) },
    tables: {
      ...Object.fromEntries(parts.map((table) => [table.name, () => table])),
      ...(run && { columns: () => columnsTable(run) }),
    },
  };
}
