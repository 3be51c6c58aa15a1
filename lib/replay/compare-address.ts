/** Where two instances are compared, or where what to compare one with is chosen. Ids need no escaping. */
export const compareHref = (projectId: string, a: string, b?: string): string =>
  `/projects/${projectId}/instances/compare?a=${a}${b === undefined ? "" : `&b=${b}`}`;

/** What somebody pasted as the id of an instance: the id itself, or the address of its page. Null when it is neither. */
export function idIn(text: string): string | null {
  const id = /\/instances\/([^/?#\s]+)/.exec(text)?.[1] ?? text.trim();
  return /^[0-9A-Za-z_-]{1,64}$/.test(id) ? id : null;
}
