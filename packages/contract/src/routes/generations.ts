import type { RefusalCode } from "../errors.ts";
import {
  CreateGeneration,
  GenerationPage,
  GenerationWithReceipt,
  ListGenerations,
  Order,
  Quote,
} from "../generations.ts";
import type { RouteSpec } from "../route-spec.ts";
import { CreateUpload, Upload } from "../uploads.ts";
import { OneId } from "./ids.ts";

const AnyOrder: RefusalCode[] = ["model.unknown", "model.unable", "reference.missing", "reference.invalid"];

export const GENERATION_ROUTES = {
  createUpload: {
    method: "POST",
    path: "/api/uploads",
    summary: "Announces a reference image and answers the address to put it to",
    auth: "person",
    body: CreateUpload,
    status: 201,
    answer: Upload,
    refusals: [],
  },
  createQuote: {
    method: "POST",
    path: "/api/quotes",
    summary: "What an order would cost, without making it",
    auth: "person",
    body: Order,
    status: 200,
    answer: Quote,
    refusals: AnyOrder,
  },
  createGeneration: {
    method: "POST",
    path: "/api/generations",
    summary: "Reserves the credits and queues the order",
    auth: "person",
    body: CreateGeneration,
    spends: true,
    status: 202,
    answer: GenerationWithReceipt,
    refusals: [
      ...AnyOrder,
      "credits.insufficient",
      "price.changed",
      "key.missing",
      "key.reused",
      "generation.missing",
    ],
  },
  listGenerations: {
    method: "GET",
    path: "/api/generations",
    summary: "The person's generations, newest first",
    auth: "person",
    query: ListGenerations,
    status: 200,
    answer: GenerationPage,
    refusals: [],
  },
  getGeneration: {
    method: "GET",
    path: "/api/generations/{id}",
    summary: "One generation with its images, attempts and receipt; cheap to poll",
    auth: "person",
    params: OneId,
    revalidates: true,
    status: 200,
    answer: GenerationWithReceipt,
    refusals: ["generation.missing"],
  },
  cancelGeneration: {
    method: "POST",
    path: "/api/generations/{id}/cancel",
    summary: "Stops what is not done; delivered images are kept and charged, the rest comes back",
    auth: "person",
    params: OneId,
    status: 202,
    answer: GenerationWithReceipt,
    refusals: ["generation.missing"],
  },
  removeGeneration: {
    method: "DELETE",
    path: "/api/generations/{id}",
    summary: "Removes the generation now, and its objects as soon as the store confirms (promise R6)",
    auth: "person",
    params: OneId,
    status: 204,
    answer: null,
    refusals: ["generation.missing"],
  },
} as const satisfies Record<string, RouteSpec>;
