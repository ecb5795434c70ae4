/** Values as `console.log` of Node prints them, nearly. */

const MOST = 100;

const listed = (parts: readonly string[], [open, close]: readonly [string, string]): string => {
  if (parts.length === 0) return `${open}${close}`;
  const line = parts.join(", ");
  return line.length < 72 && !line.includes("\n")
    ? `${open} ${line} ${close}`
    : `${open}\n${parts.map((part) => `  ${part.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`;
};

export function inspect(value: unknown, depth = 0): string {
  if (typeof value === "string") return depth === 0 ? value : `'${value}'`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `[Function: ${value.name}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const isTyped = ArrayBuffer.isView(value) && !(value instanceof DataView);
  if (Array.isArray(value) || isTyped) {
    const all = Array.from(value as ArrayLike<unknown>);
    const parts = all.slice(0, MOST).map((x) => inspect(x, depth + 1));
    if (all.length > MOST) parts.push(`... ${all.length - MOST} more items`);
    return (isTyped ? `${value.constructor.name}(${all.length}) ` : "") + listed(parts, ["[", "]"]);
  }
  if (depth > 2) return "[Object]";
  if (value instanceof Map) return `Map(${value.size}) ${inspect(Object.fromEntries(value), depth)}`;
  const parts = Object.entries(value).map(([key, x]) => `${key}: ${inspect(x, depth + 1)}`);
  return listed(parts, ["{", "}"]);
}
