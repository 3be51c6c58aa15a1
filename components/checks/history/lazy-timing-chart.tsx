"use client";

import { Skeleton } from "@mantine/core";
import dynamic from "next/dynamic";

/** The chart library is large, so it comes after the page, into a place of about its final height. */
export const LazyTimingChart = dynamic(() => import("./timing-chart").then((module) => module.TimingChart), {
  ssr: false,
  loading: () => <Skeleton height={384} />,
});
