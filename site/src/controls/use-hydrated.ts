import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * False while an island takes over the HTML that was built, true right after. Islands share what they have asked for, so
 * one that comes later would otherwise know more than its HTML says.
 */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
