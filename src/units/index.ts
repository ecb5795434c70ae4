export {
  conversionFactor,
  formatUnit,
  isConvertible,
  parseQuantity,
  type Quantity,
  sameUnit,
  toUnit,
} from "./convert.js";
export { parseUnit, type Unit, type UnitFactor } from "./parse.js";
