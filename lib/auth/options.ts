import type { User as AuthUser, NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import GitHub from "next-auth/providers/github";
import Google from "next-auth/providers/google";
import { env, settle } from "@/lib/env";
import { log } from "@/lib/log";
import { appSecret } from "./app-secret";
import { redeemLink } from "./links";
import { signInWithProvider } from "./providers";
import { endSession, findSignedIn, SESSION_SECONDS } from "./sessions";
import { type Device, type Opened, signInWithPassword } from "./sign-in";

type Headers = Record<string, unknown> | undefined;

/** The address is the last entry: the one that our own server or the proxy in front of it wrote. */
export function deviceOf(headers: Headers): Device {
  const text = (name: string) => String(headers?.[name] ?? "");
  return { address: text("x-forwarded-for").split(",").at(-1)?.trim() ?? "", userAgent: text("user-agent") };
}

const opened = (found: Opened | null): AuthUser | null =>
  found === null ? null : { id: found.userId, email: found.email, sid: found.sessionId };

function ownProviders(): NextAuthOptions["providers"] {
  return [
    Credentials({
      id: "password",
      credentials: { email: {}, password: {} },
      authorize: async (given, request) => {
        if (!given?.email || !given.password) return null;
        return opened(await signInWithPassword(given, deviceOf(request.headers)));
      },
    }),
    Credentials({
      id: "link",
      credentials: { token: {} },
      authorize: async (given, request) =>
        given?.token ? opened(await redeemLink(given.token, deviceOf(request.headers))) : null,
    }),
  ];
}

function outsideProviders(): NextAuthOptions["providers"] {
  const { GITHUB_ID, GITHUB_SECRET, GOOGLE_ID, GOOGLE_SECRET } = env();
  return [
    ...(GITHUB_ID && GITHUB_SECRET ? [GitHub({ clientId: GITHUB_ID, clientSecret: GITHUB_SECRET })] : []),
    ...(GOOGLE_ID && GOOGLE_SECRET ? [Google({ clientId: GOOGLE_ID, clientSecret: GOOGLE_SECRET })] : []),
  ];
}

/** How to sign in with what is set up here, by id: for the sign-in page. */
export function outsideProviderIds(): string[] {
  return outsideProviders().map((provider) => provider.id);
}

/** Google says whether it has verified the address; GitHub only gives verified ones as primary. */
const isVouched = (profile: object | undefined): boolean =>
  profile !== undefined && (!("email_verified" in profile) || profile.email_verified === true);

type Arriving = Parameters<NonNullable<NonNullable<NextAuthOptions["callbacks"]>["signIn"]>>[0];

async function admit({ user, account, profile }: Arriving): Promise<boolean> {
  if (account?.type !== "oauth") return true;
  if (!user.email || !isVouched(profile)) return false;
  const vouched = {
    provider: account.provider,
    accountId: account.providerAccountId,
    email: user.email,
    name: user.name ?? "",
  };
  const found = await signInWithProvider(vouched, "");
  if (found !== null) user.sid = found.sessionId;
  return found !== null;
}

/** How next-auth works here: a signed cookie that only names a row of `user_sessions`. */
export function authOptions(): NextAuthOptions {
  settle({ NEXTAUTH_URL: env().BASE_URL });
  return {
    secret: appSecret(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [...ownProviders(), ...outsideProviders()],
    callbacks: {
      signIn: admit,
      jwt: ({ token, user }) => (user === undefined ? token : { sid: user.sid ?? "" }),
      session: ({ session }) => session,
    },
    events: {
      signOut: async ({ token }) => {
        const signedIn = typeof token?.["sid"] === "string" ? await findSignedIn(token["sid"]) : null;
        if (signedIn !== null) await endSession(signedIn.user.id, signedIn.sessionId);
      },
    },
    logger: {
      error: (code, metadata) => log.warn({ code, metadata }, "sign-in failed"),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}
