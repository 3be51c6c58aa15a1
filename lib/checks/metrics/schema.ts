import { z } from "zod";
import { moment } from "@/lib/checks/history/schema";
import { isMetricName, LARGEST, MAX_SETTINGS, type MetricSetting } from "./metric";

const bound = z
  .number("has a bound that is not a number")
  .min(-LARGEST, "has a bound that is too small")
  .max(LARGEST, "has a bound that is too large")
  .nullish();

/** One number to look for. Messages go after the name of the field, as those of the management API do. */
const MetricInput = z
  .object(
    {
      name: z
        .string("has a name that is not a string")
        .trim()
        .refine((name) => name !== "", "has no name")
        .refine((name) => isMetricName(name), "has a name that is too long")
        // PostgreSQL cannot store NUL, nor half of a surrogate pair in JSON.
        .refine(
          (name) => !name.includes("\0") && name.isWellFormed(),
          "has a name with characters that cannot be stored",
        ),
      min: bound,
      max: bound,
    },
    "is not an object",
  )
  .refine(({ min, max }) => min == null || max == null || min <= max, {
    path: ["max"],
    error: "has a largest value below the smallest",
  })
  .transform(
    ({ name, min, max }): MetricSetting => ({ name, ...(min != null && { min }), ...(max != null && { max }) }),
  );

/** The numbers that a check looks for in its signals; none is null. */
export const MetricSettings = z
  .array(MetricInput, "is not an array")
  .max(MAX_SETTINGS, "has too many items")
  .superRefine((settings, context) => {
    const names = settings.map(({ name }) => name);
    const twice = names.findIndex((name, index) => names.indexOf(name) < index);
    if (twice >= 0)
      context.addIssue({ code: "custom", path: [twice, "name"], message: "has a name that is used twice" });
  })
  .transform((settings) => (settings.length === 0 ? null : settings))
  .nullable();

/** Which numbers of a check are asked for: an overview, or how the one of this name went from `from` on and before `to`. */
export const MetricQuery = z.object({
  name: z.string().min(1, "must not be empty").optional(),
  from: moment(false).optional(),
  to: moment(true).optional(),
});
export type MetricQuery = z.infer<typeof MetricQuery>;
