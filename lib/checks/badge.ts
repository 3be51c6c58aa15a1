import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { appSecret } from "@/lib/auth/app-secret";
import type { CheckView } from "@/lib/checks/store/view";
import { health } from "./state";

export type BadgeStatus = "up" | "late" | "down";
export type Badge = { label: string; status: BadgeStatus; health: ReturnType<typeof health> };

const COLORS: Record<BadgeStatus, string> = { up: "#4c1", late: "#fe7d37", down: "#e05d44" };
const SHIELDS_COLORS: Record<BadgeStatus, string> = { up: "success", late: "important", down: "critical" };

// A uuid is exactly one block, so one block without chaining is a keyed permutation of all uuids.
const CIPHER = "aes-256-ecb";

const key = () => Buffer.from(hkdfSync("sha256", appSecret(), "", "pulsetrail badge ids v1", 32));

const toUuid = (bytes: Buffer) => bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
const fromUuid = (uuid: string) => Buffer.from(uuid.replaceAll("-", ""), "hex");

/**
 * The public name of a check's badge. A badge is shown to the world and the check's uuid is all one needs to ping it,
 * so the badge has an id of its own, from which only this installation finds the way back.
 */
export function badgeId(checkId: string): string {
  const cipher = createCipheriv(CIPHER, key(), null).setAutoPadding(false);
  return toUuid(Buffer.concat([cipher.update(fromUuid(checkId)), cipher.final()]));
}

/** The check a badge id stands for; of a made-up id, the id of no check. */
export function checkIdOfBadge(id: string): string {
  const decipher = createDecipheriv(CIPHER, key(), null).setAutoPadding(false);
  return toUuid(Buffer.concat([decipher.update(fromUuid(id)), decipher.final()]));
}

/** What a badge says: new and paused count as up, and late is a status of its own only with three states. */
export function badgeOf({ fields, state, seenAt }: CheckView, states: 2 | 3): Badge {
  const now = health(state, seenAt);
  const isLate = now === "late" && states === 3;
  return {
    label: fields.name || fields.slug || "check",
    status: now === "down" ? "down" : isLate ? "late" : "up",
    health: now,
  };
}

export function badgeJson({ status, health: now }: Badge) {
  return { status, total: 1, grace: now === "late" ? 1 : 0, down: now === "down" ? 1 : 0 };
}

/** The answer shields.io asks of an endpoint badge. */
export function badgeShields({ label, status }: Badge) {
  return { schemaVersion: 1, label, message: status, color: SHIELDS_COLORS[status] };
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text that is safe in XML: escaped, and without the control characters XML has no way to write. */
function xml(text: string): string {
  return text.replace(/[\p{Cc}\uFFFE\uFFFF]/gu, " ").replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}

const PADDING = 10;
const CHARACTER_WIDTH = 7;

/** A flat badge, drawn with the fonts of the reader. */
export function badgeSvg({ label, status }: Badge): string {
  const left = [...label].length * CHARACTER_WIDTH + PADDING;
  const right = status.length * CHARACTER_WIDTH + PADDING;
  const words = [
    { x: left / 2, word: xml(label), width: left - PADDING },
    { x: left + right / 2, word: status, width: right - PADDING },
  ].map(
    ({ x, word, width }) =>
      `<text x="${x}" y="14" textLength="${width}" lengthAdjust="spacingAndGlyphs">${word}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${xml(label)}: ${status}">`,
    `<title>${xml(label)}: ${status}</title>`,
    `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#555"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLORS[status]}"/></g>`,
    `<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">${words.join("")}</g>`,
    "</svg>",
  ].join("");
}
