import type { z } from "zod";
import { AppError } from "./errors";

export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** The search part of a page's address by this schema. What it does not understand is left out: old links stay usable. */
export async function readSearch<S extends z.ZodType>(schema: S, searchParams: SearchParams): Promise<z.output<S>> {
  const flat = Object.entries(await searchParams).map(([name, value]) => [
    name,
    Array.isArray(value) ? value[0] : value,
  ]);
  const given: Record<string, unknown> = Object.fromEntries(flat);
  const first = schema.safeParse(given);
  if (first.success) return first.data;
  for (const { path } of first.error.issues) delete given[String(path[0])];
  return schema.parse(given);
}

/** A page of a list, from its beginning when the cursor in the address is not one of this list. */
export function listFrom<Q extends { cursor?: string | undefined }, T>(
  list: (query: Q) => Promise<T>,
  query: Q,
): Promise<T> {
  return list(query).catch((error: unknown) => {
    const isLost = error instanceof AppError && error.invalidParams[0]?.name === "cursor";
    if (!isLost) throw error;
    return list({ ...query, cursor: undefined });
  });
}
