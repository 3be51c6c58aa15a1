"use client";

import { Badge, Button, Code, Group, Modal, Select, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useChange } from "@/components/layout/use-change";
import { useNow } from "@/components/status/now";
import { RelativeTime } from "@/components/status/relative-time";
import { revokeKey, rotateKey } from "@/lib/projects/client";
import { keyStatus } from "@/lib/projects/present";
import type { KeyObject } from "@/lib/projects/schema";
import { ConfirmButton } from "./confirm-button";
import { ShownOnce } from "./new-key";
import { WideTable } from "./wide-table";

type One = { projectId: string; apiKey: KeyObject };

const COLUMNS = ["Key", "May", "Made", "Last used", "Status", null];

/** The keys of a project, also those that ended. */
export function KeyTable({ projectId, keys }: { projectId: string; keys: KeyObject[] }) {
  const [rotating, setRotating] = useState<KeyObject | null>(null);
  return (
    <>
      <WideTable label="API keys" columns={COLUMNS} minWidth={860}>
        {keys.map((key) => (
          <KeyRow key={key.id} projectId={projectId} apiKey={key} onRotate={() => setRotating(key)} />
        ))}
      </WideTable>
      <RotateModal projectId={projectId} apiKey={rotating} onClose={() => setRotating(null)} />
    </>
  );
}

function KeyRow({ projectId, apiKey, onRotate }: One & { onRotate: () => void }) {
  const now = useNow();
  const status = keyStatus(apiKey, now);
  return (
    <Table.Tr>
      <Table.Td miw={180}>
        <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
          {apiKey.name}
        </Text>
        <Code>{apiKey.prefix}…</Code>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {apiKey.scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none">
              {scope}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <RelativeTime at={apiKey.created_at} />
      </Table.Td>
      <Table.Td>
        {apiKey.last_used_at === null ? <Text size="sm">Never</Text> : <RelativeTime at={apiKey.last_used_at} />}
      </Table.Td>
      <Table.Td>
        <KeyStatus apiKey={apiKey} status={status} />
      </Table.Td>
      <Table.Td>
        {status === "active" && (
          <Group gap="xs" wrap="nowrap" justify="end">
            <Button size="xs" variant="default" onClick={onRotate} aria-label={`Rotate: ${apiKey.name}`}>
              Rotate
            </Button>
            <RevokeButton projectId={projectId} apiKey={apiKey} />
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function KeyStatus({ apiKey, status }: { apiKey: KeyObject; status: ReturnType<typeof keyStatus> }) {
  if (status !== "active")
    return (
      <Text size="sm" c="dimmed">
        {status === "revoked" ? "Revoked" : "Expired"}
      </Text>
    );
  return (
    <Text size="sm" component="div">
      Active
      {apiKey.expires_at !== null && (
        <>
          , ends <RelativeTime at={apiKey.expires_at} />
        </>
      )}
    </Text>
  );
}

function RevokeButton({ projectId, apiKey }: One) {
  const revoke = useChange({ ...revokeKey(projectId, apiKey.id), done: "The key is revoked." });
  return (
    <ConfirmButton
      size="xs"
      label="Revoke"
      about={apiKey.name}
      question={`Revoke ${apiKey.name}?`}
      text="Whatever uses this key is refused from then on. This cannot be undone."
      isPending={revoke.isPending}
      onConfirm={(close) => revoke.mutate(undefined, { onSuccess: close })}
    />
  );
}

const OVERLAPS = [
  { value: "0", label: "Not at all: it ends now" },
  { value: "3600", label: "For an hour" },
  { value: "86400", label: "For a day" },
  { value: "604800", label: "For a week" },
];

type Rotation = { projectId: string; apiKey: KeyObject | null; onClose: () => void };

/** Stands beside the table: the row of a key that ended has no buttons, and must not take the new key along. */
function RotateModal({ projectId, apiKey, onClose }: Rotation) {
  const [overlap, setOverlap] = useState("86400");
  const [made, setMade] = useState<string | null>(null);
  const rotate = useChange({ ...rotateKey(projectId, apiKey?.id ?? ""), onSuccess: ({ key }) => setMade(key) });
  return (
    <Modal
      opened={apiKey !== null}
      onClose={onClose}
      onExitTransitionEnd={() => setMade(null)}
      title={`Rotate ${apiKey?.name ?? ""}`}
      closeButtonProps={{ "aria-label": "Close" }}
      closeOnClickOutside={made === null}
    >
      {made === null ? (
        <Stack gap="md">
          <Text size="sm">A new key with the same name and scopes takes its place.</Text>
          <Select
            label="The old key goes on working"
            data={OVERLAPS}
            value={overlap}
            allowDeselect={false}
            onChange={(value) => setOverlap(value ?? "86400")}
          />
          <Group justify="end">
            <Button loading={rotate.isPending} onClick={() => rotate.mutate(Number(overlap))}>
              Rotate
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack gap="md">
          <ShownOnce apiKey={made} />
          <Group justify="end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
