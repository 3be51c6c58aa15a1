import "next-auth";

declare module "next-auth" {
  interface User {
    /** The row of `user_sessions` that was made for this sign-in. */
    sid?: string;
  }
}
