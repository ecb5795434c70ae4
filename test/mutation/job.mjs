/** What one run of Stryker does, as `scripts/nightly.ts` hands it over: Stryker starts processes of its own, which see the environment alone. */
export function job() {
  const { GAMMATS_MUTANTS: text } = process.env;
  if (text === undefined) throw new Error("GAMMATS_MUTANTS is not set: npm run nightly -- mutation");
  return JSON.parse(text);
}
