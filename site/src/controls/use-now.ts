import { useSyncExternalStore } from "react";
import { serverNow } from "../data/clock.ts";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = 0;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    second = serverNow();
    for (const tell of listeners) tell();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const still = () => () => {};

/** The server's time, moving once a second while `isMoving`; all that move share one timer. */
export const useNow = (isMoving: boolean): number =>
  useSyncExternalStore(
    isMoving ? subscribe : still,
    () => second || serverNowOnce(),
    () => 0,
  );

function serverNowOnce(): number {
  second = serverNow();
  return second;
}
