import type { NextAuthOptions, TokenSet } from "next-auth";
import GitHub, { type GithubProfile } from "next-auth/providers/github";
import Google, { type GoogleProfile } from "next-auth/providers/google";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

const ANSWER_MS = 5000;
const HOME = { github: "https://github.com", google: "https://accounts.google.com" };

const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));
type Emails = z.infer<typeof Emails>;

/** Where the API of a GitHub is: github.com and data-residency hosts have one of its own name, Enterprise Server a path. */
export function githubApi(site: string): string {
  const { protocol, host, hostname } = new URL(site);
  const ownHost = hostname === "github.com" || hostname.endsWith(".ghe.com");
  return ownHost ? `${protocol}//api.${host}` : `${protocol}//${host}/api/v3`;
}

/** The address that GitHub vouches for: a verified one, the primary if it is. */
export function verifiedAddress(emails: Emails): string | null {
  const verified = emails.filter((one) => one.verified);
  return (verified.find((one) => one.primary) ?? verified[0])?.email ?? null;
}

async function githubAddress(api: string, { access_token }: TokenSet): Promise<string | null> {
  const answer = await fetch(`${api}/user/emails?per_page=100`, {
    headers: { Authorization: `Bearer ${access_token}`, Accept: "application/vnd.github+json" },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (answer.ok) return verifiedAddress(Emails.parse(await answer.json()));
  log.warn({ status: answer.status }, "GitHub did not tell the addresses of somebody who signs in");
  return null;
}

function github(clientId: string, clientSecret: string): OAuthConfig<GithubProfile> {
  const site = env().GITHUB_URL ?? HOME.github;
  const api = githubApi(site);
  return GitHub({
    clientId,
    clientSecret,
    issuer: `${site}/login/oauth`,
    checks: ["pkce", "state"],
    authorization: `${site}/login/oauth/authorize`,
    token: `${site}/login/oauth/access_token`,
    userinfo: {
      url: `${api}/user`,
      // Not the address of the public profile, which need not be a verified one everywhere.
      request: async ({ client, tokens }) => ({
        ...(await client.userinfo<GithubProfile>(tokens.access_token ?? "")),
        email: (await githubAddress(api, tokens)) ?? "",
      }),
    },
  });
}

function google(clientId: string, clientSecret: string): OAuthConfig<GoogleProfile> {
  const issuer = env().GOOGLE_ISSUER ?? HOME.google;
  return Google({
    clientId,
    clientSecret,
    ...(issuer !== HOME.google && { name: new URL(issuer).host }),
    wellKnown: `${issuer}/.well-known/openid-configuration`,
  });
}

/** The providers that are set up here. */
export function outsideProviders(): NextAuthOptions["providers"] {
  const { GITHUB_ID, GITHUB_SECRET, GOOGLE_ID, GOOGLE_SECRET } = env();
  return [
    ...(GITHUB_ID && GITHUB_SECRET ? [github(GITHUB_ID, GITHUB_SECRET)] : []),
    ...(GOOGLE_ID && GOOGLE_SECRET ? [google(GOOGLE_ID, GOOGLE_SECRET)] : []),
  ];
}

export type ProviderName = { id: string; name: string };

/** How to sign in with what is set up here: for the pages. */
export function listProviderNames(): ProviderName[] {
  return outsideProviders().map(({ id, name, options }) => ({ id, name: String(options?.["name"] ?? name) }));
}

/** Under which name accounts of a provider are kept: another site's account of the same number is somebody else. */
export function accountSpace(provider: string): string {
  const { GITHUB_URL, GOOGLE_ISSUER } = env();
  const [set, home] = provider === "github" ? [GITHUB_URL, HOME.github] : [GOOGLE_ISSUER, HOME.google];
  return set === undefined || set === home ? provider : `${provider} ${set}`;
}

/** Whether the provider has verified the address: Google says so; of GitHub's, only verified ones are asked for. */
export function isVouched(provider: string, profile: object | undefined): boolean {
  if (provider === "github") return true;
  return profile !== undefined && "email_verified" in profile && profile.email_verified === true;
}
