import type { Marking } from "@imgpilot/core/images/image-tools";

const IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const XMP = "http://ns.adobe.com/xap/1.0/";
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/** The IPTC code for media made by a trained model (EU AI Act art. 50(2), promise C6). */
export const MADE_BY_AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/** A packet beyond this is replaced, not searched: what a provider sends must not decide how long we work. */
const MERGE_MAX_CHARACTERS = 65_536;

/** What we state about a picture: namespace, property, value. What a provider stated under the same name gives way. */
const statements = ({ model, madeAt }: Marking): [namespace: string, property: string, value: string][] => [
  [IPTC, "DigitalSourceType", MADE_BY_AI],
  [IPTC, "AISystemUsed", model],
  [XMP, "CreateDate", madeAt.toISOString()],
];

/** An XMP packet that carries the marking, alone or added to the packet that the picture had. */
export function markedPacket(marking: Marking, existing: string | null): string {
  const ours = description(marking);
  const mergeable = existing !== null && existing.length <= MERGE_MAX_CHARACTERS;
  const merged = mergeable ? merge(existing, marking, ours) : null;
  return merged ?? wrap(ours);
}

function description(marking: Marking): string {
  const properties = statements(marking).map(([namespace, property, value]) => {
    const name = `${namespace === IPTC ? "Iptc4xmpExt" : "xmp"}:${property}`;
    return `<${name}>${escapeXml(value)}</${name}>`;
  });
  return `<rdf:Description rdf:about="" xmlns:rdf="${RDF}" xmlns:Iptc4xmpExt="${IPTC}" xmlns:xmp="${XMP}">${properties.join("")}</rdf:Description>`;
}

const wrap = (description: string) =>
  '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">${description}</rdf:RDF></x:xmpmeta>` +
  '<?xpacket end="w"?>';

/** Null where the packet is not RDF as writers of XMP lay it out; a broken packet is worth less than our statement. */
function merge(packet: string, marking: Marking, ours: string): string | null {
  let text = packet.replace(/\0+$/, "");
  for (const [namespace, property] of statements(marking)) {
    for (const prefix of prefixesOf(text, namespace)) text = without(text, `${prefix}:${property}`);
  }
  // An earlier marking of ours is empty now.
  text = text.replace(/<rdf:Description\b[^<>]*>\s*<\/rdf:Description>/g, (empty) =>
    carriesAttributes(empty) ? empty : "",
  );
  const end = text.lastIndexOf("</rdf:RDF>");
  if (end < 0 || !text.includes("<rdf:RDF")) return null;
  return text.slice(0, end) + ours + text.slice(end);
}

function prefixesOf(packet: string, namespace: string): string[] {
  const declarations = packet.matchAll(/xmlns:([A-Za-z_][\w.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return [
    ...new Set(
      [...declarations].filter(([, , a, b]) => (a ?? b) === namespace).map(([, prefix]) => prefix ?? ""),
    ),
  ];
}

/** XMP writes a simple property as an element or as an attribute. */
function without(packet: string, name: string): string {
  const word = name.replaceAll(".", "\\.");
  return packet
    .replace(new RegExp(`<${word}(?:\\s[^<>]*)?/>`, "g"), "")
    .replace(new RegExp(`<${word}(?:\\s[^<>]*)?>[\\s\\S]*?</${word}\\s*>`, "g"), "")
    .replace(new RegExp(`\\s${word}\\s*=\\s*(?:"[^"]*"|'[^']*')`, "g"), "");
}

const carriesAttributes = (element: string) =>
  [...element.matchAll(/\s([\w.:-]+)\s*=/g)].some(
    ([, name]) => name !== "rdf:about" && !name?.startsWith("xmlns:"),
  );

const escapeXml = (text: string) =>
  text
    // Characters that XML 1.0 cannot carry, not even escaped.
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
