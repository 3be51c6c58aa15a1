-- AlterTable
ALTER TABLE "instances" ADD COLUMN     "breakers" JSONB,
ADD COLUMN     "is_expected" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "paused_at" TIMESTAMPTZ(6);

-- AlterTable
ALTER TABLE "stage_executions" ADD COLUMN     "computed_micros" BIGINT,
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "workflows" ADD COLUMN     "budget" JSONB;

-- CreateTable
CREATE TABLE "cost_rollups" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "model_id" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "n_steps" INTEGER NOT NULL,
    "n_unpriced" INTEGER NOT NULL,
    "cost_micros" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,

    CONSTRAINT "cost_rollups_pkey" PRIMARY KEY ("project_id","workflow_id","day","model_id","agent")
);

-- CreateTable
CREATE TABLE "cost_tags" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "tag" TEXT NOT NULL,
    "n_steps" INTEGER NOT NULL,
    "cost_micros" BIGINT NOT NULL,

    CONSTRAINT "cost_tags_pkey" PRIMARY KEY ("project_id","workflow_id","day","tag")
);

-- CreateTable
CREATE TABLE "cost_days" (
    "project_id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "n_instances" INTEGER NOT NULL,
    "top_instance_id" TEXT,
    "top_cost_micros" BIGINT NOT NULL,

    CONSTRAINT "cost_days_pkey" PRIMARY KEY ("project_id","workflow_id","day")
);

-- CreateIndex
CREATE INDEX "cost_rollups_project_id_day_idx" ON "cost_rollups"("project_id", "day");

-- CreateIndex
CREATE INDEX "cost_tags_project_id_day_idx" ON "cost_tags"("project_id", "day");

-- CreateIndex
CREATE INDEX "cost_days_project_id_day_idx" ON "cost_days"("project_id", "day");

-- AddForeignKey
ALTER TABLE "cost_rollups" ADD CONSTRAINT "cost_rollups_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cost_tags" ADD CONSTRAINT "cost_tags_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cost_days" ADD CONSTRAINT "cost_days_project_id_workflow_id_fkey" FOREIGN KEY ("project_id", "workflow_id") REFERENCES "workflows"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was told of costs before.
INSERT INTO "cost_rollups"
SELECT s.project_id, i.workflow_id, (s.at AT TIME ZONE p.time_zone)::date, coalesce(s.model_id, ''), coalesce(s.agent, ''), count(*),
       count(*) FILTER (WHERE s.cost_micros IS NULL), coalesce(sum(s.cost_micros), 0), coalesce(sum(s.input_tokens), 0), coalesce(sum(s.output_tokens), 0)
  FROM "stage_executions" s
  JOIN "instances" i ON i.project_id = s.project_id AND i.id = s.instance_id AND s.ordinal >= i.n_copied
  JOIN "projects" p ON p.id = s.project_id
 WHERE s.cost_micros IS NOT NULL OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL
 GROUP BY 1, 2, 3, 4, 5;

INSERT INTO "cost_days"
SELECT i.project_id, i.workflow_id, (i.started_at AT TIME ZONE p.time_zone)::date, count(*),
       (array_agg(i.id ORDER BY i.cost_micros - i.copied_cost_micros DESC) FILTER (WHERE i.status NOT IN ('running', 'paused') AND i.cost_micros > i.copied_cost_micros))[1],
       coalesce(max(i.cost_micros - i.copied_cost_micros) FILTER (WHERE i.status NOT IN ('running', 'paused')), 0)
  FROM "instances" i JOIN "projects" p ON p.id = i.project_id
 GROUP BY 1, 2, 3;
