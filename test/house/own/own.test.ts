/** What comes with GammaTS has no place of its own: declarations of a user's work in every public function, on every executor. */
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createResponses } from "../../../src/fold/response.js";
import { compileJoint, type Executor, fitJoint, serialExecutor } from "../../../src/index.js";
import { standardRegistry } from "../../../src/io/registry.js";
import { threadsExecutor } from "../../../src/node/threads.js";
import { buildScript } from "../../execute/build.js";
import { analyses, pluginFile, registry, standardised } from "./analysis.js";
import { CALLS, type Given, LEFT_OUT } from "./table.js";

const executors: Record<string, Executor> = {};

function given(name: keyof typeof analyses, executor: Executor): Given {
  const using = {
    registry: name === "own" ? registry : standardRegistry,
    responses: createResponses({ immutable: true }),
  };
  const analysis = analyses[name];
  const joint = compileJoint(analysis.datasets, analysis.models, using);
  return { ...analysis, using, joint, result: fitJoint(joint), executor };
}

beforeAll(async () => {
  executors.serial = serialExecutor();
  const script = await buildScript("../../src/node/worker.ts");
  executors.threads = threadsExecutor({ workers: 2, script, plugins: [pluginFile] });
  executors["threads without the plugin"] = threadsExecutor({ workers: 1, script });
});
afterAll(async () => {
  for (const executor of Object.values(executors)) await executor.close();
});

const onWorkers = Object.keys(CALLS).filter((name) =>
  /On$|^(toys|toyGoodness|calibratedInterval|expectedLimit|nestedPValue)$/.test(name),
);

describe("models, a prior and statistics of one's own", () => {
  it("converge like those that come along", () => {
    const [a, b] = (["own", "standard"] as const).map((name) => given(name, executors.serial!).result);
    expect(a!.success).toBe(true);
    expect(a!.totalStat).toBe(b!.totalStat);
  });

  it.each(Object.keys(CALLS))("in %s", async (name) => {
    const [own, standard] = await Promise.all(
      (["own", "standard"] as const).map((which) => CALLS[name]!(given(which, executors.serial!))),
    );
    expect(standardised(own)).toEqual(standardised(standard));
  });

  it.each(onWorkers)("in %s, on threads with the same plugin", async (name) => {
    const here = await CALLS[name]!(given("own", executors.serial!));
    expect(await CALLS[name]!(given("own", executors.threads!))).toEqual(here);
  });

  it.each(onWorkers)("in %s, refused by threads without the plugin, by name", async (name) => {
    const run = (async () => CALLS[name]!(given("own", executors["threads without the plugin"]!)))();
    await expect(run).rejects.toThrow(
      /does not know the spectral model "OwnSpectralModel" \(amplitude cm-2 s-1 TeV-1, .*--plugin/,
    );
  });
});

/** Types whose values bring models or datasets with them. */
const CARRIERS = /\b(Models?|SkyModel|Submodel|Dataset|BinnedDataset|Joint|Likelihood|FitResult|Analysis)\b/;

it("the table has every public function that takes models or datasets", () => {
  const entries = ["index", "models", "io", "plot", "node"].map((name) => `src/${name}.ts`);
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const found = entries.flatMap((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    return checker.getExportsOfModule(module).flatMap((symbol) => {
      const type = checker.getTypeOfSymbol(symbol);
      const takes = type
        .getCallSignatures()
        .some((signature) =>
          signature
            .getParameters()
            .some(
              (p) =>
                /^(models|nullModels|alternativeModels|truth|joint|result|given|analysis|submodel)$/.test(p.name) ||
                CARRIERS.test(checker.typeToString(checker.getTypeOfSymbol(p))),
            ),
        );
      return takes ? [symbol.name] : [];
    });
  });
  const tested = new Set([...Object.keys(CALLS), ...Object.keys(LEFT_OUT)]);
  const perDataset =
    /^(is|read|write)[A-Z]|^(alphaOf|onOffBackground|backgroundMap|fitMask|fitEnergyRange|withEnergyRange|sliceByEnergy|stackReduce|toMasked|datasetMemory|datasetIntervals|nightIntervals|durationIntervals|countsSpecOf|mapSpecOf)$/;
  expect([...new Set(found)].filter((name) => !tested.has(name) && !perDataset.test(name))).toEqual([]);
});
