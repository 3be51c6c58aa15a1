/** What is typed into the form of a channel: one text for each part of its config. */
export type ConfigTexts = Record<string, string>;

type Config = Record<string, unknown>;

function headersOf(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...value] = line.split(":");
      return [name.trim(), value.join(":").trim()];
    }),
  );
}

/** Headers as lines of `Name: value`, as they are typed. */
export function headerLines(headers: unknown): string {
  if (typeof headers !== "object" || headers === null) return "";
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** The config that was typed. What is empty is not named, so that of a stored channel it stays as it is. */
export function configFrom(texts: ConfigTexts, stored: Config = {}): Config {
  const { headers, ...others } = texts;
  const config: Config = Object.fromEntries(Object.entries(others).filter(([, text]) => text.trim() !== ""));
  if (headers === undefined) return config;
  const typed = headersOf(headers);
  const before = Object.keys(typeof stored["headers"] === "object" ? (stored["headers"] ?? {}) : {});
  // A merge patch removes only what it names.
  const removed = before.filter((name) => !(name in typed)).map((name) => [name, null]);
  return { ...config, headers: { ...typed, ...Object.fromEntries(removed) } };
}
