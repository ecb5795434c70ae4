/**
 * The errors of GammaTS. Every message says where (file, line, HDU, column or key), what was found, what was expected
 * and what to do about it; code that has to tell errors apart asks for their `code`, never for the words.
 */

/** The kind of an error. The names are stable; new ones may be added. */
export type ErrorCode =
  /** Bytes or text that do not follow their format. */
  | "wrong-format"
  /** A truncated file, a broken gzip stream, a checksum that does not hold: the file is to be fetched again. */
  | "damaged"
  | "missing-file"
  /** A folder in place of a file, or no permission. */
  | "unreadable-file"
  /** No permission, no folder, no room on the disk. */
  | "unwritable-file"
  /** A file that would be replaced. */
  | "existing-file"
  /** A value, or values together, that cannot be. */
  | "wrong-value"
  /** A name of something that is not there. */
  | "unknown-name"
  /** More memory than may be taken. */
  | "too-large"
  /** A server that does not answer. */
  | "no-connection"
  /** Valid, but not handled. */
  | "unsupported"
  /** Several problems at once: see `problems`. */
  | "several";

/** What a message is made of. */
export interface ErrorFields {
  readonly code?: ErrorCode | undefined;
  /** File with line or HDU and column, path of keys, option of a command, function: as it stands before the first colon. */
  readonly where?: string | undefined;
  /** What is wrong, where `found` and `expected` do not say it all. */
  readonly what?: string | undefined;
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly remedy?: string | undefined;
  /** The single ones, of an error that stands for several. */
  readonly problems?: readonly GammatsError[] | undefined;
}

/** An error that a caller or a user can do something about. Any other error is a fault of the program. */
export class GammatsError extends Error {
  /** The code where none is given. */
  static readonly standardCode: ErrorCode = "wrong-value";
  override name = "GammatsError";
  readonly code: ErrorCode;
  declare readonly where?: string;
  declare readonly what?: string;
  declare readonly found?: string;
  declare readonly expected?: string;
  declare readonly remedy?: string;
  declare readonly problems?: readonly GammatsError[];

  /** `text`: the whole message, or the fields that it is made of. */
  constructor(text: string | ErrorFields, more: ErrorFields = {}) {
    const { code, ...fields } = typeof text === "string" ? more : { ...text, ...more };
    super(typeof text === "string" ? text : messageOf(fields));
    this.code = code ?? new.target.standardCode;
    for (const [key, value] of Object.entries(fields)) if (value !== undefined) Object.assign(this, { [key]: value });
  }
}

/** Bytes or text that do not follow their format: a truncated file, a missing HDU or column, a wrong unit or shape. */
export class FormatError extends GammatsError {
  static override readonly standardCode = "wrong-format";
  override name = "FormatError";
}

/** A model, dataset or call that contradicts itself or names something that does not exist. */
export class SpecError extends GammatsError {
  override name = "SpecError";
}

/** Input that is valid but that GammaTS does not handle; the message names the way round. */
export class UnsupportedError extends GammatsError {
  static override readonly standardCode = "unsupported";
  override name = "UnsupportedError";
}

/** "where: what; remedy", or "where: found ..., expected ...; remedy". */
function messageOf({ where, what, found, expected, remedy }: ErrorFields): string {
  const values = [found && `found ${found}`, expected && `expected ${expected}`].filter(Boolean).join(", ");
  return `${where ? `${where}: ` : ""}${what ?? values}${remedy ? `; ${remedy}` : ""}`;
}

/** Whether an error is of this kind, or stands for several of which one is. */
export function hasCode(error: unknown, code: ErrorCode): error is GammatsError {
  if (!(error instanceof GammatsError)) return false;
  return error.code === code || (error.problems ?? []).some((problem) => hasCode(problem, code));
}

/** An error as plain data, for another thread or process. */
export interface PlainError extends Omit<ErrorFields, "problems"> {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly problems?: readonly PlainError[];
}

/** What an error says, as plain data, with all its fields; of what is no error, its text. */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  if (!(error instanceof GammatsError)) return { name, message, stack };
  const { code, where, what, found, expected, remedy, problems } = error;
  const fields = {
    code,
    where,
    what,
    found,
    expected,
    remedy,
    ...(problems && { problems: problems.map(plainError) }),
  };
  return { name, message, stack, ...fields };
}

// by the names in messages: those of the classes change when a page is minified
const CLASSES = { GammatsError, FormatError, SpecError, UnsupportedError };

const FIELDS = ["code", "where", "what", "found", "expected", "remedy"] as const;

/** The error that `plainError` was given, of the same class. What comes from another process may be anything: texts are taken, and nothing else. */
export function toError(plain: PlainError): Error {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const name = text(plain.name) ?? "Error";
  const message = text(plain.message) ?? "an error without a message";
  const Known = Object.hasOwn(CLASSES, name) ? CLASSES[name as keyof typeof CLASSES] : undefined;
  const inner = Array.isArray(plain.problems) ? plain.problems.map(toError) : undefined;
  const problems = inner?.filter((problem) => problem instanceof GammatsError);
  const fields: ErrorFields = Object.fromEntries(FIELDS.map((key) => [key, text(plain[key])]));
  const error = Known === undefined ? new Error(message) : new Known(message, { ...fields, problems });
  error.name = name;
  const stack = text(plain.stack);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** A name that nothing has: `where: there is no source "Crb"; did you mean "Crab"?` */
export function unknownName(where: string, what: string, name: string, candidates: Iterable<string>): SpecError {
  const names = [...candidates];
  const text = `there is no ${what} "${name}"${nameHint(name, names)}`;
  return new SpecError({
    code: "unknown-name",
    where: where || undefined,
    what: text,
    found: name,
    expected: listed(names),
  });
}

/** What may have been meant: `; did you mean "x"?` where a candidate is near, else `; there are a, b`. */
export function nameHint(name: string, candidates: Iterable<string>): string {
  const names = [...candidates];
  return didYouMean(name, names) || `; there ${names.length === 1 ? "is" : "are"} ${listed(names)}`;
}

/** A longer list is not read. */
const LISTED = 20;

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return names.slice(0, LISTED).join(", ") + more;
}

/** The candidate nearest to `name` by edit distance, as `; did you mean "x"?`, or an empty string if none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best = "";
  let distance = Math.max(3, Math.ceil(name.length / 2));
  for (const candidate of candidates) {
    const contained =
      name.length > 3 && candidate.toLowerCase().startsWith(name.toLowerCase()) ? 1 : Number.POSITIVE_INFINITY;
    const d = Math.min(contained, editDistance(name.toLowerCase(), candidate.toLowerCase()));
    if (d < distance) {
      distance = d;
      best = candidate;
    }
  }
  return best === "" ? "" : `; did you mean "${best}"?`;
}

/** The candidates that may have been meant, the nearest first: those that hold the name, or are near to it, with their first word or without it. */
export function nearestNames(name: string, candidates: Iterable<string>, most = 5): string[] {
  const wanted = name.trim().toLowerCase();
  const within = Math.max(2, Math.floor(wanted.length / 3));
  const distance = (candidate: string): number => {
    const text = candidate.toLowerCase();
    if (wanted.length > 2 && text.includes(wanted)) return 0;
    return Math.min(editDistance(wanted, text), editDistance(wanted, text.replace(/^\S+\s+/, "")));
  };
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, d: distance(candidate) }))
    .filter(({ d }) => d <= within)
    .sort((a, b) => a.d - b.d)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
