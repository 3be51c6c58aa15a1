import { randomUUID } from "node:crypto";

const ACCEPTED = /^[A-Za-z0-9_-]{8,64}$/;

/** The request's own id when it is well-formed, else a fresh one. */
export function requestIdFrom(header: string | null | undefined): string {
  return typeof header === "string" && ACCEPTED.test(header) ? header : randomUUID();
}
