import { hash } from "node:crypto";
import { escapeHtml } from "@/lib/channels/email/html";
import type { AppError } from "@/lib/core/errors";

// The colours and measures of the other pages, without their scripts and style sheets.
const STYLE = `:root{color-scheme:light dark}
body{margin:0;background:light-dark(#fbfcfc,#111518);color:light-dark(#0b0e10,#c3cacd);font:16px/1.55 'Geist Variable',system-ui,sans-serif}
main{box-sizing:border-box;max-width:560px;margin:0 auto;padding:56px 16px;overflow-wrap:anywhere}
h1{margin:0 0 16px;font-size:24px;line-height:1.25;font-weight:600}
a{color:light-dark(#0b6259,#54c8b5)}`;

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash("sha256", STYLE, "base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

type Surroundings = {
  /** Where to look again; null for the start. */
  back: string | null;
  headers: Record<string, string>;
};

/** A refusal as a page for people, with its status: a route cannot answer with one of the pages that Next renders. */
export function refusalPage({ status, message, headers: own }: AppError, { back, headers }: Surroundings): Response {
  const [href, words] = back === null ? ["/", "Back to the start"] : [back, "Look at it again"];
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Your answer was not counted · Pulsetrail</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Your answer was not counted</h1>
<p>${escapeHtml(message)}</p>
<p><a href="${escapeHtml(href)}">${words}</a></p>
</main>
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": POLICY,
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      ...headers,
      ...own,
    },
  });
}
