import { QueryClientProvider } from "@tanstack/react-query";
import { locale, m } from "#strings";
import { Announcer } from "../../controls/Announcer.tsx";
import { Offline } from "../../controls/Offline.tsx";
import { Unreadable } from "../../controls/Unreadable.tsx";
import { queryClient } from "../../data/query-client.ts";
import { useAccount } from "../../data/use-account.ts";
import { pageIn } from "../../i18n/locales.ts";
import { CheckBooks } from "./CheckBooks.tsx";
import { Downloads } from "./Downloads.tsx";
import { Entries } from "./Entries.tsx";

/** A person's books: every entry, the check that anybody can run, and the download for checking elsewhere. */
export function BooksPage() {
  return (
    <QueryClientProvider client={queryClient}>
      <Offline />
      <Books />
      <Announcer />
    </QueryClientProvider>
  );
}

function Books() {
  const account = useAccount();
  if (account.is === "away") return <Unreadable error={account.error} onAgain={account.again} />;
  if (account.is === "unknown")
    return (
      <p role="status" className="feed-state">
        {m.loading()}
      </p>
    );
  if (account.is === "signed-out")
    return (
      <div className="empty">
        <p>{m.books_signed_out()}</p>
        <a className="button" href={pageIn(locale(), "sign-in")}>
          {m.sign_in()}
        </a>
      </div>
    );
  return (
    <div className="books">
      <div className="books-side">
        <CheckBooks />
        <Downloads />
      </div>
      <Entries />
    </div>
  );
}
