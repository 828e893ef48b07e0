/** A CloudFront path pattern: `*` is any number of characters, slashes among them, `?` is one. Case counts. */
export function matchesPath(pattern: string, path: string): boolean {
  if (pattern === "*") return true;
  const source = pattern
    .replace(/^(?!\/)/, "/")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(path);
}
