import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { locale, m } from "#strings";
import { Announcer } from "../../controls/Announcer.tsx";
import { queryClient } from "../../data/query-client.ts";
import { useAccount } from "../../data/use-account.ts";
import { pageIn } from "../../i18n/locales.ts";
import { SignIn } from "./SignIn.tsx";

export function SignInPage() {
  return (
    <QueryClientProvider client={queryClient}>
      <Door />
      <Announcer />
    </QueryClientProvider>
  );
}

/** Whoever is signed in, or becomes so in another window, has no business here. */
function Door() {
  const account = useAccount();
  const studio = pageIn(locale(), "create");
  const [hasSignedIn, setSignedIn] = useState(false);
  // One reason to leave, so that two do not cut each other off.
  const isInside = hasSignedIn || account.is === "signed-in";
  useEffect(() => {
    if (isInside) location.replace(studio);
  }, [isInside, studio]);
  return (
    <SignIn intro={m.sign_in_text()} returnPath={async () => studio} onSignedIn={() => setSignedIn(true)} />
  );
}
