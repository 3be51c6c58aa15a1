"use client";

import { Button, Group, Table, Text } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import { ConfirmButton } from "@/components/settings/confirm-button";
import { WideTable } from "@/components/settings/wide-table";
import { usdWords } from "@/lib/core/money";
import { removeOwnPrice } from "@/lib/costs/price-client";
import type { OwnPrice } from "@/lib/costs/price-schema";

const COLUMNS = ["Model", "Input", "Output", "Cache read", "Cache write"];

type Props = {
  projectId: string;
  prices: OwnPrice[];
  /** Null for who may only look. */
  onEdit: ((price: OwnPrice) => void) | null;
};

const ofCache = (usd: number | null) =>
  usd === null ? (
    <Text size="sm" c="dimmed">
      As input
    </Text>
  ) : (
    usdWords(usd)
  );

/** What a project pays for models, in dollars for a million tokens. */
export function OwnPriceTable({ projectId, prices, onEdit }: Props) {
  return (
    <WideTable label="Own prices" columns={onEdit === null ? COLUMNS : [...COLUMNS, null]} minWidth={760}>
      {prices.map((price) => (
        <Table.Tr key={price.model}>
          <Table.Td miw={180} style={{ overflowWrap: "anywhere" }}>
            <Text size="sm" fw={500}>
              {price.model}
            </Text>
          </Table.Td>
          <Table.Td>{usdWords(price.input_usd_per_mtok)}</Table.Td>
          <Table.Td>{usdWords(price.output_usd_per_mtok)}</Table.Td>
          <Table.Td>{ofCache(price.cache_read_usd_per_mtok)}</Table.Td>
          <Table.Td>{ofCache(price.cache_write_usd_per_mtok)}</Table.Td>
          {onEdit !== null && (
            <Table.Td>
              <Group gap="xs" wrap="nowrap" justify="end">
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => onEdit(price)}
                  aria-label={`Edit the price: ${price.model}`}
                >
                  Edit
                </Button>
                <RemoveButton projectId={projectId} model={price.model} />
              </Group>
            </Table.Td>
          )}
        </Table.Tr>
      ))}
    </WideTable>
  );
}

/** Asks, because what comes meanwhile would be priced otherwise for good (decision 0015). */
function RemoveButton({ projectId, model }: { projectId: string; model: string }) {
  const remove = useChange({ ...removeOwnPrice(projectId, model), done: "The price is removed." });
  return (
    <ConfirmButton
      size="xs"
      label="Remove"
      about={model}
      question={`Remove the price of ${model}?`}
      text="From now on the price list counts for it, or nothing where it has none. Steps that have a price keep it."
      isPending={remove.isPending}
      onConfirm={(close) => remove.mutate(undefined, { onSuccess: close })}
    />
  );
}
