import { describe, expect, test } from "vitest";
import type { Approval } from "@/lib/approvals/schema";
import { approvalAlerts } from "@/lib/testing/approval-alerts";
import { factsFrom } from "@/lib/testing/workflow-alerts";
import { renderDiscord } from "./discord/render";
import { renderMail } from "./email/render";
import { factsOf, incidentOf } from "./facts";
import type { AlertFacts } from "./kind";
import { renderPagerduty } from "./pagerduty/render";
import { renderSlack } from "./slack/render";
import { renderWebhook } from "./webhook/render";

const channel = { name: "Ops", projectName: "Shop" };
const PAGE = "http://pulsetrail.test/projects/p1/approvals/apr_8k2m4n6p";

const requested = (changes: Partial<Approval> = {}) => factsFrom(approvalAlerts(changes).requested);
const decided = (changes: Partial<Approval> = {}) => factsFrom(approvalAlerts(changes).decided);
const pairs = (alert: AlertFacts) => factsOf(alert).map(({ label, value }) => [label, value]);

describe("facts of an approval", () => {
  test("that is asked for", () => {
    expect(pairs(requested({ need: 2, instance_id: "s1", stage_path: "2.1", timeout_action: "approve" }))).toEqual([
      ["Asked by", "key:writer"],
      ["Risk", "medium"],
      ["Action", "publish"],
      ["Instance", "s1"],
      ["Stage", "2.1"],
      ["Needs", "2 approvals"],
      ["Expires", "2026-11-20 12:05:00 UTC"],
      ["If nobody decides", "it is approved"],
    ]);
  });

  test("that was decided", () => {
    expect(pairs(decided({ action: null }))).toEqual([
      ["Decision", "approved"],
      ["Decided by", "ann@\u200bexample.\u200bcom"],
      ["Decided", "2026-11-20 12:02:00 UTC"],
      ["Notes", "Looks good, proceed!"],
      ["Asked by", "key:writer"],
      ["Risk", "medium"],
    ]);
    expect(pairs(decided({ decided_by: "timeout", status: "denied", notes: null })).slice(0, 3)).toEqual([
      ["Decision", "denied"],
      ["Decided by", "nobody: its time ran out"],
      ["Decided", "2026-11-20 12:02:00 UTC"],
    ]);
  });

  test.each([[null], ["text"], [{ risk: "huge" }], [{}]])("of which only %j is known are none", (data) => {
    expect(pairs({ ...requested(), data })).toEqual([]);
  });

  test("have one name for the question and its answer", () => {
    expect([incidentOf(requested()), incidentOf(decided())]).toEqual(Array(2).fill("approval.apr_8k2m4n6p"));
  });
});

describe("every kind of channel", () => {
  test("Slack tells the facts and leads to the page", () => {
    const asked = JSON.stringify(renderSlack(requested({ risk: "high" }), channel).blocks);
    for (const part of [
      "🔴 APPROVAL NEEDED: Publish blog post",
      "Risk: high",
      "Needs: 1 approval",
      `<${PAGE}|See the details>`,
    ])
      expect(asked).toContain(part);
    const answered = JSON.stringify(renderSlack(decided(), channel).blocks);
    for (const part of ["APPROVAL DECIDED", "Decision: approved", "Notes: Looks good, proceed!", `<${PAGE}|`])
      expect(answered).toContain(part);
  });

  test("Discord tells the facts and leads to the page", () => {
    expect(renderDiscord(requested(), channel).embeds).toMatchObject([
      {
        title: "APPROVAL NEEDED: Publish blog post: Q4 Earnings Report",
        url: PAGE,
        fields: expect.arrayContaining([{ name: "Asked by", value: "key:writer", inline: true }]),
      },
    ]);
    expect(JSON.stringify(renderDiscord(decided(), channel))).toContain("Looks good, proceed!");
  });

  test("a webhook gets the approval as it is read, with what every alert has", () => {
    const alert = requested();
    expect(JSON.parse(renderWebhook(alert).body)).toEqual({
      type: "approval.requested",
      timestamp: "2026-11-20T12:00:00.000Z",
      data: {
        ...(alert.data as object), // the facts of an approval are one
        alert_id: 21,
        project_id: "p1",
        severity: "warning",
        subject: { type: "approval", id: "apr_8k2m4n6p", name: "Publish blog post: Q4 Earnings Report" },
        message: "key:writer asks for an approval.",
      },
    });
  });

  test("a mail tells the facts, and answer and question are one thread", () => {
    const [asked, answered] = [renderMail(requested(), channel), renderMail(decided(), channel)];
    expect(asked.subject).toBe("APPROVAL NEEDED: Publish blog post: Q4 Earnings Report");
    expect(asked.text).toContain("Expires:           2026-11-20 12:05:00 UTC\n");
    expect(asked.text).toContain(`Details: ${PAGE}\n`);
    expect(answered.text).toMatch(/^Decision: +approved$/m);
    expect(answered.headers).toEqual(asked.headers);
  });

  test.each(["low", "medium", "high"] as const)("PagerDuty holds one of %s risk open until it is decided", (risk) => {
    const [opened, ...rest] = renderPagerduty(requested({ risk }), channel).events;
    expect(opened).toMatchObject({
      event_action: "trigger",
      dedup_key: "pt:alert.21",
      payload: { class: "approval.requested", custom_details: { Risk: risk, "Asked by": "key:writer" } },
      links: [{ href: PAGE }],
    });
    expect(rest).toEqual([]);
    const over = renderPagerduty({ ...requested({ risk }), type: "approval.requested.resolved" }, channel).events;
    expect(over).toEqual([{ event_action: "resolve", dedup_key: "pt:alert.21" }]);
  });

  test("what the requester wrote mentions nobody and makes no link", () => {
    const evil =
      "<!channel> @everyone <@U1> http://evil.example www.evil.example a@evil.example <http://evil.example|x> [x](http://evil.example)";
    const typed = { context: evil, action: evil, requested_by: evil, notes: evil, decided_by: evil, instance_id: null };
    for (const told of [requested(typed), decided(typed)]) {
      const alert = { ...told, message: `Asked by ${evil}` };
      const slack = renderSlack(alert, channel);
      expect(JSON.stringify(slack).match(/</g)).toHaveLength(1);
      for (const message of [
        slack,
        renderDiscord(alert, channel),
        renderPagerduty(alert, channel),
        renderMail(alert, channel).html,
        renderMail(alert, channel).text,
      ])
        expect(JSON.stringify(message)).not.toMatch(/http:\/\/evil|evil\.example|[^\\]@(everyone|U1|evil)/);
    }
  });
});
