import { detailsOf } from "../details";
import { type Dialect, isOnPingHost, type RequestLine, splitTarget } from "../dialect";
import { readStatus } from "../status-words";
import { answerInText, methodRefusal, OPEN, refuseInText } from "./text-answer";

const NAME = "dead-mans-snitch";
const SHAPE = /^\/([A-Za-z0-9]{10,100})\/?$/;
const TAKEN = { status: 202, text: "Got it, thanks!", headers: OPEN };

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!isOnPingHost(line)) return null;
  const { path, query } = splitTarget(line.target);
  const token = SHAPE.exec(path)?.[1];
  if (token === undefined) return null;
  const refused = methodRefusal(line.method);
  if (refused !== null) return refused;
  const status = query.get("s") ?? "";
  return {
    source: NAME,
    target: { by: "token", token },
    kind: status === "" || status === "0" ? "success" : "fail",
    exitStatus: readStatus(status).exitStatus,
    rid: null,
    run: "named",
    details: detailsOf({
      message: query.get("m"),
      status: readStatus(status).exitStatus === null ? status : undefined,
    }),
    refusal: null,
  };
}

/** Dead Man's Snitch: `/<token>?m=&s=` on the ping host. `s` other than empty or 0 is a failure. */
export const deadMansSnitch: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInText,
  answer: (verdict, { refusal }) => answerInText(verdict, refusal, TAKEN),
};
