import { exportHistory } from "@/lib/checks/history/export-queries";
import { HistoryExport } from "@/lib/checks/history/schema";
import { CheckId } from "@/lib/checks/schema";
import { download } from "@/lib/http/download";
import { methods } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: download({
    scope: "read",
    input: { params: CheckId, query: HistoryExport },
    handler: ({ caller, params, query }) => exportHistory(caller, { checkId: params.id, ...query }),
  }),
});
