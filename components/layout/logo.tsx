"use client";

import { Anchor, Group, Text } from "@mantine/core";
import Link from "next/link";

/** The name and the mark: a pulse that leaves a trail. */
export function Logo() {
  return (
    <Anchor component={Link} href="/" underline="never" c="inherit">
      <Group gap={8} wrap="nowrap">
        <svg width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden="true">
          <path
            d="M1 13h4l2.4-7 4 12 2.6-8 1.4 3H17"
            stroke="var(--mantine-color-anchor)"
            strokeWidth="2.2"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
          <circle cx="19.4" cy="13" r="1.8" fill="var(--mantine-color-anchor)" />
        </svg>
        <Text fw={650} size="lg">
          Pulsetrail
        </Text>
      </Group>
    </Anchor>
  );
}
