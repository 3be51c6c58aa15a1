import { z } from "zod";
import { SPEEDS } from "./play";

const MAX_STEP = 2_147_483_647;

/** The search part of the replay page. */
export const ReplaySearch = z.object({
  step: z.coerce.number().int().min(0).max(MAX_STEP).optional(),
  speed: z.coerce.number().pipe(z.literal(SPEEDS)).default(1),
});
