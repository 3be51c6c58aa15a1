import { z } from "zod";
import { seal, unseal } from "@/lib/auth/sealed";
import { WebhookConfig } from "@/lib/channels/webhook/schema";
import { invalid } from "@/lib/core/errors";
import { isAllowedUrl } from "@/lib/http/safe-fetch";
import { log } from "@/lib/log";

/** Where a sealed address lives, so that it opens nowhere else. */
const place = (approvalId: string): string => `approvals.callback/${approvalId}`;

/** The address a decision is posted to, sealed, because it may hold secrets. Throws `invalid_input`. */
export function sealCallback(url: string | undefined, approvalId: string): Uint8Array | null {
  if (url === undefined) return null;
  const parsed = WebhookConfig.shape.url.safeParse(url);
  if (!parsed.success) throw invalid("callback_url", parsed.error.issues[0]?.message ?? "must be a URL");
  if (!isAllowedUrl(new URL(url))) throw invalid("callback_url", "address not allowed");
  return seal(url, place(approvalId));
}

/**
 * Reads what `sealCallback` made. Null when it cannot be read, as after a change of AUTH_SECRET: that must keep nobody from
 * deciding.
 */
export function openCallback(sealed: Uint8Array, approvalId: string): string | null {
  try {
    return z.string().parse(unseal(sealed, place(approvalId)));
  } catch (error) {
    log.error({ err: error, approvalId }, "where a decision is to be posted cannot be read");
    return null;
  }
}
