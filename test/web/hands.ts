/** What a user does with the page, and waits for. */
import type { Page } from "playwright-core";

/** Drops these on the page as a hand does. */
export async function drop(target: Page, ...files: string[]): Promise<void> {
  const session = await target.context().newCDPSession(target);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await session.detach();
}

export const datasetsAre = (target: Page, names: string) =>
  target.waitForFunction(
    (text) => Array.from(document.querySelectorAll("#datasets tbody th"), (th) => th.textContent).join() === text,
    names,
  );
