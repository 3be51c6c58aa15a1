import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** Who sits before the provider's page. */
export type Somebody = { id: number; name: string; emails: { email: string; primary: boolean; verified: boolean }[] };

export type IdentityProvider = {
  url: string;
  /** The settings of a server that offers it, as a GitHub of one's own and as an OpenID Connect issuer. */
  settings: Record<string, string>;
  /** Who is signed in there from now on. */
  is: (person: Somebody) => void;
  /** What it does wrong from now on; null is nothing. */
  fails: (how: Failure | null) => void;
  close: () => void;
};

/** Another key signs its tokens; its list of addresses cannot be read; it is away. */
export type Failure = "forged" | "no-emails" | "away";

type Grant = { person: Somebody; asked: URLSearchParams };
type Site = { url: string; person: Somebody; failure: Failure | null; grants: Map<string, Grant> };
type Answer = { status?: number; body: object | string };
type Page = (site: Site, asked: { search: URLSearchParams; request: IncomingMessage }) => Answer | Promise<Answer>;

const CLIENT = { id: "pulsetrail-in-tests", secret: "a secret of the tests" };
const NOBODY: Somebody = { id: 0, name: "Nobody", emails: [] };
const KEY_ID = "of-the-tests";
const [pair, forger] = [1, 2].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }));

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const digest = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

function signed(claims: object, key: KeyObject): string {
  const content = `${base64({ alg: "RS256", typ: "JWT", kid: KEY_ID })}.${base64(claims)}`;
  return `${content}.${sign("RSA-SHA256", Buffer.from(content), key).toString("base64url")}`;
}

/** The page on which a person agrees or not (RFC 6749 §4.1.1), with PKCE (RFC 7636). */
const authorize: Page = (site, { search }) => {
  const back = (answer: Record<string, string>): string => {
    const url = new URL(search.get("redirect_uri") ?? "");
    for (const [name, value] of Object.entries({ ...answer, state: search.get("state") ?? "" }))
      url.searchParams.set(name, value);
    return url.href.replaceAll("&", "&amp;");
  };
  if (search.get("client_id") !== CLIENT.id || search.get("code_challenge_method") !== "S256")
    return { status: 400, body: "a wrong client, or no PKCE" };
  const code = randomUUID();
  site.grants.set(code, { person: site.person, asked: search });
  const links = [
    ["Authorize", back({ code })],
    ["Cancel", back({ error: "access_denied", error_description: "The user has denied your application access." })],
    ["Break", back({ error: "server_error" })],
  ];
  const body = links.map(([name, href]) => `<p><a href="${href}">${name}</a></p>`).join("");
  return { body: `<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>${body}</html>` };
};

function isClient(request: IncomingMessage, form: URLSearchParams): boolean {
  const [, basic = ""] = (request.headers.authorization ?? "").split(" ");
  // Each half is a form value of its own (RFC 6749 §2.3.1).
  const [id, secret] = Buffer.from(basic, "base64")
    .toString()
    .split(":")
    .map((half) => decodeURIComponent(half.replaceAll("+", " ")));
  return (id || form.get("client_id")) === CLIENT.id && (secret || form.get("client_secret")) === CLIENT.secret;
}

function idToken(site: Site, { person }: Grant): string {
  const now = Math.floor(Date.now() / 1000);
  const [mail] = person.emails;
  const claims = {
    iss: site.url,
    aud: CLIENT.id,
    sub: String(person.id),
    iat: now,
    exp: now + 60,
    name: person.name,
    email: mail?.email,
    email_verified: mail?.verified,
  };
  const key = (site.failure === "forged" ? forger : pair)?.privateKey;
  if (key === undefined) throw new Error("no key");
  return signed(claims, key);
}

/** Exchanges a code, once, for whom it was given to (RFC 6749 §4.1.3). */
const token: Page = async (site, { request }) => {
  const form = new URLSearchParams(await text(request));
  const code = form.get("code") ?? "";
  const grant = site.grants.get(code);
  site.grants.delete(code);
  const isRight =
    isClient(request, form) &&
    grant !== undefined &&
    grant.asked.get("redirect_uri") === form.get("redirect_uri") &&
    grant.asked.get("code_challenge") === digest(form.get("code_verifier") ?? "");
  if (!isRight) return { status: 400, body: { error: "invalid_grant" } };
  site.grants.set("live", grant);
  const isOidc = (grant.asked.get("scope") ?? "").split(" ").includes("openid");
  const made = { access_token: "live", token_type: "bearer", scope: grant.asked.get("scope") };
  return { body: isOidc ? { ...made, id_token: idToken(site, grant) } : made };
};

/** The person whose token a request shows. */
const bearer = (site: Site, request: IncomingMessage): Somebody => {
  const [, shown = ""] = (request.headers.authorization ?? "").split(" ");
  return site.grants.get(shown)?.person ?? NOBODY;
};

const PAGES: Record<string, Page> = {
  "/login/oauth/authorize": authorize,
  "/login/oauth/access_token": token,
  // The address of the public profile is anybody's word.
  "/api/v3/user": (site, { request }) => {
    const { id, name, emails } = bearer(site, request);
    return { body: { id, login: name.toLowerCase(), name, email: emails[0]?.email ?? null } };
  },
  "/api/v3/user/emails": (site, { request }) =>
    site.failure === "no-emails" ? { status: 403, body: {} } : { body: bearer(site, request).emails },
  "/.well-known/openid-configuration": ({ url }) => ({
    body: {
      issuer: url,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/login/oauth/access_token`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    },
  }),
  "/jwks": () => ({
    body: { keys: [{ ...pair?.publicKey.export({ format: "jwk" }), kid: KEY_ID, alg: "RS256", use: "sig" }] },
  }),
};

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", site.url);
  const page = site.failure === "away" ? undefined : PAGES[pathname];
  const { status = 200, body } = (await page?.(site, { search: searchParams, request })) ?? { status: 404, body: "" };
  const isPage = typeof body === "string";
  const headers = { "Content-Type": isPage ? "text/html; charset=utf-8" : "application/json" };
  response.writeHead(status, headers).end(isPage ? body : JSON.stringify(body));
}

/** A site that vouches for people, on 127.0.0.1: a GitHub Enterprise Server and an OpenID Connect issuer in one. */
export async function openIdentityProvider(): Promise<IdentityProvider> {
  const site: Site = { url: "", person: NOBODY, failure: null, grants: new Map() };
  const server = createServer((request, response) => void answer(site, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  site.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  return {
    url: site.url,
    settings: {
      GITHUB_URL: site.url,
      GITHUB_ID: CLIENT.id,
      GITHUB_SECRET: CLIENT.secret,
      GOOGLE_ISSUER: site.url,
      GOOGLE_ID: CLIENT.id,
      GOOGLE_SECRET: CLIENT.secret,
    },
    is: (person) => {
      site.person = person;
    },
    fails: (how) => {
      site.failure = how;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
