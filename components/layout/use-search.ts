"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";

/** The search part of the address, and a way to change one value of it; a list then begins anew. */
export function useSearch(): { read: (name: string) => string | null; write: (name: string, value: string) => void } {
  const router = useRouter();
  const path = usePathname();
  const present = useSearchParams();
  const write = (name: string, value: string): void => {
    const next = new URLSearchParams(present);
    next.delete("cursor");
    if (value === "") next.delete(name);
    else next.set(name, value);
    router.push(`${path}${next.size === 0 ? "" : `?${next}`}` as "/", { scroll: false });
  };
  return { read: (name) => present.get(name), write };
}
