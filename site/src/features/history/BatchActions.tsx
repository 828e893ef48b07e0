import type { Generation, GenerationPage } from "@imgpilot/contract/generations";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleStop, Receipt as ReceiptSign, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { Note } from "../../controls/Note.tsx";
import { api } from "../../data/client.ts";
import { refusalWords } from "../../data/refusal-words.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { isLive } from "./progress.ts";
import { ReceiptDialog } from "./ReceiptDialog.tsx";

type Props = { generation: Generation; onReuse: ((generation: Generation) => void) | null };

export function BatchActions({ generation, onReuse }: Props) {
  const [shown, setShown] = useState<"receipt" | "delete" | null>(null);
  const cancel = useCancel(generation.id);
  const remove = useRemove(generation.id);
  const isMoving = isLive(generation);
  return (
    <div className="batch-actions">
      {isMoving && (
        <button
          type="button"
          className="button button-quiet"
          disabled={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          <CircleStop size={16} aria-hidden="true" />
          {cancel.isPending ? m.cancelling() : m.cancel_generation()}
        </button>
      )}
      <button type="button" className="button button-quiet" onClick={() => setShown("receipt")}>
        <ReceiptSign size={16} aria-hidden="true" />
        {m.receipt()}
      </button>
      {onReuse && (
        <button type="button" className="button button-quiet" onClick={() => onReuse(generation)}>
          <RotateCcw size={16} aria-hidden="true" />
          {m.reuse()}
        </button>
      )}
      <button type="button" className="button button-quiet" onClick={() => setShown("delete")}>
        <Trash2 size={16} aria-hidden="true" />
        {m.remove()}
      </button>
      {cancel.error && (
        <Note kind="bad" role="alert">
          {refusalWords(cancel.error)}
        </Note>
      )}
      {shown === "receipt" && <ReceiptDialog generation={generation} onClose={() => setShown(null)} />}
      {shown === "delete" && (
        <DeleteDialog generation={generation} remove={remove} onClose={() => setShown(null)} />
      )}
    </div>
  );
}

function useCancel(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.cancelGeneration({ params: { id } }),
    onSuccess: (generation) => {
      queries.setQueryData(["generation", id], generation);
      void queries.invalidateQueries({ queryKey: ["credits"] });
    },
  });
}

function useRemove(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.removeGeneration({ params: { id } }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: ["generation", id] });
      queries.setQueriesData<InfiniteData<GenerationPage>>({ queryKey: ["generations"] }, (pages) =>
        without(pages, id),
      );
      void queries.invalidateQueries({ queryKey: ["credits"] });
      announce(m.removed());
    },
  });
}

function without(pages: InfiniteData<GenerationPage> | undefined, id: string) {
  return (
    pages && {
      ...pages,
      pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) })),
    }
  );
}
