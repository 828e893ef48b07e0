import { m } from "#strings";
import { Note } from "./Note.tsx";
import { useOnline } from "./use-online.ts";

/** What is on the way goes on without this browser; only the news of it waits. */
export function Offline() {
  const isOnline = useOnline();
  if (isOnline) return null;
  return (
    <Note kind="mind" role="status">
      {m.offline()}
    </Note>
  );
}
