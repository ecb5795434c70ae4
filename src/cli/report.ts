/** What the command line says about an error, and the exit status that the error means. */
import { GammatsError } from "../errors.js";
import { INTERRUPTED } from "../node/interrupt.js";

/** Exit status: success, a fit that did not converge, wrong use or input, a fault of the program. */
export const EXIT = { ok: 0, notConverged: 1, wrongUse: 2, fault: 70 } as const;

export interface Report {
  readonly status: number;
  /** Whole lines for stderr. */
  readonly text: string;
}

/** An error that a command has thrown. `isDebugging`: with its stack. */
export function reportOf(error: unknown, isDebugging: boolean): Report {
  const { name, message, stack } = Object(error) as Error;
  if (name === "AbortError") {
    return { status: INTERRUPTED, text: "gammats: interrupted; nothing half-written was left\n" };
  }
  if (!(error instanceof GammatsError)) return faultOf(error, isDebugging);
  return { status: EXIT.wrongUse, text: isDebugging ? `${stack}\n` : `gammats: ${message}\n` };
}

/** An error that nobody expected. */
export function faultOf(error: unknown, isDebugging: boolean): Report {
  const [what] = String(error).split("\n");
  const stack = error instanceof Error && isDebugging ? `${error.stack}\n` : "";
  const text = `gammats: this should not happen: ${what}; please report it with the output of GAMMATS_DEBUG=1 gammats ...\n`;
  return { status: EXIT.fault, text: text + stack };
}
