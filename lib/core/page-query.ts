import { z } from "zod";

const words = "must be a whole number from 1 to 100";

/** The query parameters of every list: how many, and where to go on. */
export const pageQuery = {
  limit: z.coerce.number(words).multipleOf(1, words).min(1, words).max(100, words).default(50),
  cursor: z.string().optional(),
};
