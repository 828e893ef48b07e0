import type { ImprovePrompt } from "@imgpilot/contract/prompts";
import { useMutation } from "@tanstack/react-query";
import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { api, isSignedOut } from "../../data/client.ts";
import type { Composition } from "./use-composition.ts";

/** Proposals for the prompt. None replaces it by itself, and one for words that have changed since is dropped. */
export function useHelper({ order, isSignedIn, askToSignIn, change }: Composition) {
  const { prompt, model } = order;
  const asked = useMutation({
    mutationFn: (body: ImprovePrompt) => api.improvePrompt({ body }),
    onError: (error) => isSignedOut(error) && askToSignIn(),
  });
  const isCurrent = asked.variables?.prompt === prompt;
  const proposal = isCurrent ? asked.data?.proposal : undefined;
  return {
    isAsking: asked.isPending,
    proposal: proposal ?? null,
    error: isCurrent ? asked.error : null,
    ask: (mode: ImprovePrompt["mode"]) => {
      if (asked.isPending || !prompt.trim()) return;
      if (!isSignedIn) return askToSignIn();
      asked.mutate({ prompt, model, mode });
    },
    accept: () => {
      if (!proposal) return;
      change({ prompt: proposal });
      asked.reset();
      announce(m.helper_taken());
    },
    refuse: () => asked.reset(),
  };
}
