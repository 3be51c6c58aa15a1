"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type AmountColumns, type Sums, withAmounts } from "@/lib/replay/page/amounts";
import { amountsAfter } from "@/lib/replay/page/client";

const ASK_AGAIN_MS = 3000;

type Named = { projectId: string; id: string };

/** What an instance had cost and used at each step, from what came with its page; fetches what it lacks of `count` steps. */
export function useAmounts(named: Named, initial: AmountColumns, count: number): readonly Sums[] {
  const [sums, setSums] = useState(() => withAmounts([], initial));
  const isBehind = sums.length < count;
  const { data } = useQuery({
    ...amountsAfter(named, sums.length - 1),
    enabled: isBehind,
    refetchInterval: isBehind ? ASK_AGAIN_MS : false,
  });
  useEffect(() => {
    if (data !== undefined) setSums((known) => withAmounts(known, data));
  }, [data]);
  return sums;
}
