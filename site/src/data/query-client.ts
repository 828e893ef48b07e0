import { ApiError } from "@imgpilot/contract/client";
import { QueryClient } from "@tanstack/react-query";

/** A refusal is an answer: only what may pass by itself is asked for again. */
const mayPass = (error: Error) => !(error instanceof ApiError) || error.status >= 500 || error.status === 429;

/** One for all islands of a page, so that the balance in the bar and the studio tell the same. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: (failures, error) => failures < 3 && mayPass(error),
      retryDelay: (failures, error) =>
        error instanceof ApiError && error.retryAfterSeconds
          ? error.retryAfterSeconds * 1000
          : Math.min(1000 * 2 ** failures, 15_000),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
