import { defineConfig } from "vitest/config";

const source = (path: string) => new URL(`./src/${path}`, import.meta.url).pathname;

export default defineConfig({
  // examples import the package by its name
  resolve: {
    alias: [
      { find: /^gammats$/, replacement: source("index.ts") },
      { find: /^gammats\/(node|models|io|sky|plot|extend|types|time)$/, replacement: source("$1.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", "./test/skipped.ts"],
    // used by `npm run nightly -- coverage`; nothing of src is left out
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["json-summary", "json"],
      reportsDirectory: "out/coverage",
    },
  },
});
