/** From where and with what somebody asks; empty where it is not known. */
export type Device = { address: string; userAgent: string };

const USER_AGENT_LENGTH = 200;

type Headers = Record<string, unknown> | undefined;

/** The address is the last entry: the one that our own server or the proxy in front of it wrote. */
export function deviceOf(headers: Headers): Device {
  const text = (name: string) => String(headers?.[name] ?? "");
  return {
    address: text("x-forwarded-for").split(",").at(-1)?.trim() ?? "",
    userAgent: text("user-agent").slice(0, USER_AGENT_LENGTH),
  };
}
