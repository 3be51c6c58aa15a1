-- DropIndex
DROP INDEX "cost_days_project_id_day_idx";

-- DropIndex
DROP INDEX "cost_rollups_project_id_day_idx";

-- DropIndex
DROP INDEX "cost_tags_project_id_day_idx";

-- AlterTable
ALTER TABLE "approvals" ADD COLUMN     "limit_type" TEXT;

-- AlterTable
ALTER TABLE "projects" ADD COLUMN     "model_prices" JSONB;

-- CreateTable
CREATE TABLE "cost_reservations" (
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "instance_id" TEXT NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "cost_reservations_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateIndex
CREATE INDEX "cost_reservations_project_id_instance_id_idx" ON "cost_reservations"("project_id", "instance_id");

-- CreateIndex
CREATE INDEX "cost_reservations_project_id_workflow_id_expires_at_idx" ON "cost_reservations"("project_id", "workflow_id", "expires_at");

-- CreateIndex
CREATE INDEX "cost_reservations_expires_at_idx" ON "cost_reservations"("expires_at");

-- CreateIndex
CREATE INDEX "cost_days_project_id_day_workflow_id_idx" ON "cost_days"("project_id", "day", "workflow_id");

-- CreateIndex
CREATE INDEX "cost_rollups_project_id_day_workflow_id_idx" ON "cost_rollups"("project_id", "day", "workflow_id");

-- CreateIndex
CREATE INDEX "cost_tags_project_id_day_workflow_id_idx" ON "cost_tags"("project_id", "day", "workflow_id");

-- CreateIndex
CREATE INDEX "stage_executions_unpriced_idx" ON "stage_executions"("project_id", "model_id") WHERE (cost_micros IS NULL AND model_id IS NOT NULL AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL));

-- AddForeignKey
ALTER TABLE "cost_reservations" ADD CONSTRAINT "cost_reservations_project_id_instance_id_fkey" FOREIGN KEY ("project_id", "instance_id") REFERENCES "instances"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Sums change with each step: room on their pages spares the indexes.
ALTER TABLE "cost_rollups" SET (fillfactor = 60);
ALTER TABLE "cost_tags" SET (fillfactor = 60);
ALTER TABLE "cost_days" SET (fillfactor = 60);
