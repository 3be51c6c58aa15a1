-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "missed_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "missed_through" TIMESTAMPTZ(6);

-- DropIndex
DROP INDEX "deliveries_alert_id_channel_id_key";

-- CreateIndex
CREATE UNIQUE INDEX "deliveries_alert_id_channel_id_event_key" ON "deliveries"("alert_id", "channel_id", "event");
