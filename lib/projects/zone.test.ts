import { expect, test } from "vitest";
import { requireKnownZone } from "./zone";

test("a zone that the database reckons days in is taken, another one is refused by name", async () => {
  await requireKnownZone("America/New_York");
  await requireKnownZone("UTC");
  await expect(requireKnownZone("America/Atlantis")).rejects.toMatchObject({
    code: "invalid_input",
    message: "time_zone: is not known to the database, whose list of zones is older",
  });
});
