import { type DescribeMode, Description, PALETTE_MAX, Proposal, TAGS_MAX } from "@imgpilot/contract/prompts";

/** What an answer must be: as JSON schema for the model, and as a check of what it then says. */
export type Shape<Answer> = {
  readonly name: string;
  readonly schema: object;
  /** Null for an answer that is not one: something is missing, unknown, or not what it should be. */
  readonly read: (json: unknown) => Answer | null;
};

/** All properties are required and no other is allowed, as strict schemas want it; lengths are ours to check. */
const object = (properties: Readonly<Record<string, object>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const text = (description: string) => ({ type: "string", description });
const list = (description: string) => ({ type: "array", items: { type: "string" }, description });

export const PROPOSAL: Shape<Proposal> = {
  name: "proposal",
  schema: object({ proposal: text("The prompt that you propose, and nothing else") }),
  read: (json) => Proposal.safeParse(json).data ?? null,
};

const TAGS = {
  tags: list(`At most ${TAGS_MAX} short tags`),
  palette: list(`At most ${PALETTE_MAX} colours as #rrggbb`),
};

export function descriptionShape(mode: DescribeMode): Shape<Description> {
  if (mode === "tags-only")
    return {
      name: "tags",
      schema: object(TAGS),
      read: (json) => (isRecord(json) && !("prompt" in json) ? read({ ...json, prompt: null }) : null),
    };
  return {
    name: "description",
    schema: object({ prompt: text("The prompt"), ...TAGS }),
    read: (json) => (isRecord(json) && json.prompt !== null ? read(json) : null),
  };
}

/** A list that is too long is cut, as not every provider takes a limit on it; anything else that is wrong is refused. */
function read(json: Readonly<Record<string, unknown>>): Description | null {
  const { tags, palette } = json;
  const cut = { ...json, tags: firstOf(tags, TAGS_MAX), palette: firstOf(palette, PALETTE_MAX) };
  return Description.safeParse(cut).data ?? null;
}

const firstOf = (items: unknown, count: number): unknown =>
  Array.isArray(items) ? [...new Set(items)].slice(0, count) : items;
const isRecord = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && !Array.isArray(json);
