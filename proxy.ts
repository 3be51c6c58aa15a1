import { type NextRequest, NextResponse } from "next/server";

/**
 * Only scripts and style sheets that this page names may run. Attributes keep their styles, because Mantine sets sizes and
 * positions there; an attribute cannot load anything.
 */
function policy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where a page is, for those who must sign in first and then come back; without what Next adds to fetch its parts. */
function placeOf({ nextUrl }: NextRequest): string {
  const search = new URLSearchParams(nextUrl.search);
  search.delete("_rsc");
  return nextUrl.pathname + (search.size === 0 ? "" : `?${search}`);
}

/** The page of a mailed link, with the token in its address. */
const LINK = /^\/approve\/[^/]+\/?$/;

/** Pages answer no forms, yet the form of a mailed link goes to the address it stands at: its answer comes from the API. */
function formOf({ nextUrl }: NextRequest): NextResponse {
  const target = nextUrl.clone();
  target.pathname = `/api${nextUrl.pathname}`;
  return NextResponse.rewrite(target);
}

/** Gives every page its Content-Security-Policy (CSP Level 3) with a nonce of its own, and keeps it out of caches. */
export function proxy(request: NextRequest): NextResponse {
  if (request.method === "POST" && LINK.test(request.nextUrl.pathname)) return formOf(request);
  const nonce = crypto.randomUUID();
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy(nonce));
  headers.set("x-place", encodeURIComponent(placeOf(request)));
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy(nonce));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

export const config = {
  // Pages only: answers of the API and badges have policies of their own, and files of the build need none.
  matcher: ["/((?!api/|otlp/|v1/traces/?$|b/[^/]+/[^/]+/?$|ping/|_next/static/|icon\\.svg$).*)"],
};
