"use client";

import { Button, Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { EXPORT_FORMATS, type Range } from "@/lib/checks/history/choices";

const LABELS = { csv: "CSV", json: "JSON", ndjson: "JSON lines" };

type Props = { projectId: string; checkId: string; range: Range; kinds: string[] };

/** The same part of the history as files; the browser shows how far they are. */
export function ExportLinks({ projectId, checkId, range, kinds }: Props) {
  const to = (format: string): string => {
    const search = new URLSearchParams({ project: projectId, format });
    for (const end of ["from", "to"] as const) {
      const at = range[end];
      if (at !== null) search.set(end, new Date(at).toISOString());
    }
    if (kinds.length > 0) search.set("kinds", kinds.join(","));
    return `/api/checks/${checkId}/history?${search}`;
  };
  return (
    <Group gap="xs" role="group" aria-label="Export">
      {EXPORT_FORMATS.map((format) => (
        <Button
          key={format}
          component="a"
          href={to(format)}
          download
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          aria-label={`Export as ${LABELS[format]}`}
        >
          {LABELS[format]}
        </Button>
      ))}
    </Group>
  );
}
