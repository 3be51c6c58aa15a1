-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "heartbeat_token" TEXT NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
ADD COLUMN     "process_hook_id" TEXT NOT NULL DEFAULT 'ph' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 20);

-- AlterTable
ALTER TABLE "pings" ADD COLUMN     "details" JSONB,
ALTER COLUMN "rid" SET DATA TYPE TEXT;

-- AlterTable
ALTER TABLE "runs" ALTER COLUMN "rid" SET DATA TYPE TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "checks_heartbeat_token_key" ON "checks"("heartbeat_token");

-- CreateIndex
CREATE UNIQUE INDEX "checks_process_hook_id_key" ON "checks"("process_hook_id");
