import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth";
import { deviceOf } from "@/lib/auth/device";
import { authOptions } from "@/lib/auth/options";
import { AppError } from "@/lib/core/errors";
import { readText } from "./body";
import { problem } from "./problem";
import { requestIdFrom } from "./request-id";
import { readCookies } from "./session";

type Args = { params: Promise<{ nextauth: string[] }> };

/** An address, a password or a token, and what next-auth adds. */
const MAX_FORM_BYTES = 65_536;

async function formOf(request: Request): Promise<Record<string, string>> {
  return request.method === "POST"
    ? Object.fromEntries(new URLSearchParams(await readText(request, MAX_FORM_BYTES)))
    : {};
}

/** What next-auth writes an answer to: the few methods of Node's response that it calls, kept as a `Response`. */
class Collected {
  readonly #headers: Headers;
  #cookies: string[] = [];
  #status = 200;
  #body: string | null = null;

  constructor(requestId: string) {
    this.#headers = new Headers({ "Cache-Control": "no-store", "X-Request-Id": requestId });
  }

  status(status: number): this {
    this.#status = status;
    return this;
  }

  getHeader(name: string): string[] | string | undefined {
    return name === "Set-Cookie" ? this.#cookies : (this.#headers.get(name) ?? undefined);
  }

  setHeader(name: string, value: string | string[]): this {
    if (name === "Set-Cookie") this.#cookies = [value].flat();
    // An address may repeat what somebody typed into another one, which no header may carry as it is.
    else this.#headers.set(name, String(value).replace(/[^ -~]/gu, encodeURIComponent));
    return this;
  }

  json(body: unknown): void {
    this.setHeader("Content-Type", "application/json");
    this.#body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (typeof body === "string") this.#body = body;
    else this.json(body ?? null);
  }

  end(): void {
    this.#body = null;
  }

  toResponse(): Response {
    for (const cookie of this.#cookies) this.#headers.append("Set-Cookie", cookie);
    return new Response(this.#body, { status: this.#status, headers: this.#headers });
  }
}

/** Through this next-auth lets anybody write into our log. */
const OPEN_LOG = "_log";

async function answer(request: Request, nextauth: string[], requestId: string): Promise<Response> {
  if (nextauth[0] === OPEN_LOG) throw new AppError("not_found", "There is nothing at this address.");
  const asked = {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    cookies: readCookies(request),
    query: { ...Object.fromEntries(new URL(request.url).searchParams), nextauth },
    body: await formOf(request),
  };
  const options = authOptions(deviceOf(asked.headers));
  const collected = new Collected(requestId);
  // All that next-auth reads of the one and calls of the other is there.
  await NextAuth(asked as unknown as NextApiRequest, collected as unknown as NextApiResponse, options);
  return collected.toResponse();
}

/**
 * Everything below /api/auth as next-auth does it: signing in and out, and the CSRF token. Called in next-auth's older
 * way, because its adapter for route handlers takes cookies from Next's context and so cannot be tested outside of it.
 */
export async function authRoute(request: Request, { params }: Args): Promise<Response> {
  const requestId = requestIdFrom(request.headers.get("x-request-id"));
  try {
    return await answer(request, (await params).nextauth, requestId);
  } catch (error) {
    return problem(error, requestId);
  }
}
