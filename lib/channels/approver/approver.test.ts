import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deliverDue } from "@/lib/alerts/deliver";
import { getDelivery } from "@/lib/alerts/queries";
import { pool } from "@/lib/db/pool";
import { settle } from "@/lib/env";
import { askByMail, decideStored, wholeDatabase } from "@/lib/testing/approval-alerts";
import { expireLeases, skipWaits, stored } from "@/lib/testing/outbox";
import { openSink, type Reply } from "@/lib/testing/sink";
import { makeProject, type TestProject } from "@/lib/testing/world";

const APPROVE = "approve0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DENY = "deny0123456789abcdefghijklmnopqrstuvwxyz-_";
const TO = { to: "ann@example.com", approve: APPROVE, deny: DENY };
const TAKEN: Reply = { status: 200, body: '{"id":"1"}' };

let project: TestProject;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  project = await makeProject();
});
afterEach(() => settle({ RESEND_API_KEY: "", RESEND_BASE_URL: "" }));

async function mailService(...script: Reply[]) {
  const sink = await openSink(...script);
  settle({ RESEND_API_KEY: "re_secret", EMAIL_FROM: "pulsetrail@example.com", RESEND_BASE_URL: sink.url });
  return sink;
}

describe("a mail to an approver", () => {
  test("leaves with the tokens of its links, which are kept nowhere but sealed, and nowhere once it left", async () => {
    const sink = await mailService({ status: 500, body: "{}" }, TAKEN);
    const { id } = await askByMail(project, TO);
    const sealed = async () =>
      (await pool().query("SELECT direct_config FROM deliveries WHERE id = $1", [id])).rows[0]?.direct_config;
    const noToken = async () => {
      const all = await wholeDatabase();
      expect(all).toContain("ann@example.com");
      for (const token of [APPROVE, DENY])
        for (const form of [token, Buffer.from(token).toString("hex"), Buffer.from(token).toString("base64")])
          expect(all).not.toContain(form);
    };
    await noToken();
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "pending", attempts: 1 });
    expect(await sealed()).toEqual(expect.any(Buffer));
    await noToken();
    await skipWaits();
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 2, response_status: 200 });
    expect(await sealed()).toBeNull();
    await noToken();
    const [first, second] = sink.received;
    const { to, text, html } = JSON.parse(first?.body ?? "");
    expect(to).toBe("ann@example.com");
    expect(text).toContain(`\nApprove: http://pulsetrail.test/approve/${APPROVE}\n`);
    expect(text).toContain(`\nDeny:    http://pulsetrail.test/approve/${DENY}\n`);
    expect(html).toMatch(new RegExp(`/approve/${APPROVE}"[^>]*>Approve<[^]*/approve/${DENY}"[^>]*>Deny<`));
    expect(second?.body).toBe(first?.body);
    expect([first, second].map((one) => one?.headers["idempotency-key"])).toEqual([id, id]);
  });

  test("shows a mark where the tokens were in the log, and whom it went to", async () => {
    await mailService(TAKEN);
    const { id } = await askByMail(project, TO);
    await deliverDue({ limit: 10 });
    const shown = await getDelivery(project.caller, id);
    expect(shown).toMatchObject({ channel_id: null, recipient: "ann@example.com", event: "approval.requested" });
    expect(shown.message?.["text"]).toContain("Approve: http://pulsetrail.test/approve/•••\n");
  });

  test("that a worker had sent when it died leaves once more, byte by byte", async () => {
    const sink = await mailService(TAKEN);
    const { id } = await askByMail(project, TO);
    await pool().query("ALTER TABLE deliveries ADD CONSTRAINT no_mark CHECK (status <> 'sent') NOT VALID");
    await deliverDue({ limit: 10 });
    await pool().query("ALTER TABLE deliveries DROP CONSTRAINT no_mark");
    await pool().query("UPDATE alerts SET data = '{}', subject_name = 'changed meanwhile'");
    await expireLeases();
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 2 });
    const [first, second] = sink.received;
    expect([sink.received.length, second?.body]).toEqual([2, first?.body]);
    expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  });

  test("is not sent any more once it is decided, at the first attempt or a later one", async () => {
    const sink = await mailService({ status: 500, body: "{}" });
    const [late, decided] = [await askByMail(project, TO), await askByMail(project, TO)];
    await decideStored(decided.approvalId);
    await deliverDue({ limit: 10 });
    await decideStored(late.approvalId);
    await skipWaits();
    await deliverDue({ limit: 10 });
    expect(await stored(decided.id)).toMatchObject({ status: "failed", attempts: 0, error: "already decided" });
    expect(await stored(late.id)).toMatchObject({ status: "failed", attempts: 1, error: "already decided" });
    expect(sink.received).toHaveLength(1);
  });

  test("that the service repeats in its refusal leaves no token in the log", async () => {
    const message = `cannot mail ${APPROVE} and ${DENY}`;
    await mailService({ status: 422, body: JSON.stringify({ statusCode: 422, name: "validation_error", message }) });
    const { id } = await askByMail(project, TO);
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "failed", error: "cannot mail *** and ***" });
  });

  test("is kept without its tokens where no mail service is set up", async () => {
    const { id } = await askByMail(project, TO);
    await deliverDue({ limit: 10 });
    const kept = await stored(id);
    expect(kept).toMatchObject({ status: "sent", response_status: null });
    expect(kept.message?.["text"]).toContain("/approve/•••");
    expect(await wholeDatabase()).not.toContain(APPROVE);
  });
});
