// Runs in CloudFront, for every request of a page (cloudfront-js-2.0). `LOCALES` is put before it.

var textOf = (named) => (named ? named.value : "");

/** Our language that the visitor wants most: the one chosen before (a cookie), else the browser's, else the first. */
function wantedLocale(request) {
  var chosen = textOf(request.cookies.locale);
  if (LOCALES.includes(chosen)) return chosen;
  var wishes = textOf(request.headers["accept-language"])
    .split(",")
    .map((part) => {
      var quality = /;\s*q=([\d.]+)/.exec(part);
      return { locale: part.trim().slice(0, 2).toLowerCase(), quality: quality ? Number(quality[1]) : 1 };
    })
    .filter((wish) => wish.quality > 0 && LOCALES.includes(wish.locale))
    .sort((a, b) => b.quality - a.quality);
  return wishes.length > 0 ? wishes[0].locale : LOCALES[0];
}

function handler(event) {
  var request = event.request;
  // Eight values and no more: the cache keeps a page once a language.
  request.headers["accept-language"] = { value: wantedLocale(request) };
  if (request.uri.startsWith("/.well-known/")) return request;
  // Pages are files: /en/create is en/create.html, /en/ is en/index.html.
  if (request.uri.endsWith("/")) request.uri += "index.html";
  else if (!request.uri.split("/").pop().includes(".")) request.uri += ".html";
  return request;
}
