import { cronRoute } from "@/lib/http/open-route";
import { methods } from "@/lib/http/route";
import { sweep } from "@/lib/sweeper/sweep";

/** Seconds the platform gives this function; the sweep stops ten seconds before. */
export const maxDuration = 60;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: cronRoute(() => sweep((maxDuration - 10) * 1000)),
});
