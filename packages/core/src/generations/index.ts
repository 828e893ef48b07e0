export * as Generations from "./generations.ts";
export { type Drawn, type DrawRequest, type Pending, type Provider, ProviderError } from "./provider.ts";
export { routesFor } from "./routes.ts";
