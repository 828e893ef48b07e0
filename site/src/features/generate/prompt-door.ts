/**
 * The prompt box of the home page. Takes the prompt along as a draft on the server: it is neither in an address, which
 * logs and neighbours read, nor in the browser's storage (promise A3). If that fails it says so and keeps the text.
 */
class PromptDoor extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const note = this.querySelector<HTMLElement>("[role=alert]");
    const prompt = this.querySelector("textarea");
    const button = this.querySelector("button");
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!prompt || !button || !note) return;
      button.disabled = true;
      note.hidden = true;
      try {
        location.assign(`${this.dataset.studio}?draft=${encodeURIComponent(await keep(prompt.value))}`);
      } catch {
        note.hidden = false;
      } finally {
        button.disabled = false;
      }
    });
  }
}

async function keep(prompt: string): Promise<string> {
  const response = await fetch("/api/drafts", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ prompt }),
  });
  const draft: { id?: unknown } = response.ok ? await response.json() : {};
  if (typeof draft.id !== "string") throw new Error("The draft was not kept");
  return draft.id;
}

customElements.define("prompt-door", PromptDoor);
