/** So many calls at once, counted together under `name`. */
export type Lane = { readonly name: string; readonly max: number };

/** A route as the gate knows it: what its breaker is called, and the limits that a call on it counts against. */
export type GateRoute = { readonly name: string; readonly lanes: readonly Lane[] };

/** `enter`: call `routes[at]`. `wait`: there is no room on any route that could be called. */
export type Entry =
  | { readonly verdict: "enter"; readonly at: number }
  | { readonly verdict: "wait"; readonly seconds: number };

/**
 * What a call says about its route. `answered`: it works. `failed`: it did not. `out`: it asks to be left alone for so
 * long. `none`: nothing; the call was not made, or it was we who failed.
 */
export type Outcome =
  | { readonly kind: "answered" | "failed" | "none" }
  | { readonly kind: "out"; readonly seconds: number };

/** Breakers and limits, shared by all Lambdas. No method throws or hangs: without its memory a gate is open (B1). */
export type Gate = {
  /**
   * Leave for the call `lease` on the first of `routes` that is not open and has room. Repeating it is safe. Who is
   * `isUrgent` waits for no room.
   */
  readonly enter: (routes: readonly GateRoute[], lease: string, isUrgent: boolean) => Promise<Entry>;
  /** The call goes on elsewhere: its lease holds for so many seconds from now. */
  readonly renew: (route: GateRoute, lease: string, seconds: number) => Promise<void>;
  /** The call has ended. */
  readonly leave: (route: GateRoute, lease: string, outcome: Outcome) => Promise<void>;
};

/** Keeps nobody out: for where there is no memory to share. */
export const OPEN_GATE: Gate = {
  enter: async () => ({ verdict: "enter", at: 0 }),
  renew: async () => {},
  leave: async () => {},
};
