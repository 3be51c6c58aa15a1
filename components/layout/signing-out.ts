/** The event that tells everything on the page that the person is about to sign out. */
export const SIGNING_OUT = "pulsetrail:signing-out";
