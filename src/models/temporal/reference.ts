import type { ParameterDeclaration } from "../declaration.js";

/** MJD 51544: 2000-01-01. */
export const referenceTime: ParameterDeclaration = {
  unit: "d",
  value: 51544,
  frozen: true,
  about: "reference time, MJD",
};
