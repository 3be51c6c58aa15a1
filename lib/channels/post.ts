import { parseRetryAfter } from "@/lib/alerts/retry";
import { FetchFailure, type SafeAnswer, safeFetch } from "@/lib/http/safe-fetch";
import { errorText } from "./error-text";
import type { Outcome } from "./kind";

type Parcel = {
  url: string;
  content: object;
  /** What the receiver might repeat and the log must not show. */
  secrets: string[];
  /** Whether a refusal means that the receiver no longer exists. */
  isGone: (answer: SafeAnswer) => boolean;
};

/** One POST of JSON to a service: 2xx is sent; limits and failures of theirs are tried again, other refusals are final. */
export async function postJson({ url, content, secrets, isGone }: Parcel): Promise<Outcome> {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await safeFetch(url, { method: "POST", headers, body: JSON.stringify(content) });
    const { status, text } = answer;
    if (status >= 200 && status < 300) return { result: "sent", status };
    const error = errorText(text === "" ? `HTTP ${status}` : `HTTP ${status}: ${text}`, secrets);
    if (isGone(answer)) return { result: "gone", status, error };
    if (isFinal(status)) return { result: "rejected", status, error };
    return { result: "retry", status, error, retryAfterMs: retryAfterMs(answer) };
  } catch (error) {
    if (!(error instanceof FetchFailure)) throw error;
    return { result: "retry", status: null, error: error.message, retryAfterMs: null };
  }
}

// A redirect is not followed; it may be a passing state of a proxy.
const isFinal = (status: number) => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** The wait a receiver asks for, against its own clock where it tells it. */
export function retryAfterMs({ headers }: SafeAnswer): number | null {
  return parseRetryAfter(headers["retry-after"], Date.parse(headers["date"] ?? "") || Date.now());
}
