import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Address = ReturnType<typeof ipaddr.process>;

/** All of IPv6 that is routed on the public Internet (IANA, IPv6 Global Unicast). */
const GLOBAL_V6 = ipaddr.parseCIDR("2000::/3");
/** Azure's wire server is publicly numbered, yet answers every virtual machine there with its secrets. */
const DENIED = new Set(["168.63.129.16"]);

/** Ports where an HTTP request could be mistaken for a command of another protocol. */
const DENIED_PORTS = new Set([2049, 3306, 5432, 6379, 6667, 9042, 11211, 27017]);

/** Whether outgoing requests may use this port: 80, 443, and unprivileged ones that are not a known database. */
export function isAllowedPort(port: number): boolean {
  return port === 80 || port === 443 || (port >= 1024 && !DENIED_PORTS.has(port));
}

/**
 * Whether outgoing requests may reach this IP address: a public unicast one, or one inside `allowed`, a list of CIDR
 * ranges. IPv4 inside IPv6 is judged as IPv4. Anything that is not an IP address may not be reached.
 */
export function isAllowedAddress(text: string, allowed: readonly string[]): boolean {
  const plain = text.replace(/^\[|\]$/g, "");
  if (isIP(plain) === 0) return false;
  const address = ipaddr.process(plain);
  return allowed.some((range) => isWithin(address, range)) || isPublic(address);
}

function isPublic(address: Address): boolean {
  if (DENIED.has(address.toString()) || address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || address.match(GLOBAL_V6);
}

function isWithin(address: Address, range: string): boolean {
  const cidr = ipaddr.parseCIDR(range);
  return cidr[0].kind() === address.kind() && address.match(cidr);
}

/** Whether a URL's host is an IP address rather than a name, in the form `new URL()` gives it. */
export function isLiteral(hostname: string): boolean {
  return hostname.startsWith("[") || isIP(hostname) !== 0;
}
