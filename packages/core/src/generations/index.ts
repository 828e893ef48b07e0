export * as Generations from "./generations.ts";
export { type DrawRequest, type Drawn, type Pending, type Provider, ProviderError } from "./provider.ts";
export { type PlannedRoute, routesFor } from "./routes.ts";
