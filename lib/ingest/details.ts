import type { JsonObject } from "@/lib/core/json-object";
import { parseDuration } from "./duration";
import { storableObject, textOf } from "./json";
import type { Details } from "./signal";

const MESSAGE_LENGTH = 2000;
const STATUS_LENGTH = 100;
const DURATION_LENGTH = 100;
/** Bytes of metadata that are kept as such, as of a body. */
const METADATA_LIMIT = 10_000;

/** What a client said, of any type; `durationMs` for those that report milliseconds. */
export type Said = {
  message?: unknown;
  status?: unknown;
  duration?: unknown;
  durationMs?: unknown;
  metadata?: JsonObject;
};

type Duration = Pick<Details, "reported_duration_ms" | "reported_duration">;

function durationOf({ duration, durationMs }: Said): Duration {
  const said = duration ?? durationMs;
  const text = textOf(said, DURATION_LENGTH);
  if (text === undefined) return {};
  const ms = duration === undefined ? parseDuration(`${text}ms`) : parseDuration(text);
  return ms === null ? { reported_duration: text } : { reported_duration_ms: ms };
}

function metadataOf(metadata: JsonObject | undefined): Pick<Details, "metadata"> {
  if (metadata === undefined || Object.keys(metadata).length === 0) return {};
  const stored = storableObject(metadata);
  const size = Buffer.byteLength(JSON.stringify(stored));
  return {
    metadata: size <= METADATA_LIMIT ? stored : { too_large: `${size} bytes were sent, ${METADATA_LIMIT} are kept` },
  };
}

/** What is shown beside a signal, cut to what is kept; null when nothing was said. */
export function detailsOf(said: Said): Details | null {
  const message = textOf(said.message, MESSAGE_LENGTH);
  const status = textOf(said.status, STATUS_LENGTH);
  const details: Details = {
    ...(message !== undefined && { message }),
    ...(status !== undefined && { status_text: status }),
    ...metadataOf(said.metadata),
    ...durationOf(said),
  };
  return Object.keys(details).length === 0 ? null : details;
}
