import { columnsOf } from "../../io/table/rows.js";
import type { Context } from "../context.js";
import { type Check, checksOf } from "../doctor.js";
import { EXIT } from "../report.js";
import { giveTable } from "../results.js";
import { showTable } from "../tables.js";

interface Options {
  readonly executor?: string;
  readonly overwrite?: boolean;
}

/** Success unless something that is asked for cannot be used. */
export async function run(context: Context, _: readonly string[], options: Options): Promise<number> {
  const checks = await checksOf(context, options);
  const table = tableOf(checks);
  showTable(context, table);
  const problems = checks.filter(({ state }) => state === "problem");
  context.print(problems.length === 0 ? "All that is asked for is there." : `${problems.length} to put right.`);
  const document = { success: problems.length === 0, checks };
  await giveTable(context, { document, tables: { checks: () => table }, overwrite: options.overwrite });
  return problems.length === 0 ? EXIT.ok : EXIT.wrongUse;
}

function tableOf(checks: readonly Check[]) {
  const { text } = columnsOf(checks);
  const columns = [text("check", (c) => c.check), text("state", (c) => c.state), text("found", (c) => c.found)];
  return { name: "checks", about: "This machine", columns };
}
