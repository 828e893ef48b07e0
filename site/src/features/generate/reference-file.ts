import type { ModelCard } from "@imgpilot/contract/models";
import { type CreateUpload, UPLOAD_MAX_BYTES, UPLOAD_TYPES, type Upload } from "@imgpilot/contract/uploads";
import { api } from "../../data/client.ts";

export type FileFault = "type" | "size" | "empty";

/** Why a file cannot be a reference for this model, before anything is sent; null when it can. */
export function faultOf(file: Pick<File, "type" | "size">, model: ModelCard): FileFault | null {
  const types: readonly string[] = UPLOAD_TYPES;
  if (!types.includes(file.type) || !model.references.types.includes(file.type)) return "type";
  if (file.size === 0) return "empty";
  return file.size > maxBytesOf(model) ? "size" : null;
}

export const maxBytesOf = (model: ModelCard) => Math.min(UPLOAD_MAX_BYTES, model.references.maxBytes);

/** Lower-case hex. */
async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Announces a file, puts its bytes to the address that comes back, and answers the id to name it by. */
export async function upload(file: File, signal: AbortSignal): Promise<string> {
  const bytes = await file.arrayBuffer();
  const announcement: CreateUpload = {
    contentType: file.type as CreateUpload["contentType"],
    bytes: bytes.byteLength,
    sha256: await sha256(bytes),
  };
  const ticket: Upload = await api.createUpload({ body: announcement, signal });
  const put = await fetch(ticket.url, { method: "PUT", headers: ticket.headers, body: bytes, signal });
  if (!put.ok) throw new Error(`The object store answered ${put.status}`);
  return ticket.id;
}
