"use client";

import { Box, SegmentedControl } from "@mantine/core";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { startTransition, useOptimistic } from "react";

type Props = {
  /** The part of the address it is. */
  param: string;
  label: string;
  period: string;
  options: { value: string; label: string }[];
};

/** How far back a part of a page looks; kept in the address. */
export function PeriodPicker({ param, label, period, options }: Props) {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const [shown, setShown] = useOptimistic(period);
  const choose = (value: string): void => {
    const next = new URLSearchParams(search);
    next.set(param, value);
    startTransition(() => {
      setShown(value);
      router.push(`${path}?${next}` as "/", { scroll: false });
    });
  };
  return (
    <Box maw="100%" style={{ overflowX: "auto" }}>
      <SegmentedControl aria-label={label} size="sm" data={options} value={shown} onChange={choose} />
    </Box>
  );
}
