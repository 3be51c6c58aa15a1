-- CreateEnum
CREATE TYPE "replay_kind" AS ENUM ('fork', 'rerun', 'compare');

-- CreateTable
CREATE TABLE "replay_sessions" (
    "project_id" UUID NOT NULL,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "replay_kind" NOT NULL,
    "instance_id" TEXT NOT NULL,
    "other_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "reason" TEXT,
    "inputs" JSONB NOT NULL DEFAULT '{}',
    "result" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replay_sessions_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateIndex
CREATE INDEX "replay_sessions_project_id_created_at_id_idx" ON "replay_sessions"("project_id", "created_at", "id");

-- AddForeignKey
ALTER TABLE "replay_sessions" ADD CONSTRAINT "replay_sessions_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;
