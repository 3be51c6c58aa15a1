import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { deliverDue } from "@/lib/alerts/deliver";
import { pool } from "@/lib/db/pool";
import { approvalAlerts, callBack, wholeDatabase } from "@/lib/testing/approval-alerts";
import { stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeProject } from "@/lib/testing/world";

test("the decision is posted as the approval is read, signed with the secret of the project", async () => {
  const project = await makeProject();
  const sink = await openSink({ status: 204 });
  const id = await callBack(project, `${sink.url}/decided?token=hidden-token`, "apr_decided1");
  await deliverDue({ limit: 10 });
  expect(await stored(id)).toMatchObject({ status: "sent", response_status: 204 });
  const [{ headers, body, path } = { headers: {}, body: "", path: "" }] = sink.received;
  expect([path, headers["content-type"], headers["webhook-id"]]).toEqual([
    "/decided?token=hidden-token",
    "application/json",
    id,
  ]);
  const verified = new Webhook(project.webhookSecret).verify(body, headers as Record<string, string>); // these headers come once each
  const { decided } = approvalAlerts({ approval_id: "apr_decided1" });
  expect(verified).toEqual({
    type: "approval.decided",
    timestamp: "2026-11-20T12:02:00.000Z",
    data: JSON.parse(JSON.stringify(decided.data)),
  });
  expect(await wholeDatabase()).not.toContain("hidden-token");
});

test("an answer that repeats the address shows none of its secrets in the log", async () => {
  const project = await makeProject();
  const sink = await openSink({
    status: 400,
    body: "no /hooks/secret-path?key=secret-query here: secret-query, secret-path",
  });
  const id = await callBack(project, `${sink.url}/hooks/secret-path?key=secret-query`);
  await deliverDue({ limit: 10 });
  expect((await stored(id)).error).toBe("HTTP 400: no *** here: ***, ***");
});

test.each(["http://10.0.0.1/", "http://169.254.169.254/latest"])("%s is never reached", async (url) => {
  const project = await makeProject();
  const id = await callBack(project, url);
  await deliverDue({ limit: 10 });
  expect(await stored(id)).toMatchObject({ status: "pending", attempts: 1, error: "address not allowed" });
  await pool().query("DELETE FROM alerts");
});
