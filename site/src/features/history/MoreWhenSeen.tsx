import { useEffect, useRef } from "react";
import { m } from "#strings";

type Props = { isLoading: boolean; onMore: () => void };

/** Asks for more when it comes near the window; it is a button too, for whoever does not scroll. */
export function MoreWhenSeen({ isLoading, onMore }: Props) {
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const button = ref.current;
    if (!button || isLoading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onMore(), {
      rootMargin: "600px",
    });
    observer.observe(button);
    return () => observer.disconnect();
  }, [isLoading, onMore]);
  return (
    <button
      ref={ref}
      type="button"
      className="button more"
      aria-disabled={isLoading}
      onClick={() => isLoading || onMore()}
    >
      {isLoading ? m.loading() : m.more()}
    </button>
  );
}
