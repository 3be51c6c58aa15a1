-- CreateEnum
CREATE TYPE "workflow_kind" AS ENUM ('static', 'dynamic');

-- CreateEnum
CREATE TYPE "instance_status" AS ENUM ('running', 'paused', 'completed', 'failed', 'terminated');

-- CreateEnum
CREATE TYPE "step_status" AS ENUM ('success', 'failed');

-- CreateTable
CREATE TABLE "workflows" (
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "kind" "workflow_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "n_instances" INTEGER NOT NULL DEFAULT 0,
    "all_channels" BOOLEAN NOT NULL DEFAULT true,
    "muted_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflows_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "workflow_definitions" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workflow_definitions_pkey" PRIMARY KEY ("project_id","workflow_id","version")
);

-- CreateTable
CREATE TABLE "instances" (
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "status" "instance_status" NOT NULL DEFAULT 'running',
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "failure_reason" TEXT,
    "agent_code" TEXT,
    "last_agent" TEXT,
    "last_agent_at" TIMESTAMPTZ(6),
    "n_steps" INTEGER NOT NULL DEFAULT 0,
    "cost_micros" BIGINT NOT NULL DEFAULT 0,
    "reached" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "top" INTEGER,
    "last_signal_at" TIMESTAMPTZ(6) NOT NULL,
    "progress_at" TIMESTAMPTZ(6) NOT NULL,
    "due_at" TIMESTAMPTZ(6),
    "credit_ms" BIGINT NOT NULL DEFAULT 0,
    "watch_at" TIMESTAMPTZ(6),
    "lacks_first" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "instances_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "stage_executions" (
    "project_id" UUID NOT NULL,
    "instance_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "status" "step_status" NOT NULL,
    "stage_name" TEXT,
    "agent" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "is_final" BOOLEAN NOT NULL DEFAULT false,
    "status_text" TEXT,
    "response_time_ms" BIGINT,
    "model_id" TEXT,
    "input_tokens" BIGINT,
    "output_tokens" BIGINT,
    "cost_micros" BIGINT,
    "context_size_bytes" BIGINT,
    "handoff_reason" TEXT,
    "usage" JSONB,
    "tool_calls" JSONB,
    "payload" JSONB,

    CONSTRAINT "stage_executions_pkey" PRIMARY KEY ("project_id","instance_id","ordinal")
);

-- CreateTable
CREATE TABLE "handoffs" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "instance_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "from_agent" TEXT NOT NULL,
    "to_agent" TEXT NOT NULL,
    "gap_ms" BIGINT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "handoffs_pkey" PRIMARY KEY ("project_id","workflow_id","at","instance_id","ordinal")
);

-- CreateTable
CREATE TABLE "rejected_pings" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "instance_id" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "code" TEXT NOT NULL,
    "expected" TEXT,
    "received" TEXT,
    "agent" TEXT,
    "raw" JSONB NOT NULL,

    CONSTRAINT "rejected_pings_pkey" PRIMARY KEY ("project_id","workflow_id","id")
);

-- CreateTable
CREATE TABLE "workflow_channels" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "channel_id" UUID NOT NULL,

    CONSTRAINT "workflow_channels_pkey" PRIMARY KEY ("project_id","workflow_id","channel_id")
);

-- CreateIndex
CREATE INDEX "workflows_project_id_created_at_id_idx" ON "workflows"("project_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "workflows_id_idx" ON "workflows"("id");

-- CreateIndex
CREATE INDEX "instances_project_id_workflow_id_started_at_seq_idx" ON "instances"("project_id", "workflow_id", "started_at", "seq");

-- CreateIndex
CREATE INDEX "instances_project_id_workflow_id_status_started_at_seq_idx" ON "instances"("project_id", "workflow_id", "status", "started_at", "seq");

-- CreateIndex
CREATE INDEX "instances_project_id_workflow_id_agent_code_started_at_seq_idx" ON "instances"("project_id", "workflow_id", "agent_code", "started_at", "seq");

-- CreateIndex
CREATE INDEX "instances_open_idx" ON "instances"("project_id", "workflow_id", "seq") WHERE (status IN ('running', 'paused'));

-- CreateIndex
CREATE INDEX "instances_lacking_first_idx" ON "instances"("project_id", "workflow_id", "seq") WHERE (lacks_first);

-- CreateIndex
CREATE INDEX "instances_watch_at_idx" ON "instances"("watch_at") WHERE (watch_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "instances_id_key" ON "instances"("id");

-- CreateIndex
CREATE INDEX "stage_executions_project_id_instance_id_path_ordinal_idx" ON "stage_executions"("project_id", "instance_id", "path", "ordinal");

-- CreateIndex
CREATE INDEX "workflow_channels_project_id_channel_id_idx" ON "workflow_channels"("project_id", "channel_id");

-- AddForeignKey
ALTER TABLE "workflows" ADD CONSTRAINT "workflows_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow_definitions" ADD CONSTRAINT "workflow_definitions_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instances" ADD CONSTRAINT "instances_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handoffs" ADD CONSTRAINT "handoffs_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rejected_pings" ADD CONSTRAINT "rejected_pings_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow_channels" ADD CONSTRAINT "workflow_channels_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workflow_channels" ADD CONSTRAINT "workflow_channels_project_id_channel_id_fkey" FOREIGN KEY ("project_id", "channel_id") REFERENCES "channels"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Below: what the Prisma schema cannot say. Room for heap-only updates; and, as
-- for pings, a trigger that stands in for the foreign key of the steps.

ALTER TABLE "instances" SET (fillfactor = 60);
ALTER TABLE "workflows" SET (fillfactor = 60);

CREATE FUNCTION delete_steps_of_instances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM stage_executions USING gone WHERE stage_executions.project_id = gone.project_id AND stage_executions.instance_id = gone.id;
  RETURN NULL;
END $$;

CREATE TRIGGER instances_take_their_steps AFTER DELETE ON "instances"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION delete_steps_of_instances();

CREATE FUNCTION truncate_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE stage_executions;
  RETURN NULL;
END $$;

CREATE TRIGGER instances_truncate_steps AFTER TRUNCATE ON "instances" FOR EACH STATEMENT EXECUTE FUNCTION truncate_steps();
