-- AlterTable
ALTER TABLE "system_state" ADD COLUMN     "workflow_cursor" TEXT;
