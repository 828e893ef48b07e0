import type { CSSProperties } from "react";

/** The site's colours (`site/src/styles/tokens.css`) as mail programs can read them: paper, and the dark. */
const PAPER = {
  ground: "#f6f4f0",
  surface: "#fdfcf9",
  raised: "#efece6",
  line: "#d9d5cf",
  ink: "#221d18",
  soft: "#4e4640",
  safelight: "#c63112",
  onSafelight: "#fefbf7",
};
const DARK = {
  ground: "#110e0d",
  surface: "#1a1614",
  raised: "#231f1c",
  line: "#35302d",
  ink: "#f0ece7",
  soft: "#c8c3bd",
  safelight: "#fc754a",
  onSafelight: "#1a0a06",
};

const FACE = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif";
const MONOSPACE = "ui-monospace, 'SF Mono', Menlo, Consolas, monospace";

/** Inline, for the programs that drop a style sheet. `start` and `end`, so that Arabic mirrors. */
export const LIGHT = {
  ground: {
    margin: 0,
    padding: "24px 12px",
    backgroundColor: PAPER.ground,
    color: PAPER.ink,
    fontFamily: FACE,
  },
  sheet: {
    maxWidth: "480px",
    padding: "28px",
    backgroundColor: PAPER.surface,
    border: `1px solid ${PAPER.line}`,
    borderRadius: "12px",
    textAlign: "start",
  },
  brand: { margin: "0 0 4px", fontSize: "14px", lineHeight: "20px", fontWeight: 600, color: PAPER.soft },
  heading: { margin: "0 0 16px", fontSize: "22px", lineHeight: "30px", fontWeight: 600 },
  text: { margin: "0 0 16px", fontSize: "16px", lineHeight: "25px" },
  after: { margin: "0 0 12px", fontSize: "14px", lineHeight: "21px", color: PAPER.soft },
  action: {
    display: "inline-block",
    margin: "8px 0 24px",
    padding: "12px 20px",
    borderRadius: "6px",
    backgroundColor: PAPER.safelight,
    color: PAPER.onSafelight,
    fontSize: "16px",
    fontWeight: 600,
    textDecoration: "none",
  },
  facts: {
    width: "100%",
    margin: "0 0 24px",
    borderCollapse: "collapse",
    fontSize: "14px",
    lineHeight: "21px",
  },
  label: {
    padding: "6px 0",
    paddingInlineEnd: "16px",
    textAlign: "start",
    verticalAlign: "top",
    fontWeight: 400,
    color: PAPER.soft,
  },
  value: {
    padding: "6px 0",
    textAlign: "start",
    fontVariantNumeric: "tabular-nums",
    overflowWrap: "anywhere",
  },
  code: {
    margin: "0 0 24px",
    padding: "12px 16px",
    borderRadius: "6px",
    backgroundColor: PAPER.raised,
    fontFamily: MONOSPACE,
    fontSize: "28px",
    lineHeight: "36px",
    fontWeight: 600,
    letterSpacing: "0.1em",
    textAlign: "center",
  },
  line: { margin: "8px 0 20px", border: 0, borderTop: `1px solid ${PAPER.line}` },
  quietLink: { color: PAPER.soft, textDecoration: "underline" },
} satisfies Record<string, CSSProperties>;

/** `!important`, as it overrules what is inline. */
export const DARK_STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background-color:${DARK.ground}!important;color:${DARK.ink}!important}
.sheet{background-color:${DARK.surface}!important;border-color:${DARK.line}!important}
.soft{color:${DARK.soft}!important}
.action{background-color:${DARK.safelight}!important;color:${DARK.onSafelight}!important}
.code{background-color:${DARK.raised}!important}
.line{border-color:${DARK.line}!important}
}`;
