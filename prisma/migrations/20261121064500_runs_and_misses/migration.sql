-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "ignore_previews" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "late_at" TIMESTAMPTZ(6),
ADD COLUMN     "max_misses" SMALLINT NOT NULL DEFAULT 1,
ADD COLUMN     "max_run_seconds" INTEGER,
ADD COLUMN     "min_run_seconds" INTEGER,
ADD COLUMN     "progress" TEXT,
ADD COLUMN     "progress_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "single_run" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "stuck_after" SMALLINT,
ADD COLUMN     "warning_exits" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "misses" (
    "project_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "expected_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "misses_pkey" PRIMARY KEY ("project_id","check_id","expected_at")
);

-- AddForeignKey
ALTER TABLE "misses" ADD CONSTRAINT "misses_project_id_check_id_fkey" FOREIGN KEY ("project_id", "check_id") REFERENCES "checks"("project_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
