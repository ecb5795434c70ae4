/** What a short text of a model says, before anybody looks up what its names mean. Positions count characters of the text from 0. */
import type { Operator } from "../spectral/compound.js";

/** `pl(index=2.3)`: one model with what is said of it. */
export interface ModelWord {
  readonly kind: "model";
  readonly at: number;
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** `pl + lp`: two models, and what is done with them. */
export interface ModelPair {
  readonly kind: "pair";
  /** Of the operator. */
  readonly at: number;
  readonly operator: Operator;
  readonly left: ModelNode;
  readonly right: ModelNode;
}

export type ModelNode = ModelWord | ModelPair;

/** `index=2.3 [1..5] frozen` */
export interface Argument {
  readonly at: number;
  readonly key: string;
  /** As written, without quotation marks. */
  readonly value: string;
  readonly valueAt: number;
  /** Limits as written; an empty text is no limit. Absent: there are no brackets. */
  readonly limits?: readonly [min: string, max: string];
  /** `frozen` or `free`; absent: neither is said. */
  readonly frozen?: boolean;
}

/** A text and where it was given: `--model`. */
export interface TextSource {
  readonly text: string;
  readonly where: string;
}
