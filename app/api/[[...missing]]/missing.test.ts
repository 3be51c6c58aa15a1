import { expect, test } from "vitest";
import { call } from "@/lib/testing/http";
import { DELETE, GET, OPTIONS, PATCH, POST, PUT } from "./route";

test.each([GET, POST, PUT, PATCH, DELETE, OPTIONS])(
  "an unknown address is a problem, by whatever method (%#)",
  async (handler) => {
    const answer = await call(handler, { path: "/api/nonsense" });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ code: "not_found", status: 404 });
  },
);
