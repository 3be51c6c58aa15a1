import { z } from "zod";
import { isAllowedHeader } from "@/lib/http/header";

const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const OWN_HEADERS = /^(webhook-.*|content-type|content-encoding)$/i;

/** Bytes of a `whsec_` secret; 0 when it is not one. */
function secretBytes(secret: string): number {
  const encoded = SECRET.exec(secret)?.[1] ?? "";
  return (encoded.length / 4) * 3 - (encoded.length - encoded.replace(/=+$/, "").length);
}

function isTarget(text: string): boolean {
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username === "" && url.password === "";
}

const Headers = z
  .record(
    z.string(),
    z.string().max(1000, "must have at most 1000 characters"),
    "must be an object of header names and values",
  )
  .refine((headers) => Object.keys(headers).length <= 20, "must have at most 20 headers")
  .check(({ value, issues }) => {
    for (const [name, text] of Object.entries(value)) {
      if (isAllowedHeader(name, text) && !OWN_HEADERS.test(name)) continue;
      issues.push({ code: "custom", input: name, path: [name], message: "is not a header that can be set" });
    }
  });

export const WebhookConfig = z.object({
  url: z
    .string("must be a URL")
    .max(2000, "must have at most 2000 characters")
    .refine(isTarget, "must be an http or https URL without user name and password"),
  /** Standard Webhooks symmetric secret; the project's own signs without one. */
  secret: z
    .string()
    .refine(
      (secret) => secretBytes(secret) >= 24 && secretBytes(secret) <= 64,
      "must be whsec_ and the base64 of 24 to 64 bytes",
    )
    .optional(),
  headers: Headers.optional(),
});
export type WebhookConfig = z.infer<typeof WebhookConfig>;

/** The body as text, stored with its delivery: a signature covers bytes, so every attempt sends the same ones. */
export const WebhookMessage = z.object({ body: z.string() });
export type WebhookMessage = z.infer<typeof WebhookMessage>;
