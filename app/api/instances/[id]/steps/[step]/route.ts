import { methods, route } from "@/lib/http/route";
import { getStep } from "@/lib/workflows/instance/instance-queries";
import { StepId } from "@/lib/workflows/instance/schema";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route({ scope: "read", input: { params: StepId }, handler: ({ caller, params }) => getStep(caller, params) }),
});
