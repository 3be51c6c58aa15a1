/** Names a caller may not set: they frame the message, pick the host, or are ours (RFC 9110 §7.6.1). */
const RESERVED = new Set(
  "host content-length transfer-encoding connection keep-alive upgrade te trailer expect cookie user-agent".split(" "),
);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether users may send this header: well-formed (RFC 9110 §5.1, §5.5) and none that frames the message. */
export function isAllowedHeader(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  return TOKEN.test(name) && VALUE.test(value) && !RESERVED.has(lower) && !lower.startsWith("proxy-");
}
