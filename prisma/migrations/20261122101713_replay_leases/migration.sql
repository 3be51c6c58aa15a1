-- DropIndex
DROP INDEX "replay_sessions_open_idx";

-- DropIndex
DROP INDEX "replay_sessions_open_of_workflow_idx";

-- AlterTable
ALTER TABLE "replay_sessions" ADD COLUMN     "lease_seconds" INTEGER;

-- CreateIndex
CREATE INDEX "replay_sessions_open_idx" ON "replay_sessions"("project_id", "created_at", "id") WHERE ((claimed_at IS NULL OR lease_seconds IS NOT NULL) AND kind <> 'compare');

-- CreateIndex
CREATE INDEX "replay_sessions_open_of_workflow_idx" ON "replay_sessions"("project_id", "workflow_id", "created_at", "id") WHERE ((claimed_at IS NULL OR lease_seconds IS NOT NULL) AND kind <> 'compare');
