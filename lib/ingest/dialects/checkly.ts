import { detailsOf } from "../details";
import { type Dialect, type RequestLine, segmentsAfter, splitTarget } from "../dialect";
import { readTokenPath } from "../token-path";
import { answerInText, methodRefusal, NOT_FOUND, refuseInText } from "./text-answer";

const NAME = "checkly";
const PREFIX = "/heartbeats/ping/";

const first = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? "";

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!line.target.startsWith(PREFIX)) return null;
  const refused = methodRefusal(line.method);
  if (refused !== null) return refused;
  const segments = segmentsAfter(PREFIX, splitTarget(line.target).path);
  const said = readTokenPath(segments);
  if (said === null || segments.length > 1) return NOT_FOUND;
  return {
    read: ({ headers, body }) => {
      const origin = first(headers["origin"]).slice(0, 200);
      const details = detailsOf({ metadata: origin === "" ? {} : { origin } });
      return { signal: { ...said, source: NAME, rid: null, run: "named", details, refusal: null }, body };
    },
  };
}

/**
 * Heartbeats of Checkly by their older address, `/heartbeats/ping/<uuid>`; the newer one has a uuid at the root, which is a
 * ping address already. The header `Origin` says where one came from. They only ever tell of success.
 */
export const checkly: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInText,
  answer: (verdict, { refusal }) => answerInText(verdict, refusal),
};
