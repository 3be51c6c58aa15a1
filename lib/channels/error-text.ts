const MAX_CHARACTERS = 300;

/** What a receiver said, fit for the delivery log: one line of at most 300 characters without the given secrets. */
export function errorText(text: string, secrets: string[] = []): string {
  const hidden = secrets
    .filter((secret) => secret !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  const line = hidden.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return [...line].slice(0, MAX_CHARACTERS).join("");
}
