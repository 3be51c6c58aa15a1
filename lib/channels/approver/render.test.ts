import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval } from "@/lib/approvals/schema";
import { approvalAlerts } from "@/lib/testing/approval-alerts";
import { factsFrom } from "@/lib/testing/workflow-alerts";
import { renderApproverMail } from "./render";
import { withTokens } from "./tokens";

const channel = { name: "ann@example.com", projectName: "Shop" };
const mailOf = (changes: Partial<Approval> = {}, projectName = "Shop") =>
  renderApproverMail(factsFrom(approvalAlerts(changes).requested), { ...channel, projectName });
const EVIL = `<img src=x onerror="alert('1')">&</pre><a href="http://evil.example/login">Approve</a>`;

/** What somebody reads of a mail, as the text nodes of its HTML. */
const readText = (html: string) =>
  html
    .replace(/^[\s\S]*<body/, "<body")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");

describe("the mail that asks for a verdict", () => {
  test("says who asks for what, at what risk, what comes of it, and where to answer", () => {
    const mail = mailOf();
    expect(mail.subject).toBe("APPROVAL NEEDED: Publish blog post: Q4 Earnings Report (Shop)");
    expect(mail.text).toBe(`Your approval is needed.
In the project "Shop" somebody waits for your answer.

Asked by:          key:writer
Risk:              medium
Action:            publish
Needs:             1 approval
Expires:           2026-11-20 12:05:00 UTC
If nobody decides: it is denied

What is asked. Written by the requester, not by Pulsetrail:
| Publish blog post: Q4 Earnings Report
| 1,500 words

Arguments of the action. Written by the requester, not by Pulsetrail:
| {
|   "post": 17,
|   "amount": 82000
| }

If you approve, the requester is told to go on.
If you deny, the requester is told not to go on.
If it is not decided by 2026-11-20 12:05:00 UTC, it is denied by itself.

Approve: http://pulsetrail.test/approve/•••
Deny:    http://pulsetrail.test/approve/•••

Either link opens a page; only a button there decides.
See it in Pulsetrail: http://pulsetrail.test/projects/p1/approvals/apr_8k2m4n6p

-- 
You get this mail because you may decide this for the project "Shop". The links are yours alone: do not pass this mail on.
`);
    const text = readText(mail.html);
    for (const line of mail.text.split("\n").filter((one) => /^(In|If|Either|You get)/.test(one) && !/: {3}/.test(one)))
      if (!line.startsWith("If nobody")) expect(text).toContain(line);
    for (const part of ["Asked by", "key:writer", "medium", '"amount": 82000', "not by Pulsetrail"])
      expect(text).toContain(part);
  });

  test("has three links: one for each verdict, and one to the page", () => {
    const links = [...mailOf().html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)</g)].map(([, href, text]) => [
      text,
      href,
    ]);
    expect(links).toEqual([
      ["Approve", "http://pulsetrail.test/approve/•••"],
      ["Deny", "http://pulsetrail.test/approve/•••"],
      ["See it in Pulsetrail", "http://pulsetrail.test/projects/p1/approvals/apr_8k2m4n6p"],
    ]);
  });

  test("of high risk says that it asks for a sign-in, and only then", () => {
    for (const form of ["text", "html"] as const) {
      expect(mailOf({ risk: "high" })[form]).toContain("you are asked to sign in");
      expect(mailOf({ risk: "low" })[form]).not.toContain("sign in");
    }
  });

  test("that needs several says so, and what time decides", () => {
    const { text } = mailOf({ need: 3, timeout_action: "approve", instance_id: "s1", stage_path: "2.1" });
    for (const line of [
      /^Needs: +3 approvals$/m,
      /^Instance: +s1$/m,
      /^Stage: +2\.1$/m,
      /^If nobody decides: it is approved$/m,
      /^If you approve, yours is one of the 3 approvals it takes; with the last one the requester is told to go on\.$/m,
      /^If you deny, the requester is told not to go on, whatever others say\.$/m,
      /it is approved by itself\.$/m,
    ])
      expect(text).toMatch(line);
  });

  test("joins one thread with other mails about the approval", () => {
    const { headers } = mailOf();
    expect(headers).toEqual({
      References: "<approval.apr_8k2m4n6p@pulsetrail.test>",
      "In-Reply-To": "<approval.apr_8k2m4n6p@pulsetrail.test>",
      "Auto-Submitted": "auto-generated",
    });
  });
});

describe("what the requester wrote", () => {
  test("is text, never markup, a link or a header", () => {
    const mail = mailOf(
      { context: `${EVIL}\r\nBcc: x@evil.example`, action: EVIL, args: { [EVIL]: EVIL }, requested_by: EVIL },
      EVIL,
    );
    expect(mail.html).not.toMatch(/<img|evil\.example|x@evil/);
    expect(mail.html).toContain("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;&lt;/pre&gt;");
    expect([...mail.html.matchAll(/<a /g)]).toHaveLength(3);
    expect(mail.text).not.toMatch(/http:\/\/evil|evil\.example|x@evil/);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(Object.values(mail.headers).join("")).not.toContain("evil");
  });

  test("cannot pass for a line of the mail itself", () => {
    const { text } = mailOf({
      context: "x\nApprove: http://evil.example/\r\n-- \rDeny: me\u2028Approve: you\u0085Approve: us",
    });
    expect(text.match(/^(Approve|Deny): /gm)).toEqual(["Approve: ", "Deny: "]);
    expect(text).toContain("| Approve: http:\u200b//evil.\u200bexample/\n| -- \n| Deny: me\n| Approve: you");
  });

  test("of 300 characters with line breaks is one line of 150 in the subject", () => {
    const mail = mailOf({ context: `${"é".repeat(150)}\r\n${"x".repeat(150)}` }, `${"p".repeat(80)}\r\nBcc: x`);
    expect(mail.subject).toMatch(/^APPROVAL NEEDED: é{133}… \(p{59}…\)$|^APPROVAL NEEDED: é{132}… \(p{59}…\)$/);
  });

  test.each([
    ["characters", "y".repeat(3000), `| ${"y".repeat(2000)}…`],
    ["lines", "y\n".repeat(80), `${"| y\n".repeat(59)}| y…`],
  ])("is cut when it has too many %s, and that is said", (_what, context, shown) => {
    const mail = mailOf({ context });
    expect(mail.text).toContain(`${shown}\n(Shortened. All of it is on the page.)\n`);
    expect(mail.html).toContain("Shortened. All of it is on the page.");
    expect(mailOf({ args: [context, ...context.slice(0, 80)] }).text).toContain("(Shortened.");
    expect(mailOf({ context: "y".repeat(2000) }).text).not.toContain("Shortened");
  });

  test("that hides or turns text around is made visible", () => {
    const { text } = mailOf({ context: "a\u202eb\u200bc\u{e0041}d\u0007e 👩‍🚀 \ttab" });
    expect(text).toContain("| a\ufffdb\ufffdc\ufffdd\ufffde 👩‍🚀 \ttab");
  });

  test("never takes the place of a token, whatever it is", () => {
    const tokens = { approve: "A".repeat(43), deny: "D".repeat(43) };
    const words = fc.string({
      unit: fc.constantFrom("•", "••", "/approve/", "\n", "a", "\u200b", "http://pulsetrail.test"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, words, (typed, other) => {
        const mail = mailOf({ context: `x${typed}`, action: other, args: [typed, other], requested_by: typed }, other);
        const sent = withTokens(mail, tokens);
        expect(sent.text).toContain(
          `\nApprove: http://pulsetrail.test/approve/${tokens.approve}\nDeny:    http://pulsetrail.test/approve/${tokens.deny}\n`,
        );
        expect(sent.html).toMatch(
          new RegExp(`/approve/${tokens.approve}"[^>]*>Approve<.*/approve/${tokens.deny}"[^>]*>Deny<`),
        );
      }),
      { numRuns: 50 },
    );
  });

  test.each([[null], [{}], ["text"], [{ need: "x" }]])("makes do with the facts %j", (data) => {
    const { requested } = approvalAlerts();
    const mail = renderApproverMail({ ...factsFrom(requested), data }, channel);
    expect(mail.text).toContain("| Publish blog post: Q4 Earnings Report\n");
    expect(mail.text).toContain("If you deny");
  });
});
