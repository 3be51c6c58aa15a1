import { describe, expect, test } from "vitest";
import type { AlertFacts } from "@/lib/channels/kind";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { renderMail } from "./render";

const channel = { name: "Ops mail", projectName: "Shop" };
const check = {
  id: "c1",
  name: "Nightly backup",
  slug: "nightly",
  tags: "db prod",
  status: "down",
  schedule: "every 1 hour",
  grace_seconds: 300,
  last_ping_at: "2026-11-20T11:00:00.000Z",
};
const down: AlertFacts = {
  id: 7,
  projectId: "p1",
  type: "check.down",
  severity: "critical",
  subject: { type: "check", id: "c1", name: "Nightly backup" },
  message: '"Nightly backup" is down: no signal since 2026-11-20 11:00:00 UTC.',
  data: { check, reason: "timeout", at: "2026-11-20T12:05:00.000Z" },
  occurredAt: new Date("2026-11-20T12:05:00Z"),
};
const up: AlertFacts = {
  ...down,
  id: 8,
  type: "check.up",
  severity: "info",
  message: '"Nightly backup" is up again after 10 minutes down.',
  data: {
    check: { ...check, status: "up" },
    at: "2026-11-20T12:15:00.000Z",
    down_since: "2026-11-20T12:05:00.000Z",
    downtime_seconds: 600,
  },
  occurredAt: new Date("2026-11-20T12:15:00Z"),
};

describe("the mail about an alert", () => {
  test("says what broke, since when, what was expected and where to look, in text and HTML", () => {
    const mail = renderMail(down, channel);
    expect(mail.subject).toBe("DOWN: Nightly backup");
    expect(mail.text).toBe(`"Nightly backup" is down: no signal since 2026-11-20 11:00:00 UTC.

Since:       2026-11-20 12:05:00 UTC
Schedule:    every 1 hour, 5 minutes of grace
Last signal: 2026-11-20 11:00:00 UTC
Tags:        db prod

Details: http://pulsetrail.test/projects/p1/checks/c1

-- 
You get this mail because the channel "Ops mail" of the project "Shop" sends its alerts to you.
Change it: http://pulsetrail.test/projects/p1/channels
`);
    for (const part of [
      "no signal since",
      "2026-11-20 12:05:00 UTC",
      "every 1 hour, 5 minutes of grace",
      'href="http://pulsetrail.test/projects/p1/checks/c1"',
    ]) {
      expect(mail.html).toContain(part);
    }
  });

  test("of the recovery joins the thread of the outage and tells its length", () => {
    const [first, second, next] = [down, up, { ...down, data: { check, at: "2026-11-21T12:05:00.000Z" } }].map(
      (alert) => renderMail(alert, channel),
    );
    expect(second?.text).toMatch(/^Was down: +10 minutes$/m);
    expect(second?.headers["References"]).toBe(first?.headers["References"]);
    expect(second?.headers["In-Reply-To"]).toBe(first?.headers["References"]);
    expect(next?.headers["References"]).not.toBe(first?.headers["References"]);
    expect(first?.headers["References"]).toMatch(/^<[^\s<>]+@pulsetrail\.test>$/);
  });

  test("about a workflow tells of one instance, in one thread and with a link to it", () => {
    const { failed, completed, missed, strayed } = workflowAlerts();
    const mail = renderMail(factsFrom(failed), channel);
    expect(mail.subject).toBe("FAILED: Nightly model");
    expect(mail.text).toBe(`"Nightly model" failed: Stage 2 failed.

Failed:   2026-11-20 12:05:00 UTC
Reason:   Stage 2 failed
Stage:    stage 2
Instance: s1
Agent:    fetcher
Started:  2026-11-20 12:00:00 UTC
Steps:    1

Details: http://pulsetrail.test/projects/p1/instances/s1

-- 
You get this mail because the channel "Ops mail" of the project "Shop" sends its alerts to you.
Change it: http://pulsetrail.test/projects/p1/channels
`);
    expect(mail.html).toContain('href="http://pulsetrail.test/projects/p1/instances/s1"');
    expect(mail.html).toContain("Stage 2 failed");
    expect(mail.headers["References"]).toBe("<instance.s1@pulsetrail.test>");
    for (const other of [completed, missed])
      expect(renderMail(factsFrom(other), channel).headers["References"]).toBe(mail.headers["References"]);
    const stray = renderMail(factsFrom(strayed), channel);
    expect(stray.headers["References"]).not.toBe(mail.headers["References"]);
    expect(stray.text).toContain("Details: http://pulsetrail.test/projects/p1/workflows/swf1\n");
  });

  test("is green when a check is back or a workflow has completed, and only then", () => {
    const { failed, missed, completed } = workflowAlerts();
    const colour = (alert: AlertFacts) =>
      /background:(#[0-9a-f]{6});border-radius:7px/.exec(renderMail(alert, channel).html)?.[1];
    expect([up, factsFrom(completed)].map(colour)).toEqual(["#1d7a46", "#1d7a46"]);
    for (const bad of [down, factsFrom(failed), factsFrom(missed)]) expect(colour(bad)).not.toBe("#1d7a46");
  });

  test("shows what people typed as text, never as markup or as a header", () => {
    const evil = `<img src=x onerror="alert('1')">&\r\nBcc: x@evil.example`;
    const data = { check: { ...check, schedule: evil, tags: evil } };
    const mail = renderMail(
      { ...down, subject: { ...down.subject, name: evil }, message: evil, data },
      { name: evil, projectName: evil },
    );
    expect(mail.html).not.toContain("<img");
    expect(mail.html).toContain("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;");
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(Object.values(mail.headers).join("")).not.toContain("evil");
  });

  test.each([[null], ["text"], [{}], [{ check: { last_ping_at: null } }], [{ check: { schedule: 5 } }]])(
    "makes do with the data %j",
    (data) => {
      const mail = renderMail({ ...down, data }, channel);
      expect(mail.text).toContain("Since:");
      expect(mail.html).toContain("DOWN");
    },
  );

  test.each([
    ["channel", "http://pulsetrail.test/projects/p1/channels"],
    ["workflow", "http://pulsetrail.test/projects/p1/workflows/c1"],
    ["project", "http://pulsetrail.test/projects/p1/alerts"],
  ])("about a %s links to %s", (type, link) => {
    expect(renderMail({ ...down, subject: { ...down.subject, type } }, channel).text).toContain(`Details: ${link}\n`);
  });
});
