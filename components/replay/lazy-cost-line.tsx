"use client";

import { Skeleton } from "@mantine/core";
import dynamic from "next/dynamic";

/** The chart library is large, so it comes after the page, into a place of its final height. */
export const LazyCostLine = dynamic(() => import("./cost-line").then((module) => module.CostLine), {
  ssr: false,
  loading: () => <Skeleton height={120} />,
});
