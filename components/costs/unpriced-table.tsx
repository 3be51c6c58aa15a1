"use client";

import { Button, Table, Text } from "@mantine/core";
import { Fragment } from "react";
import { TextLink } from "@/components/layout/text-link";
import { WideTable } from "@/components/settings/wide-table";
import type { UnpricedModel } from "@/lib/costs/price-schema";

const COLUMNS = ["Model", "Steps", "Tokens in", "Tokens out", "Last seen"];
const LINKS = 3;

type Props = {
  projectId: string;
  models: UnpricedModel[];
  /** Null for who may only look. */
  onPrice: ((model: string) => void) | null;
};

/** Models of which steps have no price, with what they used. */
export function UnpricedTable({ projectId, models, onPrice }: Props) {
  return (
    <WideTable label="Unpriced models" columns={onPrice === null ? COLUMNS : [...COLUMNS, null]} minWidth={760}>
      {models.map((model) => (
        <Table.Tr key={model.model_id}>
          <Table.Td miw={180} style={{ overflowWrap: "anywhere" }}>
            <Text size="sm" fw={500}>
              {model.model_id || "No model named"}
            </Text>
            <UsedBy projectId={projectId} workflows={model.workflows} />
            <Hint model={model} />
          </Table.Td>
          <Table.Td>{model.steps.toLocaleString("en")}</Table.Td>
          <Table.Td>{model.input_tokens.toLocaleString("en")}</Table.Td>
          <Table.Td>{model.output_tokens.toLocaleString("en")}</Table.Td>
          <Table.Td>{model.last_day}</Table.Td>
          {onPrice !== null && (
            <Table.Td ta="end">
              {model.model_id !== "" && (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => onPrice(model.model_id)}
                  aria-label={`Set a price: ${model.model_id}`}
                >
                  Set a price
                </Button>
              )}
            </Table.Td>
          )}
        </Table.Tr>
      ))}
    </WideTable>
  );
}

/** What is to be done, where it is not to set a price. */
function Hint({ model: { model_id: name, priceable } }: { model: UnpricedModel }) {
  const hint =
    name === ""
      ? "These steps tell tokens and no model, so they can get no price: send model_id beside usage."
      : "Its price is known by now: steps get it within an hour, but for those that tell what cannot be priced.";
  return name === "" || priceable ? (
    <Text size="xs" c="dimmed">
      {hint}
    </Text>
  ) : null;
}

function UsedBy({ projectId, workflows }: { projectId: string; workflows: string[] }) {
  return (
    <Text size="xs" c="dimmed">
      Used by{" "}
      {workflows.slice(0, LINKS).map((id, at) => (
        <Fragment key={id}>
          {at > 0 && ", "}
          <TextLink size="xs" href={`/projects/${projectId}/workflows/${id}`}>
            {id}
          </TextLink>
        </Fragment>
      ))}
      {workflows.length > LINKS && " and others"}
    </Text>
  );
}
