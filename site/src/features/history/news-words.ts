import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { failureWords } from "./failure-words.ts";
import type { News } from "./progress.ts";

/** Speaks to screen readers; a sentence for the whole when it ends, one for each image before. */
export const tell = (news: News): void => announce(wordsOf(news));

function wordsOf(news: News): string {
  if (news.is === "image-done") return m.news_image({ number: news.n + 1 });
  if (news.is === "image-failed")
    return m.news_failed({ number: news.n + 1, reason: failureWords(news.image) });
  const { done, count } = news;
  return news.state === "cancelled" ? m.news_cancelled({ done, count }) : m.news_ended({ done, count });
}
