/** A reference as an address that holds the picture itself, for providers that take addresses alone. */
export const dataUrlOf = ({ bytes, contentType }: { bytes: Uint8Array; contentType: string }): string =>
  `data:${contentType};base64,${Buffer.from(bytes).toString("base64")}`;
