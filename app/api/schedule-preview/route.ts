import { previewSchedule, SchedulePreviewQuery } from "@/lib/checks/schedule/preview";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({
    scope: "read",
    input: { query: SchedulePreviewQuery },
    handler: ({ caller, query }) => previewSchedule(caller, query),
  }),
});
