import path from "node:path";
import { type RunningService, startService } from "./service-process.ts";

export type ObjectsOptions = {
  /** Keeps the objects; made when missing. */
  readonly dir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Made when missing. At least 3 characters. */
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/** A private S3 bucket on 127.0.0.1 that behaves as R2 does where we use it. Objects outlive the process. */
export const startObjects = (options: ObjectsOptions): Promise<RunningService> =>
  startService(
    "The object store",
    new URL("./s3.child.ts", import.meta.url),
    { ...options, dir: path.resolve(options.dir), port: options.port ?? 0 },
    // Pages of a listing are marked with a cipher (Blowfish) that today's OpenSSL keeps among the legacy ones.
    ["--openssl-legacy-provider"],
  );
