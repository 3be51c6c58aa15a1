import { signalRoute } from "@/lib/http/signal-route";

export const GET = signalRoute;
export const HEAD = signalRoute;
export const POST = signalRoute;
export const PUT = signalRoute;
export const PATCH = signalRoute;
export const DELETE = signalRoute;
export const OPTIONS = signalRoute;
