import { CreateDraft, Draft, KeptDraft } from "../drafts.ts";
import type { RouteSpec } from "../route-spec.ts";
import { ImageShare, Share, ShareImage } from "../shares.ts";
import { OneId, OneImage } from "./ids.ts";

/** Public pages, and prompts on their way through a sign-in. */
export const SHARE_ROUTES = {
  shareImage: {
    method: "PUT",
    path: "/api/generations/{id}/images/{n}/share",
    summary: "Makes the image's public page, or answers the one there is (promise D1)",
    auth: "person",
    params: OneImage,
    body: ShareImage,
    status: 200,
    answer: ImageShare,
    refusals: ["image.missing"],
  },
  unshareImage: {
    method: "DELETE",
    path: "/api/generations/{id}/images/{n}/share",
    summary: "Takes the public page and its copy of the image away; the page answers 410 (promise D4)",
    auth: "person",
    params: OneImage,
    status: 204,
    answer: null,
    refusals: [],
  },
  getShare: {
    method: "GET",
    path: "/api/shares/{id}",
    summary: "What a public page shows",
    auth: "none",
    params: OneId,
    status: 200,
    answer: Share,
    refusals: ["share.missing", "share.gone"],
  },
  getShareImage: {
    method: "GET",
    path: "/api/shares/{id}/image",
    summary: "The shared image, at a short-lived signed address",
    auth: "none",
    params: OneId,
    status: 302,
    answer: null,
    refusals: ["share.missing", "share.gone"],
  },
  createDraft: {
    method: "POST",
    path: "/api/drafts",
    summary: "Keeps a prompt for an hour, across a sign-in (nothing is kept in the browser, promise A3)",
    auth: "none",
    body: CreateDraft,
    status: 201,
    answer: KeptDraft,
    refusals: [],
  },
  getDraft: {
    method: "GET",
    path: "/api/drafts/{id}",
    summary: "The prompt that was kept; its id is known to whoever kept it alone",
    auth: "none",
    params: OneId,
    status: 200,
    answer: Draft,
    refusals: ["draft.missing"],
  },
} as const satisfies Record<string, RouteSpec>;
