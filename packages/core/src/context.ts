import type { Provider as ProviderName } from "@imgpilot/contract/catalogue";
import type { Db } from "./db/index.ts";
import type { Provider } from "./generations/provider.ts";
import type { ImageTools } from "./images/image-tools.ts";
import type { ObjectStore } from "./images/object-store.ts";
import type { Gate } from "./routing/gate.ts";
import type { Workflow } from "./runs/workflow.ts";

/** What the outside world looks like from in here. The real one is built in functions/src/runtime.ts. */
export type Context = {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly images: ImageTools;
  readonly workflow: Workflow;
  /** Breakers and limits around the providers. */
  readonly gate: Gate;
  /** Loads a provider's adapter. */
  readonly provider: (name: ProviderName) => Promise<Provider>;
  /** Tells operators of a fault that was survived; `facts` are ids and small values, never content. */
  readonly report: (fault: unknown, facts: Readonly<Record<string, string | number>>) => void;
};
