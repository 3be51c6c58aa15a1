-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'member', 'viewer');

-- CreateEnum
CREATE TYPE "scope" AS ENUM ('ping', 'read', 'write', 'approve', 'admin');

-- CreateEnum
CREATE TYPE "severity" AS ENUM ('info', 'warning', 'critical');

-- CreateEnum
CREATE TYPE "delivery_status" AS ENUM ('pending', 'sent', 'failed');

-- CreateEnum
CREATE TYPE "check_status" AS ENUM ('new', 'up', 'down', 'paused');

-- CreateEnum
CREATE TYPE "ping_kind" AS ENUM ('success', 'start', 'fail', 'log', 'ign');

-- CreateEnum
CREATE TYPE "run_status" AS ENUM ('running', 'success', 'failed', 'timed_out', 'abandoned');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "projects" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "ping_key" TEXT NOT NULL,
    "webhook_secret" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "project_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("project_id","user_id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" "scope"[],
    "expires_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" SERIAL NOT NULL,
    "project_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "severity" "severity" NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject_name" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "dedup_key" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "acknowledged_at" TIMESTAMPTZ(6),
    "resolved_at" TIMESTAMPTZ(6),

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channels" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "config" BYTEA NOT NULL,
    "events" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "disabled_reason" TEXT,
    "failing_since" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "channels_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "check_channels" (
    "project_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,

    CONSTRAINT "check_channels_pkey" PRIMARY KEY ("project_id","check_id","channel_id")
);

-- CreateTable
CREATE TABLE "deliveries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "alert_id" INTEGER NOT NULL,
    "channel_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "status" "delivery_status" NOT NULL DEFAULT 'pending',
    "message" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(6) DEFAULT CURRENT_TIMESTAMP,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(6),
    "sent_at" TIMESTAMPTZ(6),
    "response_status" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "checks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "slug" TEXT NOT NULL DEFAULT '',
    "tags" TEXT NOT NULL DEFAULT '',
    "description" TEXT NOT NULL DEFAULT '',
    "timeout_seconds" INTEGER,
    "schedule" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "grace_seconds" INTEGER NOT NULL,
    "manual_resume" BOOLEAN NOT NULL DEFAULT false,
    "methods" TEXT NOT NULL DEFAULT '',
    "start_keywords" TEXT NOT NULL DEFAULT '',
    "success_keywords" TEXT NOT NULL DEFAULT '',
    "failure_keywords" TEXT NOT NULL DEFAULT '',
    "filter_subject" BOOLEAN NOT NULL DEFAULT false,
    "filter_body" BOOLEAN NOT NULL DEFAULT false,
    "filter_http_body" BOOLEAN NOT NULL DEFAULT false,
    "filter_default_fail" BOOLEAN NOT NULL DEFAULT false,
    "status" "check_status" NOT NULL DEFAULT 'new',
    "status_since" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_ping_at" TIMESTAMPTZ(6),
    "last_duration_ms" BIGINT,
    "n_pings" BIGINT NOT NULL DEFAULT 0,
    "pruned_through" BIGINT NOT NULL DEFAULT 0,
    "flip_seq" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checks_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "pings" (
    "project_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "n" BIGINT NOT NULL,
    "kind" "ping_kind" NOT NULL,
    "source" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "scheme" TEXT NOT NULL,
    "remote_addr" INET,
    "method" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "rid" UUID,
    "exit_status" SMALLINT,
    "duration_ms" BIGINT,
    "body" BYTEA,

    CONSTRAINT "pings_pkey" PRIMARY KEY ("project_id","check_id","n")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "rid" UUID,
    "status" "run_status" NOT NULL DEFAULT 'running',
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "duration_ms" BIGINT,
    "due_at" TIMESTAMPTZ(6),

    CONSTRAINT "runs_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "flips" (
    "project_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "from_status" "check_status" NOT NULL,
    "to_status" "check_status" NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "flips_pkey" PRIMARY KEY ("project_id","check_id","seq")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "status" INTEGER,
    "response" BYTEA,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("project_id","route","key")
);

-- CreateTable
CREATE TABLE "system_state" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "last_sweep_at" TIMESTAMPTZ(6),
    "last_ingest_at" TIMESTAMPTZ(6),
    "prune_cursor" UUID,

    CONSTRAINT "system_state_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "projects_ping_key_key" ON "projects"("ping_key");

-- CreateIndex
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_id_key" ON "api_keys"("id");

-- CreateIndex
CREATE UNIQUE INDEX "alerts_dedup_key_key" ON "alerts"("dedup_key");

-- CreateIndex
CREATE INDEX "alerts_project_id_subject_id_id_idx" ON "alerts"("project_id", "subject_id", "id");

-- CreateIndex
CREATE INDEX "alerts_project_id_type_id_idx" ON "alerts"("project_id", "type", "id");

-- CreateIndex
CREATE INDEX "alerts_unresolved_idx" ON "alerts"("project_id", "id") WHERE (resolved_at IS NULL);

-- CreateIndex
CREATE INDEX "alerts_open_idx" ON "alerts"("subject_id", "type") WHERE (resolved_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "alerts_project_id_id_key" ON "alerts"("project_id", "id");

-- CreateIndex
CREATE INDEX "channels_project_id_created_at_id_idx" ON "channels"("project_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "channels_id_key" ON "channels"("id");

-- CreateIndex
CREATE INDEX "check_channels_project_id_channel_id_idx" ON "check_channels"("project_id", "channel_id");

-- CreateIndex
CREATE INDEX "deliveries_project_id_seq_idx" ON "deliveries"("project_id", "seq");

-- CreateIndex
CREATE INDEX "deliveries_project_id_channel_id_seq_idx" ON "deliveries"("project_id", "channel_id", "seq");

-- CreateIndex
CREATE INDEX "deliveries_failed_idx" ON "deliveries"("project_id", "seq") WHERE (status = 'failed');

-- CreateIndex
CREATE INDEX "deliveries_pending_order_idx" ON "deliveries"("project_id", "channel_id", "subject_id", "seq") WHERE (status = 'pending');

-- CreateIndex
CREATE INDEX "deliveries_due_idx" ON "deliveries"("next_attempt_at") WHERE (status = 'pending');

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_id_key" ON "deliveries"("id");

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_alert_id_channel_id_key" ON "deliveries"("alert_id", "channel_id");

-- CreateIndex
CREATE INDEX "checks_project_id_slug_idx" ON "checks"("project_id", "slug");

-- CreateIndex
CREATE INDEX "checks_project_id_created_at_id_idx" ON "checks"("project_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "checks_due_at_idx" ON "checks"("due_at") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "checks_id_key" ON "checks"("id");

-- CreateIndex
CREATE INDEX "runs_check_id_started_at_idx" ON "runs"("check_id", "started_at");

-- CreateIndex
CREATE INDEX "runs_open_idx" ON "runs"("check_id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "runs_due_at_idx" ON "runs"("due_at") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "runs_id_key" ON "runs"("id");

-- CreateIndex
CREATE INDEX "flips_project_id_check_id_at_idx" ON "flips"("project_id", "check_id", "at");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channels" ADD CONSTRAINT "channels_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_channels" ADD CONSTRAINT "check_channels_project_id_check_id_fkey" FOREIGN KEY ("project_id", "check_id") REFERENCES "checks"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_channels" ADD CONSTRAINT "check_channels_project_id_channel_id_fkey" FOREIGN KEY ("project_id", "channel_id") REFERENCES "channels"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_project_id_alert_id_fkey" FOREIGN KEY ("project_id", "alert_id") REFERENCES "alerts"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checks" ADD CONSTRAINT "checks_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pings" ADD CONSTRAINT "pings_project_id_check_id_fkey" FOREIGN KEY ("project_id", "check_id") REFERENCES "checks"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_project_id_check_id_fkey" FOREIGN KEY ("project_id", "check_id") REFERENCES "checks"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flips" ADD CONSTRAINT "flips_project_id_check_id_fkey" FOREIGN KEY ("project_id", "check_id") REFERENCES "checks"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Below: what the Prisma schema cannot say.

-- A check has a period or a schedule, never both.
ALTER TABLE "checks" ADD CONSTRAINT "checks_schedule_check" CHECK (num_nonnulls("timeout_seconds", "schedule") = 1);

-- Every signal rewrites its check: room in the page keeps the new version beside the old one.
ALTER TABLE "checks" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE "deliveries" SET (fillfactor = 85);

INSERT INTO "system_state" ("id") VALUES (1);
