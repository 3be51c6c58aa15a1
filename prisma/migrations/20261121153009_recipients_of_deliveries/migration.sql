-- CreateIndex
CREATE INDEX "deliveries_recipient_failing_idx" ON "deliveries"("project_id", "recipient") WHERE (channel_id IS NULL AND status = 'pending' AND error IS NOT NULL);
