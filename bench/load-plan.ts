/**
 * One request of a plan; the load process makes its bytes. `host` is the header, by default where it connects to. A POST
 * has `body`, in ASCII, or else `bodyBytes` of anything.
 */
export type PlannedRequest = {
  target: string;
  host?: string;
  method?: "GET" | "POST";
  bodyBytes?: number;
  body?: string;
};

/** When a load ends: after so many seconds, or after `count` requests that are due evenly within `withinSeconds`. */
export type Bound = { seconds: number } | { count: number; withinSeconds: number };

/** What the load process is asked to do. */
export type LoadPlan = {
  port: number;
  connections: number;
  /** Each is sent in order on one connection; the next request leaves when the one before it is answered. */
  scripts: PlannedRequest[][];
  until: Bound;
  /** What is answered within the first milliseconds counts for the totals but not for rate and latency. */
  warmUpMs: number;
};

/** What came of a load. Latencies are in milliseconds; in a load with a count they run from the moment a request was due. */
export type LoadResult = {
  /** Every 2xx answer, those of the warm-up included. */
  ok: number;
  /** All other answers by status; 0 stands for a connection that broke. */
  others: Record<string, number>;
  perSecond: number;
  p50: number;
  p99: number;
  max: number;
  /** From the first request until the last answer. */
  seconds: number;
  /** Processor time of the load process for each request, in microseconds. */
  cpuMicros: number;
};
