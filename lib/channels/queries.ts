import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { invalid, notFound } from "@/lib/core/errors";
import { isUuid } from "@/lib/core/ids";
import { prisma } from "@/lib/db/client";
import type { Channel as ChannelRow, Prisma } from "@/lib/db/generated/client";
import { readableConfig } from "./config";
import { kindOf } from "./registry";
import { CHANNEL_KINDS, type Channel, type ListChannels } from "./schema";

/** A channel as callers see it, without secrets. */
export function toChannel(row: ChannelRow): Channel {
  const kind = CHANNEL_KINDS.find((known) => known === row.kind);
  if (kind === undefined) throw new Error(`there is no channel of the kind ${row.kind}`);
  const config = readableConfig(row);
  return {
    id: row.id,
    kind,
    name: row.name,
    config: config === null ? {} : kindOf(kind).show(config),
    events: row.events,
    enabled: row.enabled,
    disabled_reason: row.disabledReason,
    failing_since: row.failingSince?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

/** As text, because a Date would lose the microseconds that tell two channels apart. */
/** Microseconds since 1970 and the id, which tells channels of one moment apart. */
type Position = { position: number };
const START: [number, string] = [0, "00000000-0000-0000-0000-000000000000"];

/** Channels of the caller's project, oldest first. */
export async function listChannels(caller: Caller, { limit, cursor }: ListChannels): Promise<Page<Channel>> {
  requireScope(caller, "read");
  const [at, id] = position(cursor);
  const rows = await prisma().$queryRaw<(ChannelRow & Position)[]>`
    SELECT id, project_id AS "projectId", kind, name, config, events, enabled, disabled_reason AS "disabledReason",
           failing_since AS "failingSince", created_at AS "createdAt", (extract(epoch FROM created_at) * 1000000)::float8 AS position
      FROM channels
     WHERE project_id = ${caller.projectId}::uuid AND (created_at, id) > ('epoch'::timestamptz + ${at}::float8 * interval '1 microsecond', ${id}::uuid)
     ORDER BY created_at, id LIMIT ${limit + 1}`;
  const page = toPage(rows, limit, (row) => [row.position, row.id]);
  return { items: page.items.map(toChannel), nextCursor: page.nextCursor };
}

function position(cursor: string | undefined): [number, string] {
  const [at, id] = decodeCursor(cursor, 2) ?? START;
  const isTime = typeof at === "number" && Number.isSafeInteger(at) && at >= 0;
  if (isTime && typeof id === "string" && isUuid(id)) return [at, id];
  throw invalid("cursor", "is not a cursor of this list");
}

export async function getChannel(caller: Caller, id: string): Promise<Channel> {
  requireScope(caller, "read");
  return toChannel(await loadChannel(prisma(), caller, id));
}

/** The row of one channel of the caller's project. Throws `not_found` and `forbidden`. */
export async function loadChannel(db: Prisma.TransactionClient, caller: Caller, id: string): Promise<ChannelRow> {
  const row = await db.channel.findUnique({ where: { id } });
  requireOwn(caller, row?.projectId, "channel");
  if (row === null) throw notFound("channel");
  return row;
}
