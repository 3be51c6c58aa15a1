import { PbfWriter } from "pbf";
import type { AppError } from "@/lib/core/errors";
import type { FormatName, Received } from "./receive";

const text = ({ rejected, reason }: Received): string => `${rejected} not kept; the first because ${reason}`;

/** The library's own way breaks characters beyond U+FFFF. */
const writeText = (field: number, words: string, pbf: PbfWriter): void =>
  pbf.writeBytesField(field, new Uint8Array(Buffer.from(words)));

/** ExportTraceServiceResponse in the form of its request: empty unless some spans were not kept. */
export function answerIn(format: FormatName, received: Received): Uint8Array {
  const isWhole = received.rejected === 0;
  if (format === "json") {
    const partialSuccess = { rejectedSpans: String(received.rejected), errorMessage: text(received) };
    return Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }));
  }
  const pbf = new PbfWriter();
  if (!isWhole) pbf.writeMessage(1, writePartial, received);
  return pbf.finish();
}

function writePartial(received: Received, pbf: PbfWriter): void {
  pbf.writeVarintField(1, received.rejected);
  writeText(2, text(received), pbf);
}

/** Codes of gRPC for what a client has done wrong, or has to wait for. */
const [INVALID_ARGUMENT, UNAVAILABLE] = [3, 14];

/** `google.rpc.Status`, which OTLP wants for a failure in protobuf. */
export function statusIn({ status, message }: AppError): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, status === 429 || status >= 500 ? UNAVAILABLE : INVALID_ARGUMENT);
  writeText(2, message, pbf);
  return pbf.finish();
}
