-- DropIndex
DROP INDEX "checks_process_hook_id_key";

-- CreateIndex
CREATE UNIQUE INDEX "checks_process_hook_id_project_id_key" ON "checks"("process_hook_id", "project_id");
