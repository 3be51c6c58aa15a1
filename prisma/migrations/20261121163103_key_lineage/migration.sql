-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "root_id" UUID;
