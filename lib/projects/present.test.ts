import { expect, test } from "vitest";
import { actionWords, deviceWords, keyStatus } from "./present";

test.each([
  ["check.create", "made the check"],
  ["check.pause", "paused the check"],
  ["alert.acknowledge", "acknowledged the alert"],
  ["member.role.viewer", "gave the role viewer to"],
  ["project.rotate_ping_key", "replaced the ping key"],
  ["robot.dance_well", "dance well the robot"],
])("%s: %s", (action, words) => {
  expect(actionWords(action)).toBe(words);
});

test.each([
  [{ revoked_at: null, expires_at: null }, "active"],
  [{ revoked_at: null, expires_at: "2026-01-01T00:00:01Z" }, "active"],
  [{ revoked_at: null, expires_at: "2026-01-01T00:00:00Z" }, "expired"],
  [{ revoked_at: "2025-01-01T00:00:00Z", expires_at: "2025-01-01T00:00:00Z" }, "revoked"],
])("a key of %j is %s", (key, status) => {
  expect(keyStatus(key, Date.UTC(2026, 0, 1))).toBe(status);
});

test.each([
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
    "Chrome on Linux",
  ],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1", "Safari on iOS"],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"],
  ["curl/8.0", "curl/8.0"],
  ["", "Unknown device"],
])("%s is %s", (userAgent, words) => {
  expect(deviceWords(userAgent)).toBe(words);
});
