import { type Dialect, type RequestLine, segmentsAfter, splitTarget } from "../dialect";
import { readTokenPath } from "../token-path";
import { answerInText, methodRefusal, NOT_FOUND, refuseInText } from "./text-answer";

const NAME = "openstatus";
const PREFIX = "/heartbeat/";

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!line.target.startsWith(PREFIX)) return null;
  const refused = methodRefusal(line.method);
  if (refused !== null) return refused;
  const said = readTokenPath(segmentsAfter(PREFIX, splitTarget(line.target).path));
  if (said === null || said.exitStatus !== null) return NOT_FOUND;
  return { ...said, source: NAME, rid: null, run: "named", details: null, refusal: null };
}

/** Heartbeats of OpenStatus: `/heartbeat/<token>` and `/heartbeat/<token>/fail`; a body is output of the job. */
export const openstatus: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInText,
  answer: (verdict, { refusal }) => answerInText(verdict, refusal),
};
