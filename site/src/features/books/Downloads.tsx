import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { saveAs } from "../../controls/save-as.ts";
import { downloadBooks } from "../../data/client.ts";
import { refusalWords } from "../../data/refusal-words.ts";

/** The whole journal as a file: for the verifier outside this browser, and for a spreadsheet. */
export function Downloads() {
  const save = useMutation({
    mutationFn: async (format: "jsonl" | "csv") => {
      const type = format === "csv" ? "text/csv" : "application/jsonl";
      saveAs(new Blob([await downloadBooks(format)], { type }), `imgpilot-credits.${format}`);
    },
  });
  const button = (format: "jsonl" | "csv", words: string) => (
    <button type="button" className="button" disabled={save.isPending} onClick={() => save.mutate(format)}>
      <Download size={16} aria-hidden="true" />
      {words}
    </button>
  );
  return (
    <div className="stack">
      <div className="row">
        {button("jsonl", m.books_jsonl())}
        {button("csv", m.books_csv())}
      </div>
      {save.error && (
        <Note kind="bad" role="alert">
          {refusalWords(save.error)}
        </Note>
      )}
    </div>
  );
}
