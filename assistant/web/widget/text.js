/* Markdown of answers → elements. marked reads it, DOMPurify lets little through; HTML in it stays the text it is. */
import "./vendor/marked.min.js";
import "./vendor/purify.min.js";
import { button } from "./parts.js";

const { marked, DOMPurify } = globalThis;
const LET_THROUGH = {
  ALLOWED_TAGS: "p br strong del ul ol li table thead tbody tr th td blockquote h1 h2 h3 h4 hr a".split(" "),
  ALLOWED_ATTR: ["href", "start"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^https:\/\//i,
  RETURN_DOM_FRAGMENT: true,
};
const REFERENCE = /\[(\d{1,2})\]/;

marked.use({
  breaks: true,
  /* what the answers use, as the chat page reads it: no HTML, no code, no bare addresses, no emphasis by one star */
  tokenizer: { html() {}, tag() {}, code() {}, fences() {}, codespan() {}, def() {}, autolink() {}, url() {}, emStrong() {} },
  extensions: [{
    /* CommonMark leaves `**先核对。**再申诉` open, because a letter follows the 。 Here ** pairs up plainly. */
    name: "strong",
    level: "inline",
    start: (source) => source.indexOf("**"),
    tokenizer(source) {
      const [raw, text] = /^\*\*(.+?)\*\*/.exec(source) ?? [];
      return raw && { type: "strong", raw, text, tokens: this.lexer.inlineTokens(text) };
    },
  }],
});

function clean(html, reference) {
  const fragment = DOMPurify.sanitize(html, LET_THROUGH);
  for (const link of fragment.querySelectorAll("a")) {
    if (link.href) Object.assign(link, { target: "_blank", rel: "noopener noreferrer nofollow" });
    else link.replaceWith(...link.childNodes);
  }
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("a")) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = text.data.split(REFERENCE);
    if (parts.length > 1) text.replaceWith(...parts.map((part, at) => (at % 2 ? numbered(part, reference) : part)));
  }
  return fragment;
}

function numbered(number, reference) {
  const marker = `[${number}]`;
  return reference?.(number) ? button("ref", () => reference(number)(), marker) : marker;
}

/** Paragraphs, lists, tables. `reference(n)` gives what a click on `[n]` does, nothing when there is no such source. */
export const block = (markdown, reference) => clean(marked.parse(markdown), reference);

/** A sentence without block structure. */
export const line = (markdown, reference) => clean(marked.parseInline(markdown.replace(/\n/g, " ")), reference);
