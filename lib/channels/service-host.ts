import type { InvalidParam } from "@/lib/core/errors";
import { isAllowedUrl, isPrivateTarget } from "@/lib/http/safe-fetch";

/** Why a URL cannot be one of this service: it must be https on its hosts, or at a private address the operator allows. */
export function foreignHost(text: string, hosts: readonly string[], example: string): InvalidParam | null {
  const url = new URL(text);
  if (url.protocol === "https:" && hosts.includes(url.hostname) && isAllowedUrl(url)) return null;
  if (isPrivateTarget(url)) return null;
  return { name: "config.webhook_url", reason: `must begin with ${example}` };
}

/** The parts of such a URL that must never be shown: all of it, and its path in case the receiver repeats that. */
export function secretsOf(text: string): string[] {
  const { pathname } = new URL(text);
  return [text, pathname, ...pathname.split("/").filter((part) => part.length >= 16)];
}
