import { TakeOver, takeOver } from "@/lib/checks/take-over";
import { methods, route } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route({
    scope: "write",
    input: { body: TakeOver },
    status: 201,
    handler: ({ caller, body }) => takeOver(caller, body),
  }),
});
