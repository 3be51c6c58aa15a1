"use client";

import { Text } from "@mantine/core";
import { useNow } from "@/components/status/now";
import { clockLeft } from "@/lib/approvals/words";
import classes from "./approvals.module.css";

const SOON_MS = 60_000;

/** What is left until a deadline, by the server's clock, second by second. ISO 8601 in. */
export function Countdown({ until }: { until: string }) {
  const left = Date.parse(until) - useNow();
  const isSoon = left < SOON_MS;
  return (
    <Text component="span" size="sm" role="timer" className={classes["timer"] ?? ""} data-soon={isSoon || undefined}>
      {left <= 0 ? "time is up" : `${clockLeft(left)} left`}
    </Text>
  );
}
