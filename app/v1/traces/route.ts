import { otlpRoute } from "@/lib/http/otlp-route";
import { methods } from "@/lib/http/route";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ POST: otlpRoute });
