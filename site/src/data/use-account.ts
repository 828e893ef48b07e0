import type { ModelCard } from "@imgpilot/contract/models";
import { useQuery } from "@tanstack/react-query";
import { useHydrated } from "../controls/use-hydrated.ts";
import type { Session } from "../features/account/session.ts";
import { creditsQuery, modelsQuery, sessionQuery } from "./queries.ts";

export type Account =
  | { is: "unknown" }
  | { is: "away"; error: Error; again: () => void }
  | { is: "signed-out" }
  | { is: "signed-in"; session: Session };

/** Who is here. An API that does not answer is told apart from nobody being signed in. */
export function useAccount(): Account {
  const isHydrated = useHydrated();
  const { data, error, isPending, refetch } = useQuery(sessionQuery());
  if (!isHydrated || isPending) return { is: "unknown" };
  if (data) return { is: "signed-in", session: data };
  return error ? { is: "away", error, again: () => void refetch() } : { is: "signed-out" };
}

/** What the person has, or null where that is not known. */
export function useCredits(isSignedIn: boolean) {
  const { data } = useQuery(creditsQuery(isSignedIn));
  return isSignedIn ? (data ?? null) : null;
}

/** The models as the page was built with, then as they are. */
export function useModels(known: readonly ModelCard[]): readonly ModelCard[] {
  const isHydrated = useHydrated();
  const { data } = useQuery(modelsQuery(known));
  return isHydrated ? data : known;
}
