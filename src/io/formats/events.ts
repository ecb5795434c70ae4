import { isEventList, readEventData } from "../dl3/event-data.js";
import { isResponse } from "../dl3/responses.js";
import type { EventData } from "../dl3/types.js";
import { hdusOf } from "./open.js";
import { NO, SURE, tablesOf } from "./sniff.js";
import type { Contents, FileContext, FileFormat, OpenedFile } from "./types.js";

interface EventContents extends Contents {
  readonly eventData: EventData;
}

function read(file: OpenedFile, context: FileContext): EventContents {
  const { data, problems } = readEventData(hdusOf(file), file.path, context);
  return { eventData: data, ...(problems.length > 0 && { problems }) };
}

/** Without an event list. */
export const responsesFormat: FileFormat<EventContents> = {
  name: "responses",
  about: "responses of an observation",
  holds: ["eventData"],
  sniff: (file) => (tablesOf(file).some(isResponse) ? SURE : NO),
  read,
  remedy: "they are read with the event list that they belong to: gammats reduce FOLDER --target 'RA DEC' --out DIR",
};

/** With the responses that lie in the same file. */
export const eventsFormat: FileFormat<EventContents> = {
  name: "events",
  about: "event list",
  holds: ["eventData"],
  sniff: (file) => (tablesOf(file).some(isEventList) ? SURE : NO),
  read,
  remedy: "reduce the folder that it lies in to spectra or maps: gammats reduce FOLDER --target 'RA DEC' --out DIR",
};
