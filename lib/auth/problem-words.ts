/**
 * What a code of `/sign-in?error=` means, in words. Most codes are next-auth's; `RateLimited`, `Unverified`, `Cookies`
 * and `Unavailable` are our own.
 */
const WORDS: Partial<Record<string, string>> = {
  CredentialsSignin: "The address or the password is not right.",
  AccessDenied: "Nobody here has the address of this account, and sign-up is closed. Ask for an invitation.",
  Unverified: "The other site has not verified the address of this account. Verify it there, or sign in another way.",
  Callback: "Signing in at the other site was cancelled or went wrong. Try again, or sign in another way.",
  OAuthCallback:
    "The answer of the other site was not the one that was waited for, or came too late. Start again here.",
  OAuthSignin: "The other site cannot be reached at the moment. Try again in a while, or sign in another way.",
  Configuration: "Signing in is not set up well here. Whoever runs this installation finds the reason in its log.",
  Cookies: "Signing in did not work. It needs cookies: allow them for this site and try again.",
  Unavailable: "Signing in does not work at the moment. Try again in a while.",
};

/** How long is left, in words: `in 5 minutes`. */
function inWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 1 ? "in a minute" : `in ${minutes} minutes`;
}

/** What is said to whom must wait. */
export const waitWords = (seconds: number): string => `Too many attempts. Try again ${inWords(seconds)}.`;

/** The code that stands for too many attempts; it carries how long to wait. */
export const waitCode = (seconds: number): string => `RateLimited:${seconds}`;

/** What went wrong when somebody signed in, in words; every code has some. */
export function problemWords(code: string): string {
  const wait = /^RateLimited:(\d{1,6})$/.exec(code)?.[1];
  if (wait !== undefined) return waitWords(Number(wait));
  const known = Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  return known ?? "Signing in did not work. Try again.";
}
