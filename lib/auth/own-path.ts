const SOMEWHERE = "http://own.invalid";

/**
 * The path and query that somebody asks to be led to after signing in; `/` for anything that would lead to another site,
 * read as browsers read it (URL standard: they drop tabs and line breaks and take `\\` for `/`).
 */
export function ownPath(asked: unknown): string {
  if (typeof asked !== "string" || !URL.canParse(asked, SOMEWHERE)) return "/";
  const { origin, pathname, search } = new URL(asked, SOMEWHERE);
  // A path may itself begin like an address of another host.
  return origin === SOMEWHERE && !pathname.startsWith("//") ? pathname + search : "/";
}
