/** Gammapy in a process of its own, which reads one analysis after the other (test/oracle/sweep.py). */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What it finds in the folder of an analysis. */
export interface ReferenceNumbers {
  /** What it says where it cannot read or compute it. */
  readonly error?: string;
  readonly datasets?: Readonly<Record<string, ReferenceDataset>>;
  /** -2 ln L of all datasets, with priors. */
  readonly stat?: number;
}

export interface ReferenceDataset {
  /** By energy bin: predicted counts, those with pixel k weighted by 1 + k mod 7, those of each source (of either sign), and the sum of their absolute values. */
  readonly npred?: readonly number[];
  readonly weighted?: readonly number[];
  readonly sources?: Readonly<Record<string, readonly number[]>>;
  readonly size?: readonly number[];
  readonly stat: number;
  /** Sum of the absolute values of what is added up to it. */
  readonly scale: number;
}

export interface Reference {
  ask(folder: string): Promise<ReferenceNumbers>;
  close(): void;
}

export function startReference(python: string, script: string): Reference {
  const process = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  return {
    async ask(folder) {
      process.stdin.write(`${folder}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended at ${folder}`);
      return JSON.parse(value) as ReferenceNumbers;
    },
    close: () => process.stdin.end(),
  };
}
