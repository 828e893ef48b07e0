import { direction, languageTag } from "@imgpilot/contract/locales";
import { Body } from "@react-email/body";
import { Button } from "@react-email/button";
import { Container } from "@react-email/container";
import { Head } from "@react-email/head";
import { Heading } from "@react-email/heading";
import { Hr } from "@react-email/hr";
import { Html } from "@react-email/html";
import { Link } from "@react-email/link";
import { Preview } from "@react-email/preview";
import { Text } from "@react-email/text";
import { createElement as h, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import type { Fact, Letter } from "./letter.ts";
import { DARK_STYLE, LIGHT } from "./letter-style.ts";

/**
 * The HTML part. Values are text to React, so a name or a prompt cannot become markup; nothing is fetched when the mail
 * is opened, so opening it tells nobody anything. Without JSX, because Node runs this file as it is.
 */
export function letterHtml(letter: Letter): string {
  const { locale, subject, heading, text, action, after } = letter;
  const inside = [
    h(Text, { key: "brand", className: "soft", style: LIGHT.brand }, "ImgPilot"),
    h(Heading, { key: "heading", as: "h1", style: LIGHT.heading }, heading),
    ...paragraphs(text, "text"),
    letter.facts.length > 0 && facts(letter.facts),
    action &&
      h(Button, { key: "action", href: action.url, className: "action", style: LIGHT.action }, action.label),
    letter.code && codeOf(letter.code),
    ...paragraphs(after, "after"),
    h(Hr, { key: "line", className: "line", style: LIGHT.line }),
    ...footer(letter),
  ];
  const document = h(
    Html,
    { lang: languageTag(locale), dir: direction(locale) },
    h(Head, null, ...head(subject)),
    h(Preview, null, text[0] ?? heading),
    h(
      Body,
      { className: "ground", style: LIGHT.ground },
      h(
        Container,
        { className: "sheet", style: LIGHT.sheet, lang: languageTag(locale), dir: direction(locale) },
        inside,
      ),
    ),
  );
  return `<!doctype html>${renderToStaticMarkup(document)}`;
}

const head = (subject: string): ReactNode[] => [
  h("meta", { key: "viewport", name: "viewport", content: "width=device-width, initial-scale=1" }),
  h("meta", { key: "scheme", name: "color-scheme", content: "light dark" }),
  h("meta", { key: "schemes", name: "supported-color-schemes", content: "light dark" }),
  // No telephone number, date or address is made a link that we did not make.
  h("meta", { key: "format", name: "format-detection", content: "telephone=no,date=no,address=no,email=no" }),
  h("title", { key: "title" }, subject),
  h("style", { key: "style" }, DARK_STYLE),
];

const paragraphs = (lines: readonly string[], kind: "text" | "after"): ReactNode[] =>
  lines.map((line) =>
    h(Text, { key: line, style: LIGHT[kind], ...(kind === "after" ? { className: "soft" } : {}) }, line),
  );

/** A table of labels and values that is one: its labels are its rows' headers. */
const facts = (all: readonly Fact[]) =>
  h(
    "table",
    { key: "facts", className: "facts", style: LIGHT.facts },
    h(
      "tbody",
      null,
      all.map(({ label, value }) =>
        h(
          "tr",
          { key: label },
          h("th", { scope: "row", className: "soft", style: LIGHT.label }, label),
          // A value may be in another script than the mail, as a prompt or an address in an Arabic one.
          h("td", { style: LIGHT.value }, h("bdi", null, value)),
        ),
      ),
    ),
  );

const codeOf = ({ label, value }: { label: string; value: string }) => [
  h(Text, { key: "code-label", style: LIGHT.text }, label),
  h(
    Text,
    { key: "code", className: "code", style: LIGHT.code, dir: "ltr" },
    `${value.slice(0, 3)} ${value.slice(3)}`,
  ),
];

const footer = ({ because, unsubscribe }: Letter): ReactNode[] => [
  h(Text, { key: "because", className: "soft", style: LIGHT.after }, because),
  unsubscribe &&
    h(
      Text,
      { key: "unsubscribe", style: LIGHT.after },
      h(Link, { href: unsubscribe.url, className: "soft", style: LIGHT.quietLink }, unsubscribe.label),
    ),
];
