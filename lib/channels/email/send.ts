import { Resend } from "resend";
import { parseRetryAfter } from "@/lib/alerts/retry";
import { errorText } from "@/lib/channels/error-text";
import type { Attempt, Outcome } from "@/lib/channels/kind";
import { SECOND } from "@/lib/core/time";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import type { EmailConfig, Mail } from "./schema";

export type MailSettings = Pick<Env, "RESEND_API_KEY" | "EMAIL_FROM" | "RESEND_BASE_URL">;
type Answer = Awaited<ReturnType<Resend["emails"]["send"]>>;

const TIMEOUT_MS = 15 * SECOND;
/** Refusals that end without a change of the mail: a limit, a repeat still under way, a key that will be mended. */
const PASSING = new Set(["concurrent_idempotent_requests", "missing_api_key", "invalid_api_key", "restricted_api_key"]);

/**
 * How mail leaves. Resend drops a repeat of the same delivery by its idempotency key (kept 24 h). Without an API key the
 * rendered mail in the delivery log is all there is. `secrets` are kept out of what is logged.
 */
export function mailer(settings: MailSettings, secrets: string[] = []) {
  return async (mail: Mail, config: EmailConfig, { deliveryId }: Attempt): Promise<Outcome> => {
    if (settings.RESEND_API_KEY === undefined) {
      log.warn(
        { deliveryId, subject: mail.subject },
        "RESEND_API_KEY is not set: the mail is kept in the delivery log and goes nowhere",
      );
      return { result: "sent", status: null };
    }
    const options = settings.RESEND_BASE_URL === undefined ? {} : { baseUrl: settings.RESEND_BASE_URL };
    const resend = new Resend(settings.RESEND_API_KEY, options);
    const answer = await resend.emails
      .send(
        { from: settings.EMAIL_FROM, to: config.to, ...mail },
        { idempotencyKey: deliveryId, signal: AbortSignal.timeout(TIMEOUT_MS) },
      )
      .catch(() => null);
    return judge(answer, [settings.RESEND_API_KEY, ...secrets]);
  };
}

function judge(answer: Answer | null, secrets: string[]): Outcome {
  if (answer?.data) return { result: "sent", status: 200 };
  const refusal = answer?.error ?? null;
  // The SDK passes on whatever JSON a proxy in between may have sent.
  const status = typeof refusal?.statusCode === "number" ? refusal.statusCode : null;
  const error = errorText(String(refusal?.message ?? "no answer from the mail service"), secrets);
  if (status !== null && isFinal(status) && !PASSING.has(refusal?.name ?? ""))
    return { result: "rejected", status, error };
  return {
    result: "retry",
    status,
    error,
    retryAfterMs: parseRetryAfter(answer?.headers?.["retry-after"], Date.now()),
  };
}

const isFinal = (status: number) => status >= 400 && status < 500 && status !== 408 && status !== 429;
