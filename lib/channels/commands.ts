import { randomUUID } from "node:crypto";
import { z } from "zod";
import { auditWith } from "@/lib/auth/audit";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { AppError, invalid } from "@/lib/core/errors";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { readableConfig, sealedConfig } from "./config";
import { mergePatch } from "./merge";
import { loadChannel, toChannel } from "./queries";
import { kindOf } from "./registry";
import { type Channel, CONFIGS, type CreateChannel, type UpdateChannel } from "./schema";

/** Throws `invalid_input` for a config that is well-formed and still must not be used here. */
function requireUsable(kind: string, config: unknown): void {
  const objection = kindOf(kind).objection(config);
  if (objection !== null) throw invalid(objection.name, objection.reason);
}

export async function createChannel(caller: Caller, { kind, name, config, events }: CreateChannel): Promise<Channel> {
  requireScope(caller, "write");
  requireUsable(kind, config);
  const place = { projectId: caller.projectId, id: randomUUID() };
  return prisma().$transaction(async (tx) => {
    const row = await tx.channel.create({
      data: { ...place, kind, name, events, config: sealedConfig(place, config) },
    });
    await auditWith(tx, caller, { action: "channel.create", subjectId: row.id });
    return toChannel(row);
  });
}

/** Changes what the patch names. Enabling a channel forgives its failures. */
export async function updateChannel(caller: Caller, id: string, patch: UpdateChannel): Promise<Channel> {
  requireScope(caller, "write");
  return prisma().$transaction(async (tx) => {
    // Two patches at once must not undo each other.
    await tx.$queryRaw`SELECT FROM channels WHERE project_id = ${caller.projectId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    const { kind, projectId, config: sealed } = await loadChannel(tx, caller, id);
    const data: Prisma.ChannelUpdateInput = {
      ...(patch.name !== undefined && { name: patch.name }),
      ...(patch.events !== undefined && { events: patch.events }),
      ...(patch.enabled === false && { enabled: false }),
      ...(patch.enabled === true && { enabled: true, disabledReason: null, failingSince: null }),
    };
    if (patch.config !== undefined) {
      const config = mergedConfig(kind, readableConfig({ projectId, id, config: sealed }), patch.config);
      data.config = sealedConfig({ projectId, id }, config);
    }
    const row = await tx.channel.update({ where: { id }, data });
    if (row.enabled) await settleDisabledAlerts(tx, row);
    await auditWith(tx, caller, { action: "channel.update", subjectId: id });
    return toChannel(row);
  });
}

/** A channel that works again leaves nothing to do about its having been disabled. */
async function settleDisabledAlerts(
  tx: Prisma.TransactionClient,
  { projectId, id }: { projectId: string; id: string },
): Promise<void> {
  await tx.alert.updateMany({
    where: { projectId, subjectId: id, type: "channel.disabled", resolvedAt: null },
    data: { resolvedAt: new Date() },
  });
}

function mergedConfig(kind: string, stored: unknown, patch: Record<string, unknown>): unknown {
  const schema: z.ZodType | undefined = (CONFIGS as Record<string, z.ZodType>)[kind]; // the type of the column is any text
  if (schema === undefined) throw new AppError("internal", "This kind of channel is unknown.");
  // Under its name, so that errors name `config.url` and not `url`.
  const { config } = z.object({ config: schema }).parse({ config: mergePatch(stored, patch) });
  requireUsable(kind, config);
  return config;
}

/** Removes a channel; its deliveries stay in the log, and those not yet sent fail with a reason. */
export async function deleteChannel(caller: Caller, id: string): Promise<void> {
  requireScope(caller, "write");
  await prisma().$transaction(async (tx) => {
    await loadChannel(tx, caller, id);
    await tx.channel.deleteMany({ where: { projectId: caller.projectId, id } });
    await tx.delivery.updateMany({
      where: { projectId: caller.projectId, channelId: id, status: "pending" },
      data: {
        status: "failed",
        error: "the channel was deleted",
        nextAttemptAt: null,
        leaseToken: null,
        leaseUntil: null,
      },
    });
    await auditWith(tx, caller, { action: "channel.delete", subjectId: id });
  });
}
