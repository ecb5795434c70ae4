/** What a text leaves open. */
import type {
  ParameterDeclaration,
  SpatialDeclaration,
  SpectralDeclaration,
  TemporalDeclaration,
} from "../declaration.js";
import type { Submodel } from "../types.js";

export type Declaration = SpectralDeclaration | SpatialDeclaration | TemporalDeclaration;

/** What is not given of a parameter, so that a start value may be chosen. */
export interface Unsaid {
  /** Place among the parameters of the submodel. */
  readonly index: number;
  readonly declared: ParameterDeclaration;
  /** The flux is proportional to it. */
  readonly isNorm: boolean;
  /** It is an energy that lies within the data. */
  readonly isEnergy: boolean;
  /** It is a size on the sky. */
  readonly isSize: boolean;
  /** It is the time from which the others count. */
  readonly isReference: boolean;
}

export function unsaidOf(
  { parameters }: Submodel,
  declaration: Declaration,
  values: Readonly<Record<string, unknown>>,
): Unsaid[] {
  const { norm, isNorm = false, energies = [] } = declaration as SpectralDeclaration;
  // a norm that is given is meant at the energy where the declaration has it
  const isNormGiven = norm !== undefined && Object.hasOwn(values, norm);
  const { position } = declaration as SpatialDeclaration;
  const { reference } = declaration as TemporalDeclaration;
  return parameters.flatMap(({ name }, index) => {
    const declared = declaration.parameters[name];
    if (declared === undefined || Object.hasOwn(values, name)) return [];
    // directions repeat
    const isSize = declared.unit === "deg" && declared.period === undefined && position?.includes(name) !== true;
    return [
      {
        index,
        declared,
        isNorm: name === norm && !isNorm,
        isEnergy: energies.includes(name) && !(isNormGiven && declared.frozen),
        isSize,
        isReference: name === reference,
      },
    ];
  });
}
