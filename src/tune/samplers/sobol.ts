/** @file Sobol points: trial n is point n of the sequence, one dimension for each parameter, set or not. */
import type { Params, SobolConfig } from "../../config/tune.ts";
import { UserError } from "../../util/user-error.ts";
import { SOBOL_DIMENSIONS } from "../sobol/directions.ts";
import { scramblesOf } from "../sobol/owen.ts";
import { sobolPoint } from "../sobol/sequence.ts";
import { pointAt } from "../uniform.ts";
import type { Request } from "./sampler.ts";

/** @throws UserError if the space has more parameters than there are tabled dimensions */
export function sobolSampler({ space, number, seed }: Request, { scramble }: Pick<SobolConfig, "scramble">): Params {
  if (space.length > SOBOL_DIMENSIONS)
    throw new UserError(
      `sampler sobol: the space has ${space.length} parameters and the table ${SOBOL_DIMENSIONS} dimensions; choose the sampler tpe or random`,
      { status: 422 },
    );
  return pointAt(space, sobolPoint(number, space.length, scramble ? scramblesOf(seed, space.length) : undefined));
}
