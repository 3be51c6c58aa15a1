import { z } from "zod";
import { seal, unseal } from "@/lib/auth/sealed";
import { WebhookConfig } from "@/lib/channels/webhook/schema";
import { invalid } from "@/lib/core/errors";
import { isAllowedUrl } from "@/lib/http/safe-fetch";

/** Where sealed addresses live, so that they open nowhere else. */
const PLACE = "approvals.callback";

/** The address a decision is posted to, sealed, because it may hold secrets. Throws `invalid_input`. */
export function sealCallback(url: string | undefined): Uint8Array | null {
  if (url === undefined) return null;
  const parsed = WebhookConfig.shape.url.safeParse(url);
  if (!parsed.success) throw invalid("callback_url", parsed.error.issues[0]?.message ?? "must be a URL");
  if (!isAllowedUrl(new URL(url))) throw invalid("callback_url", "address not allowed");
  return seal(url, PLACE);
}

/** Reads what `sealCallback` made. */
export function openCallback(sealed: Uint8Array): string {
  return z.string().parse(unseal(sealed, PLACE));
}
