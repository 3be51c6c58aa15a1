import type { User as AuthUser, NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { AppError } from "@/lib/core/errors";
import { env, settle } from "@/lib/env";
import { log } from "@/lib/log";
import { appSecret } from "./app-secret";
import { type Device, deviceOf } from "./device";
import { redeemLink } from "./links";
import { accountSpace, isVouched, outsideProviders } from "./outside";
import { waitCode } from "./problem-words";
import { signInWithProvider } from "./providers";
import { endSession, findSignedIn, SESSION_SECONDS } from "./sessions";
import { type Opened, signInWithPassword } from "./sign-in";

const opened = (found: Opened | null): AuthUser | null =>
  found === null ? null : { id: found.userId, email: found.email, sid: found.sessionId };

/** next-auth shows the words of an error in an address: they become a code that says nothing of what is inside. */
async function orCode<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited")
      throw new Error(waitCode(Number(error.headers["Retry-After"])), { cause: error });
    log.error({ err: error }, "signing in failed");
    throw new Error("Unavailable", { cause: error });
  }
}

function ownProviders(): NextAuthOptions["providers"] {
  return [
    Credentials({
      id: "password",
      credentials: { email: {}, password: {} },
      authorize: async (given, request) => {
        if (!given?.email || !given.password) return null;
        return opened(await orCode(signInWithPassword(given, deviceOf(request.headers))));
      },
    }),
    Credentials({
      id: "link",
      credentials: { token: {} },
      authorize: async (given, request) =>
        given?.token ? opened(await orCode(redeemLink(given.token, deviceOf(request.headers)))) : null,
    }),
  ];
}

type Arriving = Parameters<NonNullable<NonNullable<NextAuthOptions["callbacks"]>["signIn"]>>[0];

async function admit({ user, account, profile }: Arriving, { userAgent }: Device): Promise<boolean | string> {
  if (account?.type !== "oauth") return true;
  const vouched = {
    provider: accountSpace(account.provider),
    accountId: account.providerAccountId,
    email: isVouched(account.provider, profile) ? user.email || null : null,
    name: user.name ?? "",
  };
  const found = await orCode(signInWithProvider(vouched, userAgent));
  if (typeof found === "string") return `/sign-in?error=${found}`;
  user.sid = found.sessionId;
  return true;
}

/** How next-auth works here, for a request from this device: a signed cookie that only names a row of `user_sessions`. */
export function authOptions(device: Device): NextAuthOptions {
  settle({ NEXTAUTH_URL: env().BASE_URL });
  return {
    secret: appSecret(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [...ownProviders(), ...outsideProviders()],
    callbacks: {
      signIn: (arriving) => admit(arriving, device),
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
