/** An S3-compatible bucket (R2). Keys are private; people reach objects through short-lived signed addresses only. */
export type ObjectStore = {
  readonly put: (key: string, bytes: Uint8Array, contentType: string) => Promise<void>;
  /** Null where there is no such object. Reads at most `maxBytes` and throws `RangeError` above it. */
  readonly get: (key: string, maxBytes: number) => Promise<{ bytes: Uint8Array; contentType: string } | null>;
  /** Null where there is no such object. */
  readonly head: (key: string) => Promise<{ bytes: number; contentType: string } | null>;
  /** Done when the store has confirmed that the key is gone; a key that never was is gone too. */
  readonly remove: (key: string) => Promise<void>;
  /** A GET address, bucketed to five minutes so that it is stable within them (`ETag`), valid 10 to 15 minutes. */
  readonly signGet: (key: string, options?: { downloadAs?: string }) => Promise<string>;
  /** A PUT address for exactly this size and type (presigned PUT; R2 has no POST). */
  readonly signPut: (
    key: string,
    object: { contentType: string; bytes: number; expiresInSeconds: number },
  ) => Promise<{ url: string; headers: Record<string, string> }>;
  /** Throws when the bucket cannot be reached. */
  readonly check: () => Promise<void>;
};
