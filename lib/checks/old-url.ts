import { isUuid } from "@/lib/core/ids";

/** By what another service knew a check: it can be known by the same here. */
export type Identity =
  | { by: "uuid"; uuid: string }
  | { by: "token"; token: string }
  | { by: "hook"; hook: string }
  | { by: "slug"; slug: string };

/**
 * An address of another service: what it says, and where it would be here (`{key}` stands for the project's ping key).
 * `isSamePath` when it also works here as it is; `note` is what else is to be changed, if anything.
 */
export type OldUrl = { service: string; identity: Identity; path: string; isSamePath: boolean; note: string | null };

const ADDRESS = /https?:\/\/[^\s"'<>`|;]+/i;
const TOKEN = /^[A-Za-z0-9_-]{10,100}$/;
const HOOK = /^[A-Za-z0-9_-]{3,100}$/;
const SLUG = /^[a-z0-9_-]{1,100}$/;

const uuidOf = (text = ""): Identity | null => {
  const uuid = text.toLowerCase();
  return isUuid(uuid) ? { by: "uuid", uuid } : null;
};
const tokenOf = (text = ""): Identity | null =>
  uuidOf(text) ?? (TOKEN.test(text) ? { by: "token", token: text } : null);
const slugOf = (text = ""): Identity | null => {
  const slug = text.toLowerCase();
  return SLUG.test(slug) ? { by: "slug", slug } : uuidOf(text);
};
const hookOf = (text = ""): Identity | null => uuidOf(text) ?? (HOOK.test(text) ? { by: "hook", hook: text } : null);

type Shape = {
  service: string;
  /** The path, from its first character on; its groups are given to `identity`. */
  path: RegExp;
  /** Needed where the path alone would say too little. */
  host?: RegExp;
  identity: (...groups: string[]) => Identity | null;
  here: (...groups: string[]) => string;
  /** Its own addresses work on the ping host alone: what else is to be changed elsewhere. */
  elsewhere?: string;
};

/** The addresses of other services, the more special ones first (documents of each service; field notes). */
const SHAPES: Shape[] = [
  {
    service: "Better Stack",
    path: /^\/api\/v1\/heartbeat\/([^/]+)/,
    identity: tokenOf,
    here: (token) => `/api/v1/heartbeat/${token}`,
  },
  {
    service: "Pingura",
    path: /^\/api\/heartbeat\/([^/]+)/,
    identity: tokenOf,
    here: (token) => `/api/heartbeat/${token}`,
  },
  { service: "Uptime Kuma", path: /^\/api\/push\/([^/]+)/, identity: tokenOf, here: (token) => `/api/push/${token}` },
  {
    service: "Sentry",
    path: /^\/api\/([^/]+)\/cron\/([^/]+)\/([^/]+)/,
    identity: (_project, slug) => slugOf(slug),
    here: (project, slug) => `/api/${project}/cron/${slug}/{key}/`,
  },
  {
    service: "Checkly",
    path: /^\/heartbeats\/ping\/([^/]+)/,
    identity: uuidOf,
    here: (uuid) => `/heartbeats/ping/${uuid}`,
  },
  { service: "OpenStatus", path: /^\/heartbeat\/([^/]+)/, identity: tokenOf, here: (token) => `/heartbeat/${token}` },
  {
    service: "PingPulse",
    path: /^\/(hbk|hhk)\/([^/]+)/,
    identity: (_verb, name) => slugOf(name),
    here: (verb, name) => `/${verb}/${name}?key={key}`,
  },
  { service: "PingPulse", path: /^\/phk\/([^/]+)/, identity: hookOf, here: (hook) => `/phk/${hook}/start?key={key}` },
  { service: "Cronitor", path: /^\/p\/[^/]+\/([^/]+)/, identity: slugOf, here: (slug) => `/p/{key}/${slug}` },
  {
    service: "Cronitor",
    host: /(^|\.)cronitor\.(link|io)$/,
    path: /^\/ping\/[^/]+\/([^/]+)/,
    identity: slugOf,
    here: (slug) => `/p/{key}/${slug}`,
  },
  {
    service: "Dead Man's Snitch",
    host: /(^|\.)nosnch\.in$/,
    path: /^\/([^/]+)$/,
    identity: tokenOf,
    here: (token) => `/api/heartbeat/${token}`,
    elsewhere: "It takes no s= or m= there: send the exit status as /$? at its end, and a message as message=.",
  },
  {
    service: "Checkly",
    host: /(^|\.)checklyhq\.com$/,
    path: /^\/([^/]+)/,
    identity: uuidOf,
    here: (uuid) => `/ping/${uuid}`,
  },
  {
    service: "Healthchecks",
    path: /^\/(?:ping\/)?([0-9a-fA-F-]{36})(?:\/|$)/,
    identity: uuidOf,
    here: (uuid) => `/ping/${uuid}`,
  },
  { service: "Healthchecks", path: /^\/ping\/[^/]+\/([^/]+)/, identity: slugOf, here: (slug) => `/ping/{key}/${slug}` },
  {
    service: "Healthchecks",
    host: /(^|\.)hc-ping\.com$/,
    path: /^\/[^/]+\/([^/]+)/,
    identity: slugOf,
    here: (slug) => `/ping/{key}/${slug}`,
  },
];

function addressIn(text: string): URL | null {
  const found = ADDRESS.exec(text)?.[0] ?? "";
  return URL.canParse(found) ? new URL(found) : null;
}

/** Reads an address of another service, also out of a whole line such as `0 3 * * * job && curl https://…`. Null when it is none. */
export function parseOldUrl(text: string): OldUrl | null {
  const url = addressIn(text);
  if (url === null) return null;
  for (const { service, host, path, identity, here, elsewhere = null } of SHAPES) {
    const groups = path.exec(url.pathname)?.slice(1);
    if (groups === undefined || host?.test(url.hostname) === false) continue;
    const known = identity(...groups);
    if (known === null) continue;
    const found = here(...groups);
    const isSamePath = elsewhere === null && !found.includes("{key}");
    return { service, identity: known, path: found, isSamePath, note: elsewhere };
  }
  return null;
}
