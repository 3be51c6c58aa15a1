import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExportFormat } from "./choices";
import { type ExportedRow, exportName, exportText, missedRow } from "./export";

/** Reads CSV as RFC 4180 says. */
function parseCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y;
  const rows: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const [, quoted, plain = "", behind] = cell.exec(text) ?? ["", "", "", ""];
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (behind === "\r\n" && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

const signal = (fields: Partial<ExportedRow> = {}): ExportedRow => ({
  ...missedRow("2026-01-31T08:00:00.000Z"),
  n: 1,
  kind: "success",
  source: "pingura",
  method: "GET",
  user_agent: "",
  ...fields,
});

async function* pagesOf(...pages: ExportedRow[][]) {
  yield* pages;
}

async function textOf(format: ExportFormat, ...pages: ExportedRow[][]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of exportText(format, pagesOf(...pages))) pieces.push(piece);
  return pieces.join("");
}

describe("a cell of CSV", () => {
  test("is read back as it was by whoever follows the standard, and never begins a formula", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (message, agent) => {
        const [, row = []] = parseCsv(await textOf("csv", [signal({ message, user_agent: agent })]));
        expect(row).toHaveLength(14);
        expect(row[9]?.replace(/^'(?=[=+\-@\t\r])/, "")).toBe(message);
        for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

test("CSV has a head, also when nothing follows", async () => {
  const head =
    "n,at,kind,source,run_id,exit_status,duration_ms,reported_duration_ms,status_text,message,metadata,remote_addr,method,user_agent\r\n";
  expect(await textOf("csv")).toBe(head);
  const page = [signal({ exit_status: 0, metadata: { rows: 3 } })];
  expect(await textOf("csv", page, page)).toBe(
    `${head}${'1,2026-01-31T08:00:00.000Z,success,pingura,,0,,,,,"{""rows"":3}",,GET,\r\n'.repeat(2)}`,
  );
});

test("an expected signal that did not come has no more than its moment", async () => {
  const missed = missedRow("2026-01-31T09:00:00.000Z");
  const [, line] = (await textOf("csv", [missed])).split("\r\n");
  expect(line).toBe(",2026-01-31T09:00:00.000Z,missed,,,,,,,,,,,");
  expect(JSON.parse(await textOf("json", [missed]))).toEqual([missed]);
});

test.each([[[]], [[2]], [[2, 0, 1]], [[1, 1]]])(
  "pages of %j signals make one array, and as many lines",
  async (sizes) => {
    let n = 0;
    const pages = sizes.map((size) =>
      Array.from({ length: size }, () => {
        n += 1;
        return signal({ n });
      }),
    );
    expect(JSON.parse(await textOf("json", ...pages))).toEqual(pages.flat());
    const lines = (await textOf("ndjson", ...pages)).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => JSON.parse(line))).toEqual(pages.flat());
  },
);

test("a file is called after the check and the days in it", () => {
  const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];
  const check = { name: "Nightly", slug: "nightly" };
  expect(exportName(check, { from, to }, "csv")).toBe("nightly-2026-01-01-to-2026-01-31.csv");
  expect(exportName(check, { from, to: null }, "json")).toBe("nightly-2026-01-01.json");
  expect(exportName(check, { from: null, to: null }, "ndjson")).toBe("nightly-history.ndjson");
  expect(exportName({ name: '../"x";\r\n ü', slug: "" }, { from: null, to }, "csv")).toBe("x-to-2026-01-31.csv");
  expect(exportName({ name: "…", slug: "" }, { from: null, to: null }, "csv")).toBe("check-history.csv");
});
