import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ObjectStore } from "@imgpilot/core/images/object-store";

export type R2Config = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

const SIGNATURE_BUCKET_SECONDS = 300;
const SIGNATURE_VALID_SECONDS = 900;

/**
 * The private bucket, through R2's S3 API. Checksums are sent only `WHEN_REQUIRED`: by default the SDK puts the checksum of
 * an empty body into every presigned PUT, which R2 refuses. R2 has no presigned POST, so uploads are presigned PUTs.
 */
export function createR2ObjectStore(config: R2Config): ObjectStore {
  const client = connect(config);
  const at = (key: string) => ({ Bucket: config.bucket, Key: key });
  return {
    async put(key, bytes, contentType) {
      await client.send(new PutObjectCommand({ ...at(key), Body: bytes, ContentType: contentType }));
    },
    get: (key, maxBytes) => absentAsNull(() => read(client, at(key), maxBytes)),
    head: (key) =>
      absentAsNull(async () => {
        const head = await client.send(new HeadObjectCommand(at(key)));
        return { bytes: head.ContentLength ?? 0, contentType: contentTypeOf(head) };
      }),
    async remove(key) {
      // A delete is acknowledged only once the key is gone for every later read, also where it never was.
      await absentAsNull(() => client.send(new DeleteObjectCommand(at(key))));
    },
    signGet: (key, { downloadAs } = {}) => {
      const disposition = downloadAs ? { ResponseContentDisposition: attachment(downloadAs) } : {};
      return getSignedUrl(client, new GetObjectCommand({ ...at(key), ...disposition }), {
        expiresIn: SIGNATURE_VALID_SECONDS,
        signingDate: startOfBucket(new Date()),
      });
    },
    async signPut(key, { contentType, bytes, expiresInSeconds }) {
      const command = new PutObjectCommand({ ...at(key), ContentType: contentType, ContentLength: bytes });
      // Type and length are both signed, so the store itself refuses any other upload.
      const signableHeaders = new Set(["content-type"]);
      const url = await getSignedUrl(client, command, { expiresIn: expiresInSeconds, signableHeaders });
      return { url, headers: { "content-type": contentType } };
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket: config.bucket }));
    },
  };
}

function connect({ endpoint, accessKeyId, secretAccessKey }: R2Config): S3Client {
  return new S3Client({
    region: "auto",
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 },
  });
}

async function read(client: S3Client, location: { Bucket: string; Key: string }, maxBytes: number) {
  const object = await client.send(new GetObjectCommand(location));
  const body = object.Body?.transformToWebStream();
  const tooLarge = () => new RangeError(`${location.Key} is larger than ${maxBytes} bytes`);
  if ((object.ContentLength ?? 0) > maxBytes) {
    await body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // What the store announces is not what it must send: count what comes.
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)), contentType: contentTypeOf(object) };
}

const contentTypeOf = (object: { ContentType?: string | undefined }) =>
  object.ContentType ?? "application/octet-stream";

async function absentAsNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
    throw error;
  }
}

/** Signing at the start of the five minutes makes every address given out within them the same, so browsers can cache. */
function startOfBucket(now: Date): Date {
  const bucketMs = SIGNATURE_BUCKET_SECONDS * 1000;
  return new Date(Math.floor(now.getTime() / bucketMs) * bucketMs);
}

/** RFC 6266: a plain ASCII name for old readers, the exact one for all others. */
function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._ -]/g, "_");
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
