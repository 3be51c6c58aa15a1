import fc from "fast-check";
import { expect, test } from "vitest";
import { MARK, withoutMark, withTokens } from "./tokens";

const tokens = { approve: "A".repeat(43), deny: "D".repeat(43) };
const mail = (text: string, html = text) => ({ subject: "x", text, html, headers: {} });

test("the first place gets the token that approves, the second that which denies", () => {
  const filled = withTokens(mail(`a/${MARK} d/${MARK}`, `<a href="/${MARK}"><a href="/${MARK}">`), tokens);
  expect(filled.text).toBe(`a/${tokens.approve} d/${tokens.deny}`);
  expect(filled.html).toBe(`<a href="/${tokens.approve}"><a href="/${tokens.deny}">`);
});

test.each(["", MARK, MARK.repeat(3), `${MARK} ${MARK} ${MARK}`])("a mail with %j in it is not sent", (text) => {
  const good = `${MARK} ${MARK}`;
  expect(() => withTokens(mail(text, good), tokens)).toThrow("two places");
  expect(() => withTokens(mail(good, text), tokens)).toThrow("two places");
});

test("no text of others can take the place of a token", () => {
  const bullets = fc.string({ unit: fc.constantFrom("•", "a", "\u200b", " "), maxLength: 30 });
  fc.assert(
    fc.property(bullets, bullets, (before, after) => {
      const text = `${withoutMark(before)}/${MARK} /${MARK} ${withoutMark(after)}`;
      expect(withTokens(mail(text), tokens).text).toContain(`/${tokens.approve} /${tokens.deny}`);
    }),
  );
});
