"use client";

import { Box, SegmentedControl } from "@mantine/core";
import { useSearch } from "./use-search";

type Option = { value: string; label: string };

/** A choice among a few that is part of the address; the empty value stands for no choice. */
export function UrlSegments({ name, label, options }: { name: string; label: string; options: Option[] }) {
  const { read, write } = useSearch();
  return (
    <Box maw="100%" style={{ overflowX: "auto" }}>
      <SegmentedControl
        aria-label={label}
        size="sm"
        data={options}
        value={read(name) ?? ""}
        onChange={(value) => write(name, value)}
      />
    </Box>
  );
}
