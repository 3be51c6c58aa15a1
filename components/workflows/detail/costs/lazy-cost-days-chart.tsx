"use client";

import { Skeleton } from "@mantine/core";
import dynamic from "next/dynamic";

/** The chart library is large, so it comes after the page, into a place of its final height. */
export const LazyCostDaysChart = dynamic(() => import("./cost-days-chart").then((module) => module.CostDaysChart), {
  ssr: false,
  loading: () => <Skeleton height={240} />,
});
