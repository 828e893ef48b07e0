import { diffArrays } from "diff";

/** A run of a proposal beside the prompt: in both, only in the prompt, or only in the proposal. */
export type Change = { readonly kind: "kept" | "gone" | "new"; readonly text: string };

/** What a proposal changes, by words as the language knows them; nothing is left out, not even a space. */
export function changesOf(prompt: string, proposal: string, language: string): Change[] {
  const words = new Intl.Segmenter(language, { granularity: "word" });
  const wordsOf = (text: string) => [...words.segment(text)].map(({ segment }) => segment);
  return diffArrays(wordsOf(prompt), wordsOf(proposal)).map(({ added, removed, value }) => ({
    kind: added ? "new" : removed ? "gone" : "kept",
    text: value.join(""),
  }));
}
