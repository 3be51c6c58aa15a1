import { z } from "zod";

/** A URL that a service hands out: its secret is in the path, and nothing else of it matters to us. */
export const ServiceUrl = z
  .string("must be a URL")
  .trim()
  .max(2000, "must have at most 2000 characters")
  .refine((text) => {
    if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) return false;
    const url = new URL(text);
    return url.username === "" && url.password === "";
  }, "must be the webhook's URL");
