import { createHash } from "node:crypto";
import { serialize } from "node:v8";

/**
 * A task as bytes, and the name under which its results are kept: the same kind and payload have the same name in any process of the same version
 * of GammaTS.
 */
export function taskBytes(
  kind: string,
  payload: object,
  version: string,
): { readonly id: string; readonly bytes: Uint8Array } {
  const bytes = serialize({ version, kind, payload });
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 32), bytes };
}
