-- DropForeignKey
ALTER TABLE "pings" DROP CONSTRAINT "pings_project_id_check_id_fkey";

-- DropIndex
DROP INDEX "checks_due_at_idx";

-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "watch_at" TIMESTAMPTZ(6);

-- CreateIndex
CREATE INDEX "checks_watch_at_idx" ON "checks"("watch_at") WHERE (watch_at IS NOT NULL);

-- Below: what the Prisma schema cannot say.

UPDATE "checks" SET "watch_at" = "due_at";

-- In place of the foreign key: whoever writes a ping holds the lock of its check, so a check that is deleted has no
-- pings to come, and those it has go with it.
CREATE FUNCTION delete_pings_of_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pings USING gone WHERE pings.project_id = gone.project_id AND pings.check_id = gone.id;
  RETURN NULL;
END $$;

CREATE TRIGGER checks_take_their_pings AFTER DELETE ON "checks"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION delete_pings_of_checks();

CREATE FUNCTION truncate_pings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE pings;
  RETURN NULL;
END $$;

CREATE TRIGGER checks_truncate_pings AFTER TRUNCATE ON "checks" FOR EACH STATEMENT EXECUTE FUNCTION truncate_pings();
