/** What the command line says about an error, and the exit status that the error means. */
import { GammatsError } from "../errors.js";
import { INTERRUPTED } from "../node/interrupt.js";

/** Exit status: success, a fit that did not converge, wrong use or input, a fault of the program. */
export const EXIT = { ok: 0, notConverged: 1, wrongUse: 2, fault: 70 } as const;

export interface Report {
  readonly status: number;
  /** Whole lines for stderr; with `json` one line, an object with the key `error`. */
  readonly text: string;
}

export interface ReportOptions {
  /** As --json wants it. */
  readonly json: boolean;
  /** With the stack. */
  readonly isDebugging: boolean;
}

/** An error that a command has thrown. */
export function reportOf(error: unknown, options: ReportOptions): Report {
  if (error instanceof Error && error.name === "AbortError") {
    const message = "interrupted; nothing half-written was left";
    const text = options.json ? jsonLine({ code: "interrupted", message }) : `gammats: ${message}\n`;
    return { status: INTERRUPTED, text };
  }
  if (!(error instanceof GammatsError)) return faultOf(error, options);
  const stack = options.isDebugging ? error.stack : undefined;
  const text = options.json ? jsonLine({ ...plain(error), stack }) : `${stack ?? `gammats: ${error.message}`}\n`;
  return { status: EXIT.wrongUse, text };
}

/** An error that nobody expected. */
export function faultOf(error: unknown, { json, isDebugging }: ReportOptions): Report {
  const [what] = String(error).split("\n");
  const message = `this should not happen: ${what}; please report it with the output of GAMMATS_DEBUG=1 gammats ...`;
  const stack = error instanceof Error && isDebugging ? error.stack : undefined;
  const text = json
    ? jsonLine({ code: "fault", message, stack })
    : `gammats: ${message}\n${stack === undefined ? "" : `${stack}\n`}`;
  return { status: EXIT.fault, text };
}

/** A command line that is not understood; `text` is commander's. */
export function wrongUse(text: string, { json }: Pick<ReportOptions, "json">): Report {
  const message = text.replace(/^error: /, "").trim();
  // the help, where no command is named, is no complaint
  const shown = text.startsWith("error: ") ? `gammats: ${message}\n` : text;
  return { status: EXIT.wrongUse, text: json ? jsonLine({ code: "wrong-use", message }) : shown };
}

const jsonLine = (error: Readonly<Record<string, unknown>>): string => `${JSON.stringify({ error })}\n`;

/** What a program can do something with: code, message, place and values. */
function plain({ code, message, where, found, expected, remedy, problems }: GammatsError): Record<string, unknown> {
  return { code, message, where, found, expected, remedy, problems: problems?.map(plain) };
}
