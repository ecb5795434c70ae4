import type { Rolldown } from "tsdown";

/**
 * Lets commander, which is CommonJS, into an ESM bundle: what it requires from Node is taken when it is used first, so that a start does not
 * load what only other commands of its own process need.
 */
export function lazyBuiltins(): Rolldown.Plugin {
  return {
    name: "lazy-builtins",
    transform(code, id) {
      if (!/\/node_modules\/commander\/lib\/\w+\.js$/.test(id)) return null;
      return code
        .replace(/\brequire\('node:(\w+)'\)\.(\w+)/g, "globalThis.process.getBuiltinModule('node:$1').$2")
        .replace(/\bconst process = require\('node:process'\);/, "")
        .replace(
          /\brequire\('(node:\w+)'\)/g,
          "new Proxy({}, { get: (_, name) => process.getBuiltinModule('$1')[name] })",
        );
    },
  };
}
