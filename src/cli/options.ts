/** Options as commander names them. */
import { Option } from "commander";

/** `--energy-range <range>` is `energyRange`, `--no-fit` is `fit`. */
export const attributeOf = (flags: string): string => new Option(flags).attributeName();
