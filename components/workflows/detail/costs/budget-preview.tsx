"use client";

import { Button, Group, List, Paper, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TextLink } from "@/components/layout/text-link";
import { ApiError } from "@/lib/core/api";
import { usdWords } from "@/lib/core/money";
import type { BudgetPreview as Preview } from "@/lib/costs/preview-schema";
import type { BudgetView } from "@/lib/costs/schema";
import { aboutUsd } from "@/lib/costs/tab/about-usd";
import { type BudgetForm, formErrors, toBudget } from "@/lib/costs/tab/budget-form";
import { budgetPreview } from "@/lib/costs/tab/client";
import { previewWords, spreadWords, TRIPPED_WORDS } from "@/lib/costs/tab/preview-words";

const TYPING_MS = 300;

type Props = { projectId: string; workflowId: string; values: BudgetForm; onSuggest: (usd: number) => void };

/** What the budget that is typed would have done with the instances of the last 30 days. */
export function BudgetPreview({ projectId, workflowId, values, onSuggest }: Props) {
  const isWrong = Object.keys(formErrors(values)).length > 0;
  // One that is off stops nothing: what is asked is what switching it on would do.
  const [asked] = useDebouncedValue(JSON.stringify({ ...toBudget(values), budget_enabled: true }), TYPING_MS);
  const budget: BudgetView = JSON.parse(asked);
  const { data, error } = useQuery({
    ...budgetPreview(projectId, workflowId, budget),
    enabled: !isWrong,
    placeholderData: keepPreviousData,
  });
  const shown = isWrong || error !== null ? undefined : data;
  return (
    <Paper p="md" bg="var(--pt-well)" aria-live="polite" aria-label="Preview of the budget" component="section">
      {shown === undefined ? (
        <Text size="sm" c="dimmed">
          {meanwhile(isWrong, error)}
        </Text>
      ) : (
        <Stack gap="xs">
          <Text fw={500} data-testid="preview">
            {previewWords(shown, values.budget_enabled)}
          </Text>
          <Spread preview={shown} limit={values.budget_limit_usd} onSuggest={onSuggest} />
          <Examples projectId={projectId} preview={shown} />
        </Stack>
      )}
    </Paper>
  );
}

function meanwhile(isWrong: boolean, error: unknown): string {
  if (isWrong) return "What it would have done is shown once every field is right.";
  if (error instanceof ApiError && error.status === 0) return "The connection is lost, so there is no preview.";
  if (error instanceof ApiError && error.status === 400)
    return "It cannot be saved like this: the amount to tell from is above the limit.";
  if (error !== null) return "There is no preview just now.";
  return "What it would have done is shown here.";
}

type SpreadProps = { preview: Preview; limit: number | string } & Pick<Props, "onSuggest">;

/** Where costs lie, and the limit that suits them. */
function Spread({ preview, limit, onSuggest }: SpreadProps) {
  const words = spreadWords(preview);
  const { suggested_limit_usd: suggested } = preview;
  if (words === null) return null;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {words}
      </Text>
      {suggested !== null && Number(limit) !== suggested && (
        <Button size="compact-sm" variant="light" onClick={() => onSuggest(suggested)}>
          Use {usdWords(suggested)} as the limit
        </Button>
      )}
    </Group>
  );
}

function Examples({ projectId, preview: { examples } }: { projectId: string; preview: Preview }) {
  if (examples.length === 0) return null;
  return (
    <List size="sm" listStyleType="none" spacing={2} aria-label="The dearest of them">
      {examples.map(({ instance_id: id, cost_usd: usd, started_at: at, by }) => (
        <List.Item key={id}>
          <TextLink size="sm" href={`/projects/${projectId}/instances/${id}`}>
            {aboutUsd(usd)}
          </TextLink>{" "}
          <Text span size="sm" c="dimmed">
            {TRIPPED_WORDS[by]}, began {at.slice(0, 16).replace("T", " ")} UTC
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
