import type { ModelCard } from "@imgpilot/contract/models";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { m } from "#strings";
import { Announcer } from "../../controls/Announcer.tsx";
import { Offline } from "../../controls/Offline.tsx";
import { Unreadable } from "../../controls/Unreadable.tsx";
import { queryClient } from "../../data/query-client.ts";
import { type Account, useAccount, useCredits, useModels } from "../../data/use-account.ts";
import { SignInDialog } from "../account/SignInDialog.tsx";
import { Feed } from "../history/Feed.tsx";
import { Composer } from "./Composer.tsx";
import { readDraft } from "./drafts.ts";
import { type Composition, useComposition } from "./use-composition.ts";

/** The studio: instruments on one side, everything made on the other. Anybody may try the controls; a press needs a person. */
export function Studio({ models }: { models: readonly ModelCard[] }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Bench known={models} />
    </QueryClientProvider>
  );
}

function Bench({ known }: { known: readonly ModelCard[] }) {
  const account = useAccount();
  const isSignedIn = account.is === "signed-in";
  const models = useModels(known);
  const credits = useCredits(isSignedIn);
  const [isAsking, setAsking] = useState(false);
  const composition = useComposition({ models, isSignedIn, askToSignIn: () => setAsking(true) });
  useDraft(composition);
  const isAway = isAsking && isSignedIn;
  useEffect(() => {
    if (isAway) setAsking(false);
  }, [isAway]);
  return (
    <div className="studio">
      <h1 className="sr-only">{m.studio_title()}</h1>
      <Composer composition={composition} models={models} available={credits?.available ?? null} />
      <div className="feed">
        <Offline />
        <Feed
          isSignedIn={isSignedIn}
          filter={{}}
          models={models}
          onReuse={composition.reuse}
          empty={<Empty account={account} onSignIn={() => setAsking(true)} />}
        />
      </div>
      {isAsking && !isSignedIn && (
        <SignInDialog prompt={composition.order.prompt} onClose={() => setAsking(false)} />
      )}
      <Announcer />
    </div>
  );
}

/** Takes over a prompt that was kept on the way here, and clears its number from the address. */
function useDraft({ change }: Composition) {
  const fill = useEffectEvent((prompt: string) => change({ prompt }));
  useEffect(() => {
    const address = new URL(location.href);
    const draft = address.searchParams.get("draft");
    if (!draft) return;
    address.searchParams.delete("draft");
    history.replaceState(null, "", address);
    // Drafts last an hour; an older one is simply no longer there.
    readDraft(draft).then(fill, () => {});
  }, []);
}

function Empty({ account, onSignIn }: { account: Account; onSignIn: () => void }) {
  if (account.is === "away") return <Unreadable error={account.error} onAgain={account.again} />;
  if (account.is === "unknown") {
    return (
      <p role="status" className="feed-state">
        {m.loading()}
      </p>
    );
  }
  const isSignedIn = account.is === "signed-in";
  return (
    <div className="empty">
      <div className="empty-frames" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
      <h2>{m.empty_title()}</h2>
      <p>{isSignedIn ? m.empty_text() : m.empty_signed_out()}</p>
      {!isSignedIn && (
        <button type="button" className="button" onClick={onSignIn}>
          {m.sign_in()}
        </button>
      )}
    </div>
  );
}
