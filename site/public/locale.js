// The front door has no language. Goes to the one chosen before, else to the browser's, else to English.
const known = ["en", "zh", "ja", "ko", "es", "fr", "de", "ar"];
const chosen = /(?:^|; )locale=(\w+)/.exec(document.cookie)?.[1];
const wishes = [chosen, ...navigator.languages.map((tag) => tag.toLowerCase().split("-")[0])];
location.replace(`/${wishes.find((wish) => known.includes(wish)) ?? "en"}/`);
