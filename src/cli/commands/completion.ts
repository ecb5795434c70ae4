import { SpecError } from "../../errors.js";
import { completionScript, SHELLS, type Shell } from "../completion.js";
import type { Context } from "../context.js";
import type { CommandSpec } from "../declaration.js";

export async function run(
  context: Context,
  [shell]: readonly string[],
  _: object,
  commands: readonly CommandSpec[],
): Promise<void> {
  const isKnown = (text: string | undefined): text is Shell => (SHELLS as readonly unknown[]).includes(text);
  if (!isKnown(shell)) {
    throw new SpecError({ where: "completion", found: `"${shell}"`, expected: "bash, zsh or fish" });
  }
  const script = completionScript(shell, commands);
  context.print(script);
  context.document({ shell, script });
}
