"use client";

import { Group, Select } from "@mantine/core";
import { UrlSegments } from "@/components/layout/url-segments";
import { useSearch } from "@/components/layout/use-search";

const STATUSES = [
  { value: "", label: "All" },
  { value: "open", label: "Open" },
  { value: "acknowledged", label: "Acknowledged" },
  { value: "resolved", label: "Resolved" },
];

/** The types that are raised today. */
const TYPES = [
  { value: "check.down", label: "Down" },
  { value: "check.up", label: "Up again" },
  { value: "check.late", label: "Late" },
  { value: "check.run_overdue", label: "Run takes too long" },
  { value: "check.run_too_short", label: "Run too short" },
  { value: "check.run_overlap", label: "Runs overlap" },
  { value: "check.stuck", label: "Stuck" },
  { value: "workflow.failed", label: "Workflow failed" },
  { value: "workflow.stage_timeout", label: "Stage did not come" },
  { value: "workflow.stage_missed", label: "Stage left out" },
  { value: "workflow.stage_out_of_order", label: "Stage out of order" },
  { value: "workflow.completed", label: "Workflow completed" },
  { value: "instance.fork_requested", label: "Fork requested" },
  { value: "cost.threshold", label: "Budget warning" },
  { value: "cost.exceeded", label: "Budget exceeded" },
  { value: "cost.daily_limit", label: "Daily limit" },
  { value: "cost.anomaly", label: "Unusual cost" },
  { value: "approval.requested", label: "Approval needed" },
  { value: "approval.decided", label: "Approval decided" },
  { value: "channel.disabled", label: "Channel disabled" },
  { value: "channel.test", label: "Test" },
];

/** Narrows the list of alerts; what is chosen is part of the address. */
export function AlertFilter() {
  const { read, write } = useSearch();
  return (
    <Group gap="sm">
      <UrlSegments name="status" label="Status" options={STATUSES} />
      <Select
        aria-label="Type"
        placeholder="Any type"
        data={TYPES}
        value={read("type")}
        onChange={(value) => write("type", value ?? "")}
        clearable
        clearButtonProps={{ "aria-label": "Any type" }}
        w={190}
      />
    </Group>
  );
}
