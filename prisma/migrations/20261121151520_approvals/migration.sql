-- CreateEnum
CREATE TYPE "approval_status" AS ENUM ('pending', 'approved', 'denied', 'cancelled');

-- CreateEnum
CREATE TYPE "decision" AS ENUM ('approve', 'deny');

-- CreateEnum
CREATE TYPE "risk" AS ENUM ('low', 'medium', 'high');

-- AlterTable
ALTER TABLE "deliveries" ADD COLUMN     "direct_config" BYTEA,
ADD COLUMN     "direct_kind" TEXT,
ADD COLUMN     "recipient" TEXT,
ALTER COLUMN "channel_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "approvals" (
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "status" "approval_status" NOT NULL DEFAULT 'pending',
    "context" TEXT NOT NULL,
    "risk" "risk" NOT NULL,
    "action" TEXT,
    "args" JSONB,
    "action_digest" TEXT,
    "need" INTEGER NOT NULL,
    "approvers" UUID[] DEFAULT ARRAY[]::UUID[],
    "timeout_seconds" INTEGER NOT NULL,
    "timeout_action" "decision" NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "due_at" TIMESTAMPTZ(6),
    "requested_by" TEXT NOT NULL,
    "requester_name" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(6),
    "decided_by" TEXT,
    "decider_name" TEXT,
    "notes" TEXT,
    "claimed_at" TIMESTAMPTZ(6),
    "claimed_by" TEXT,
    "callback" BYTEA,
    "instance_id" TEXT,
    "stage_path" TEXT,
    "metadata" JSONB,

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "approval_tokens" (
    "hash" BYTEA NOT NULL,
    "project_id" UUID NOT NULL,
    "approval_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "decision" "decision" NOT NULL,

    CONSTRAINT "approval_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "approval_votes" (
    "project_id" UUID NOT NULL,
    "approval_id" TEXT NOT NULL,
    "voter" TEXT NOT NULL,
    "voter_name" TEXT NOT NULL,
    "decision" "decision" NOT NULL,
    "notes" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "approval_votes_pkey" PRIMARY KEY ("project_id","approval_id","voter")
);

-- CreateTable
CREATE TABLE "approval_events" (
    "project_id" UUID NOT NULL,
    "approval_id" TEXT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "approval_events_pkey" PRIMARY KEY ("project_id","approval_id","id")
);

-- CreateIndex
CREATE INDEX "approvals_project_id_created_at_id_idx" ON "approvals"("project_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "approvals_project_id_status_created_at_id_idx" ON "approvals"("project_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "approvals_decided_idx" ON "approvals"("project_id", "decided_at") WHERE (decided_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "approvals_waiting_idx" ON "approvals"("project_id", "due_at", "id") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "approvals_due_idx" ON "approvals"("due_at") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "approvals_instance_idx" ON "approvals"("project_id", "instance_id", "created_at") WHERE (instance_id IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "approvals_id_key" ON "approvals"("id");

-- CreateIndex
CREATE INDEX "approval_tokens_project_id_approval_id_idx" ON "approval_tokens"("project_id", "approval_id");

-- AddForeignKey
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval_tokens" ADD CONSTRAINT "approval_tokens_project_id_approval_id_fkey" FOREIGN KEY ("project_id", "approval_id") REFERENCES "approvals"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval_votes" ADD CONSTRAINT "approval_votes_project_id_approval_id_fkey" FOREIGN KEY ("project_id", "approval_id") REFERENCES "approvals"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval_events" ADD CONSTRAINT "approval_events_project_id_approval_id_fkey" FOREIGN KEY ("project_id", "approval_id") REFERENCES "approvals"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
