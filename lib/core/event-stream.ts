/** Where the events of one listener go. */
export type Outlet = {
  /** Whether what was written so far has left, or nearly; else more would pile up. */
  hasRoom: () => boolean;
  write: (chunk: Uint8Array) => void;
  /** Ends the answer. */
  end: () => void;
  /** Breaks the answer off, with whatever still waits to leave. */
  drop: () => void;
};

type ServerEvent = {
  event: string;
  data: unknown;
  /** Where a listener that was cut off goes on after this event. */
  id?: number | undefined;
};

const encoder = new TextEncoder();

/** A server-sent event (HTML standard §9.2) as bytes that any number of listeners can be given. Its data is one line of JSON. */
export function encodeEvent({ event, data, id }: ServerEvent): Uint8Array {
  const named = id === undefined ? "" : `id: ${id}\n`;
  return encoder.encode(`${named}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Sent now and then, so that neither end takes silence for the end. */
export const HEARTBEAT: Uint8Array = encoder.encode(":\n\n");

/** How soon a listener that was cut off comes back. Takes milliseconds. */
export const encodeRetry = (ms: number): Uint8Array => encoder.encode(`retry: ${ms}\n\n`);
