-- AlterTable
ALTER TABLE "instances" ADD COLUMN     "copied_cost_micros" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "fork_from_stage" TEXT,
ADD COLUMN     "n_copied" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "origin_id" TEXT,
ADD COLUMN     "payload_overrides" JSONB,
ADD COLUMN     "session_id" UUID,
ADD COLUMN     "trace_id" TEXT;

-- AlterTable
ALTER TABLE "replay_sessions" ADD COLUMN     "claimed_at" TIMESTAMPTZ(6),
ADD COLUMN     "claimed_by" TEXT,
ADD COLUMN     "workflow_id" TEXT;

-- AlterTable
ALTER TABLE "stage_executions" ADD COLUMN     "parent_span_id" TEXT,
ADD COLUMN     "span_id" TEXT;

-- CreateTable
CREATE TABLE "trace_stages" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,

    CONSTRAINT "trace_stages_pkey" PRIMARY KEY ("project_id","workflow_id","name")
);

-- CreateIndex
CREATE UNIQUE INDEX "trace_stages_project_id_workflow_id_number_key" ON "trace_stages"("project_id", "workflow_id", "number");

-- CreateIndex
CREATE INDEX "instances_origin_idx" ON "instances"("project_id", "origin_id") WHERE (origin_id IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "instances_trace_key" ON "instances"("project_id", "trace_id") WHERE (trace_id IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "replay_sessions_id_key" ON "replay_sessions"("id");

-- CreateIndex
CREATE INDEX "replay_sessions_open_of_workflow_idx" ON "replay_sessions"("project_id", "workflow_id", "created_at", "id") WHERE (claimed_at IS NULL AND kind <> 'compare');

-- CreateIndex
CREATE INDEX "replay_sessions_project_id_instance_id_created_at_id_idx" ON "replay_sessions"("project_id", "instance_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "replay_sessions_project_id_other_id_created_at_id_idx" ON "replay_sessions"("project_id", "other_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "replay_sessions_open_idx" ON "replay_sessions"("project_id", "created_at", "id") WHERE (claimed_at IS NULL AND kind <> 'compare');

-- CreateIndex
CREATE UNIQUE INDEX "stage_executions_span_key" ON "stage_executions"("project_id", "instance_id", "span_id") WHERE (span_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "trace_stages" ADD CONSTRAINT "trace_stages_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was recorded of an input, for lookups. Prisma knows no indexes of expressions; a hash longer than this is nobody's.
CREATE INDEX "stage_executions_input_hash_idx" ON "stage_executions"("project_id", "instance_id", "path", left(payload ->> 'input_hash', 200), "ordinal") WHERE (payload ->> 'input_hash' IS NOT NULL);
