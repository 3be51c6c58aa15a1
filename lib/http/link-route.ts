import { type Device, deviceOf } from "@/lib/auth/device";
import { readText } from "./body";
import { problem, toAppError } from "./problem";
import { refusalPage } from "./refusal-page";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";
import { refuseForeignForm } from "./session";

/** Two thousand characters and what the page adds, each at most twelve bytes long in a form. */
const MAX_FORM_BYTES = 65_536;

/** No cache keeps it, and no search engine lists it. */
const HEADERS = { "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow" };

type Link = { token: string; device: Device };
type Form = Link & { fields: ReadonlyMap<string, string> };

/** Throws `forbidden` when a page of another site sends it. */
function linkOf(request: Request, token: string): Link {
  refuseForeignForm(request);
  return { token, device: deviceOf(Object.fromEntries(request.headers)) };
}

const fieldsOf = async (request: Request): Promise<Map<string, string>> =>
  new Map(new URLSearchParams(await readText(request, MAX_FORM_BYTES)));

/**
 * The form of a page at `page` that a mailed link leads to, `[token]` in its address: no sign-in, and answered to a person,
 * with 303 back to the page or with a page that says in words why nothing came of it.
 */
export function linkFormRoute(page: string, handler: (form: Form) => Promise<unknown>): Handler {
  return async (request, { params }) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    const token = String((await params)["token"] ?? "");
    const back = `${page}/${encodeURIComponent(token)}`;
    const headers = { ...HEADERS, "X-Request-Id": requestId };
    try {
      await handler({ ...linkOf(request, token), fields: await fieldsOf(request) });
      return new Response(null, { status: 303, headers: { ...headers, Location: back } });
    } catch (error) {
      const failure = toAppError(error, requestId);
      // A link that leads nowhere leads nowhere again.
      return refusalPage(failure, { back: failure.code === "not_found" ? null : back, headers });
    }
  };
}

/** What a script of such a page tells. Answers 204. */
export function linkNoteRoute(handler: (link: Link) => Promise<unknown>): Handler {
  return async (request, { params }) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    try {
      await handler(linkOf(request, String((await params)["token"] ?? "")));
      return new Response(null, { status: 204, headers: { ...HEADERS, "X-Request-Id": requestId } });
    } catch (error) {
      return problem(error, requestId, HEADERS);
    }
  };
}
