import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ApprovalLink } from "@/components/approve-link/approval-link";
import { PlainPage } from "@/components/layout/plain-page";
import { NowProvider } from "@/components/status/now";
import { issueNonce } from "@/lib/approvals/mailed/nonce";
import { findLinked } from "@/lib/approvals/mailed/queries";
import { findViewer } from "@/lib/auth/page";

export const metadata: Metadata = {
  title: "Approval",
  referrer: "no-referrer",
  robots: { index: false, follow: false },
  // What the requester wrote leads nowhere, not even by what a phone makes of it.
  formatDetection: { telephone: false, email: false, address: false, date: false, url: false },
};

/** What a mailed link leads to. Looking at it changes nothing, however often, and whoever looks. */
export default async function ApprovePage({ params }: PageProps<"/approve/[token]">) {
  const { token } = await params;
  const [linked, viewer] = await Promise.all([findLinked(token), findViewer()]);
  if (linked === null) notFound();
  return (
    <NowProvider serverNow={Date.now()}>
      <PlainPage wide>
        <ApprovalLink
          linked={linked}
          token={token}
          nonce={issueNonce(token)}
          isRecipient={viewer?.user.id === linked.recipient.id}
        />
      </PlainPage>
    </NowProvider>
  );
}
