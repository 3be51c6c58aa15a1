-- Checks that are down are looked at, too: signals that do not come are written down while the job stays away.
UPDATE "checks" SET "watch_at" = now() WHERE "status" = 'down' AND "watch_at" IS NULL;
