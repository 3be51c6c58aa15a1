import { type Dialect, type RequestLine, segmentsAfter, splitTarget } from "../dialect";
import { readTokenPath } from "../token-path";
import { answerInText, methodRefusal, NOT_FOUND, refuseInText } from "./text-answer";

const NAME = "better-stack";
const PREFIX = "/api/v1/heartbeat/";

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!line.target.startsWith(PREFIX)) return null;
  const refused = methodRefusal(line.method);
  if (refused !== null) return refused;
  const said = readTokenPath(segmentsAfter(PREFIX, splitTarget(line.target).path));
  if (said === null) return NOT_FOUND;
  return { ...said, source: NAME, rid: null, run: "named", details: null, refusal: null };
}

/** Heartbeats of Better Stack: `/api/v1/heartbeat/<token>`, with `/fail` or an exit code; a body is output of the job. */
export const betterStack: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInText,
  answer: (verdict, { refusal }) => answerInText(verdict, refusal),
};
