-- A check may have no schedule at all: only its runs and failures are watched.
ALTER TABLE "checks" DROP CONSTRAINT "checks_schedule_check";
ALTER TABLE "checks" ADD CONSTRAINT "checks_schedule_check" CHECK (num_nonnulls("timeout_seconds", "schedule") <= 1);
