"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { OverviewQuery } from "@/lib/costs/overview/schema";

/** What is shown as a file, with every group on every day. */
export function ExportLink({ projectId, days, by }: OverviewQuery & { projectId: string }) {
  const search = new URLSearchParams({ project: projectId, days: String(days), by });
  return (
    <Button
      component="a"
      href={`/api/costs/export?${search}`}
      download
      variant="default"
      size="sm"
      leftSection={<IconDownload size={16} aria-hidden="true" />}
      aria-label="Export as CSV"
    >
      CSV
    </Button>
  );
}
