import type { Generation } from "@imgpilot/contract/generations";
import type { ModelCard } from "@imgpilot/contract/models";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { locale, m } from "#strings";
import { Unreadable } from "../../controls/Unreadable.tsx";
import { type Filter, historyQuery } from "../../data/queries.ts";
import { formatDay } from "../../i18n/format.ts";
import { Batch } from "./Batch.tsx";
import { type Day, groupByDay } from "./days.ts";
import { MoreWhenSeen } from "./MoreWhenSeen.tsx";

type Props = {
  isSignedIn: boolean;
  filter: Filter;
  models: readonly ModelCard[];
  onReuse: ((generation: Generation) => void) | null;
  empty: ReactNode;
};

/** Everything made so far, newest first, by day; more comes as one scrolls. */
export function Feed({ isSignedIn, filter, models, onReuse, empty }: Props) {
  const history = useInfiniteQuery(historyQuery(isSignedIn, filter));
  if (!isSignedIn) return <>{empty}</>;
  if (history.isPending)
    return (
      <p role="status" className="feed-state">
        {m.loading()}
      </p>
    );
  if (history.isError && !history.data)
    return <Unreadable error={history.error} onAgain={() => void history.refetch()} />;
  const items = history.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <>{empty}</>;
  const nameOf = (id: string) => models.find((model) => model.id === id)?.name ?? id;
  return (
    <div className="feed-days">
      {groupByDay(items, new Date()).map(({ day, items: ofDay }) => (
        <DayGroup key={ofDay[0]?.id} day={day}>
          {ofDay.map((generation) => (
            <Batch
              key={generation.id}
              listed={generation}
              listedAt={history.dataUpdatedAt}
              modelName={nameOf(generation.model)}
              onReuse={onReuse}
              onStale={() => void history.refetch({ cancelRefetch: false })}
            />
          ))}
        </DayGroup>
      ))}
      {history.isFetchNextPageError && (
        <Unreadable error={history.error} onAgain={() => void history.fetchNextPage()} />
      )}
      {history.hasNextPage && !history.isFetchNextPageError && (
        <MoreWhenSeen isLoading={history.isFetchingNextPage} onMore={() => void history.fetchNextPage()} />
      )}
    </div>
  );
}

function DayGroup({ day, children }: { day: Day; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="day">
        {dayWords(day)}
      </h2>
      {children}
    </section>
  );
}

function dayWords(day: Day): string {
  if (day.is === "date") return formatDay(locale(), day.date);
  return day.is === "today" ? m.today() : m.yesterday();
}
