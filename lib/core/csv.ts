/** What spreadsheets take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** One cell of a CSV file (RFC 4180). Text that a spreadsheet would run gets an apostrophe, which makes it text. */
export function csvCell(text: string | null): string {
  if (text === null) return "";
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The media type of a CSV file whose first line names its columns. */
export const CSV_TYPE = "text/csv; charset=utf-8; header=present";
