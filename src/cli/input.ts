/** Files as commands name them: "-" is what comes in on stdin. */
import { FormatError } from "../errors.js";
import type { FileAccess } from "../io/files.js";
import { inflate } from "../io/inflate.js";

/** How the stream is called in messages. */
export const STDIN = "standard input";

/** Of the arguments of a command. */
export const inputName = (arg: string): string => (arg === "-" ? STDIN : arg);

interface InputOptions {
  /** undefined: there is no stream. */
  stdin(): Promise<Uint8Array> | undefined;
  /** Told of what came in, as it came. */
  onStdin?: ((path: string, bytes: Uint8Array) => void) | undefined;
  /** `bytes`: how many. */
  onRead(path: string, bytes: number): void;
}

/** The disk, and the stream, which is read once and kept. */
export function commandFiles(disk: FileAccess, { stdin, onStdin, onRead }: InputOptions): FileAccess {
  let kept: Promise<Uint8Array> | undefined;
  const stream = () => {
    kept ??= readStream({ stdin, onStdin }, disk);
    return kept;
  };
  return {
    ...disk,
    async read(path) {
      const bytes = await (path === STDIN ? stream() : disk.read(path));
      onRead(path, bytes.length);
      return bytes;
    },
    exists: async (path) => path === STDIN || disk.exists(path),
  };
}

async function readStream(
  { stdin, onStdin }: Pick<InputOptions, "stdin" | "onStdin">,
  disk: FileAccess,
): Promise<Uint8Array> {
  const bytes = (await stdin()) ?? new Uint8Array();
  onStdin?.(STDIN, bytes);
  if (bytes.length > 0) return inflate(bytes, STDIN, { maxBytes: disk.freeBytes?.() });
  const remedy = "lead a file to it (gammats ... - < file), or name the file";
  throw new FormatError({ code: "missing-file", where: STDIN, what: "nothing came in", remedy });
}
