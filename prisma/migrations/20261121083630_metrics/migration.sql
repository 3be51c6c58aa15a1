-- AlterTable
ALTER TABLE "checks" ADD COLUMN     "metrics" JSONB;

-- CreateTable
CREATE TABLE "metric_points" (
    "project_id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "n" BIGINT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "metric_points_pkey" PRIMARY KEY ("project_id","check_id","name","at","n")
);

-- Below: what the Prisma schema cannot say. As for pings, a trigger stands in for the foreign key.

CREATE OR REPLACE FUNCTION delete_pings_of_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM pings USING gone WHERE pings.project_id = gone.project_id AND pings.check_id = gone.id;
  DELETE FROM metric_points USING gone WHERE metric_points.project_id = gone.project_id AND metric_points.check_id = gone.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION truncate_pings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE pings, metric_points;
  RETURN NULL;
END $$;
