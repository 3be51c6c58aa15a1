/** Asks for an approval from a POSIX shell. `url` is the address of this installation. */
export const askCommand = (url: string): string =>
  `curl -fsS ${url}/api/approvals \\
  -H "Authorization: Bearer $PULSETRAIL_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"context": "Publish the article: Q4 earnings report", "timeout_seconds": 300}'`;
