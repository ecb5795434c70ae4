/** What the page says of what it does: progress, problems, and a way to stop. */
import { GammatsError } from "gammats";
import { byId } from "./dom.js";

export const say = (text: string) => {
  byId("status").textContent = text;
};

export function complain(error: unknown): void {
  const { name, message } = error as Error;
  const isExpected = error instanceof GammatsError || name === "AbortError";
  const panel = byId("problem");
  panel.hidden = false;
  panel.textContent = isExpected ? message : `This should not happen: ${message}`;
}

/** Runs a call to the engine with the buttons off and a way to stop it. */
export async function busy<T>(what: string, run: () => Promise<T>): Promise<T | undefined> {
  byId("problem").hidden = true;
  say(what);
  const buttons = Array.from(
    document.querySelectorAll<HTMLButtonElement>(":is(nav, #events) button:enabled:not(#stop)"),
  );
  for (const button of buttons) button.disabled = true;
  // a flash of a button that nobody can reach helps nobody
  const timer = setTimeout(() => {
    byId("stop").hidden = false;
  }, 400);
  try {
    const value = await run();
    say("");
    return value;
  } catch (error) {
    say("");
    complain(error);
    return undefined;
  } finally {
    clearTimeout(timer);
    byId("stop").hidden = true;
    for (const button of buttons) button.disabled = false;
  }
}
