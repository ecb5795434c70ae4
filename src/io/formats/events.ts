import { checkResponse, checkTogether, normWarnings, traitsOf } from "../dl3/checks/responses.js";
import { checkRun } from "../dl3/checks/run.js";
import { noNotes } from "../dl3/checks/types.js";
import { isEventList, readEventData } from "../dl3/event-data.js";
import { isResponse } from "../dl3/responses.js";
import type { EventData } from "../dl3/types.js";
import { hdusOf } from "./open.js";
import { NO, SURE, tablesOf } from "./sniff.js";
import type { Contents, FileContext, FileFormat, Findings, OpenedFile } from "./types.js";

interface EventContents extends Contents {
  readonly eventData: EventData;
}

function read(file: OpenedFile, context: FileContext): EventContents {
  const { data, problems } = readEventData(hdusOf(file), file.path, context);
  return { eventData: data, ...(problems.length > 0 && { problems }) };
}

function check(file: OpenedFile, context: FileContext): Findings {
  const notes = noNotes();
  const { eventData, problems = [] } = read(file, { ...context, onNote: (note) => notes.warnings.push(note) });
  const { run, responses } = eventData;
  if (run !== undefined) checkRun(run, notes);
  for (const response of responses) checkResponse(response, notes);
  // event lists may have their responses in files of their own
  if (run !== undefined && responses.length > 0) checkTogether(responses.map(traitsOf), run.at, notes);
  return {
    problems: [...problems, ...notes.problems],
    warnings: [...new Set(notes.warnings), ...normWarnings(notes.norms)],
  };
}

/** Without an event list. */
export const responsesFormat: FileFormat<EventContents> = {
  name: "responses",
  about: "responses of an observation",
  holds: ["eventData"],
  sniff: (file) => (tablesOf(file).some(isResponse) ? SURE : NO),
  read,
  check,
  remedy: "they are read with the event list that they belong to: gammats reduce FOLDER --target 'RA DEC' --out DIR",
};

/** With the responses that lie in the same file. */
export const eventsFormat: FileFormat<EventContents> = {
  name: "events",
  about: "event list",
  holds: ["eventData"],
  sniff: (file) => (tablesOf(file).some(isEventList) ? SURE : NO),
  read,
  check,
  remedy: "reduce the folder that it lies in to spectra or maps: gammats reduce FOLDER --target 'RA DEC' --out DIR",
};
