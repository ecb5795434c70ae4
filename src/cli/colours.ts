/** Colours, for terminals that show them and people who want them. */

const RED = 31;
const YELLOW = 33;

/** https://no-color.org: a NO_COLOR that is not empty says no. */
export function wantsColours(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && !env.NO_COLOR && env.TERM !== "dumb";
}

/** The "gammats" before a message, in red of an error, in yellow of a note. */
export function coloured(text: string, kind: "error" | "note"): string {
  const colour = kind === "error" ? RED : YELLOW;
  return text.replace(/^(gammats|error)(?=[ \w-]*: )/gm, (name) => `\x1b[1;${colour}m${name}\x1b[0m`);
}
