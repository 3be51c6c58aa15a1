"use client";

import { Chip, Group } from "@mantine/core";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { startTransition, useOptimistic } from "react";
import { kindsIn, LOG_KINDS, type LogKind } from "@/lib/checks/detail/log";
import { KIND_WORDS } from "./kind-dot";

type Props = {
  /** What there is to choose from. */
  kinds?: readonly LogKind[];
};

/** Which kinds of events the log shows; kept in the address, and none means all. */
export function LogFilter({ kinds: offered = LOG_KINDS }: Props) {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const [kinds, setKinds] = useOptimistic<string[]>(kindsIn(search.get("kinds") ?? ""));
  const show = (chosen: string[]): void => {
    const next = new URLSearchParams(search);
    next.delete("cursor");
    if (chosen.length === 0) next.delete("kinds");
    else next.set("kinds", chosen.join(","));
    startTransition(() => {
      setKinds(chosen);
      router.push(`${path}?${next}` as "/", { scroll: false });
    });
  };
  return (
    <Chip.Group multiple value={kinds} onChange={show}>
      <Group gap={6} role="group" aria-label="Show only">
        {offered.map((kind) => (
          <Chip key={kind} value={kind} size="sm" radius="md" variant="outline">
            {KIND_WORDS[kind]}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
