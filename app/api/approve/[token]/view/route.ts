import { noteLinkView } from "@/lib/approvals/mailed/commands";
import { linkNoteRoute } from "@/lib/http/link-route";
import { methods } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ POST: linkNoteRoute(noteLinkView) });
