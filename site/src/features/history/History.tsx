import type { ModelCard } from "@imgpilot/contract/models";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { locale, m } from "#strings";
import { Announcer } from "../../controls/Announcer.tsx";
import { Offline } from "../../controls/Offline.tsx";
import { Unreadable } from "../../controls/Unreadable.tsx";
import type { Filter } from "../../data/queries.ts";
import { queryClient } from "../../data/query-client.ts";
import { type Account, useAccount, useModels } from "../../data/use-account.ts";
import { pageIn } from "../../i18n/locales.ts";
import { Feed } from "./Feed.tsx";
import { Filters } from "./Filters.tsx";
import { filterFrom, searchOf } from "./filter.ts";

/** Everything made so far, with filters that live in the address. */
export function History({ models }: { models: readonly ModelCard[] }) {
  return (
    <QueryClientProvider client={queryClient}>
      <Archive known={models} />
    </QueryClientProvider>
  );
}

function Archive({ known }: { known: readonly ModelCard[] }) {
  const account = useAccount();
  const models = useModels(known);
  const [filter, setFilter] = useAddressFilter();
  const isSignedIn = account.is === "signed-in";
  const isFiltered = Boolean(filter.model ?? filter.state);
  return (
    <>
      <Offline />
      {isSignedIn && <Filters filter={filter} models={models} onChange={setFilter} />}
      <Feed
        isSignedIn={isSignedIn}
        filter={filter}
        models={models}
        onReuse={null}
        empty={<Nothing account={account} isFiltered={isFiltered} onAll={() => setFilter({})} />}
      />
      <Announcer />
    </>
  );
}

function useAddressFilter(): [Filter, (filter: Filter) => void] {
  const [filter, setFilter] = useState<Filter>({});
  useEffect(() => {
    const read = () => setFilter(filterFrom(location.search));
    read();
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const change = (next: Filter) => {
    history.pushState(null, "", location.pathname + searchOf(next));
    setFilter(filterFrom(searchOf(next)));
  };
  return [filter, change];
}

type NothingProps = { account: Account; isFiltered: boolean; onAll: () => void };

function Nothing({ account, isFiltered, onAll }: NothingProps) {
  if (account.is === "away") return <Unreadable error={account.error} onAgain={account.again} />;
  if (account.is === "unknown") {
    return (
      <p role="status" className="feed-state">
        {m.loading()}
      </p>
    );
  }
  if (account.is === "signed-out") {
    return (
      <div className="empty">
        <p>{m.history_signed_out()}</p>
        <a className="button" href={pageIn(locale(), "sign-in")}>
          {m.sign_in()}
        </a>
      </div>
    );
  }
  if (isFiltered) {
    return (
      <div className="empty">
        <h2>{m.filter_nothing()}</h2>
        <button type="button" className="button" onClick={onAll}>
          {m.filter_clear()}
        </button>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>{m.empty_title()}</h2>
      <p>{m.history_empty()}</p>
      <a className="button" href={pageIn(locale(), "create")}>
        {m.nav_create()}
      </a>
    </div>
  );
}
