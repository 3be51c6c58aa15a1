import { methods, route } from "@/lib/http/route";
import { getTree } from "@/lib/workflows/queries";
import { TreeOf, TreeQuery } from "@/lib/workflows/schema";

// POST as well, because a key may come in a body.
const tree = route({
  scope: "read",
  input: { params: TreeOf, query: TreeQuery },
  handler: ({ caller, params, query }) => getTree(caller, params.workflow, query.instance_id),
});

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ GET: tree, POST: tree });
