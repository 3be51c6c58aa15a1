import ipaddr from "ipaddr.js";

type Seen = { socket: string | undefined; forwarded: string | undefined; hops: number };

function normalise(text: string): string | null {
  const address = text.trim().replace(/^\[(.+)\](:\d+)?$/, "$1");
  const bare = /^[\d.]+:\d+$/.test(address) ? address.slice(0, address.indexOf(":")) : address;
  // A zone such as %eth0 means nothing away from the machine that saw it.
  return ipaddr.isValid(bare) && !bare.includes("%") ? ipaddr.process(bare).toString() : null;
}

const MAPPED = "::ffff:";

/** The operating system writes addresses correctly; only IPv4 seen through IPv6 wants its usual form. */
function ofSocket(address: string | undefined): string | null {
  if (address === undefined) return null;
  if (address.startsWith(MAPPED) && address.includes(".")) return address.slice(MAPPED.length);
  return address.includes("%") ? null : address;
}

/**
 * The address of the client: the socket's, or, behind `hops` trusted proxies, the entry of X-Forwarded-For that the
 * outermost of them added. Anything a client wrote in front of it is not believed; an unreadable entry gives null.
 */
export function clientAddress({ socket, forwarded, hops }: Seen): string | null {
  if (hops === 0 || forwarded === undefined) return ofSocket(socket);
  const entries = forwarded.split(",");
  return normalise(entries.at(-Math.min(hops, entries.length)) ?? "");
}
