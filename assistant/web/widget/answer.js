/* Events → one answer. Result first, then how, what to do, and the grounds folded below: the panel is narrow. */
import { button, h, icon, problem, tool } from "./parts.js";
import { card, figure, form, paper, stamp } from "./cards.js";
import { block, line } from "./text.js";
import { say } from "./words.js";

const HTTPS = /^https:\/\/[^\s<>"']+$/i;
const GRADES = { high: "agreed", medium: "single", low: "open", conflict: "conflict", calc: "calc", own: "own" };

/** The parts of an answer as far as it has come. `doing` holds what its buttons do. */
export function draw(turn, doing) {
  const { events } = turn, { busy } = doing;
  const all = (type) => events.filter((event) => event.type === type);
  const texts = (part) => all("text").filter((event) => event.part === part && event.markdown.trim()).map((event) => event.markdown);
  const computed = all("calculated"), lead = computed[0], citations = all("cited").flatMap((event) => event.citations);
  const sources = citations.map(source);
  const reference = (number) => sources[number - 1] && (() => reveal(sources[number - 1]));
  const prose = (part, kind = "div.md") => texts(part).map((text) => h(kind, {}, block(text, reference)));

  const result = h("div.res");
  let shown;
  if (lead) {
    shown = { figure: h("strong.fig", {}, figure(lead.said)), stamp: h("span", {}, stamp(lead.verdict, lead.verdict_word)) };
    const asides = computed.filter((event) => event.aside).map((event) => `${event.label} ${event.said}`).join("；");
    result.append(h("p.h", {}, lead.label), h("div.row", {}, shown.figure, shown.stamp));
    if (asides) result.append(h("p", {}, asides));
      }
  for (const text of texts("say")) result.append(lead ? h("div.md", {}, block(text, reference)) : h("p.say", {}, line(text, reference)));
  for (const event of events) {
    if (event.type === "refused") result.append(h("div.row", {}, stamp("watch", say("checkFigures"))));
    if (["asked", "refused", "declined"].includes(event.type)) result.append(...sentence(event.text, reference));
  }

  const acts = prose("acts"), rows = all("ruled").flatMap((event) => event.rows).map((row) => rule(row, reference));
  const timeline = rows.length && h("ol.time", {}, rows);
  const folds = [
    lead && acts.length && fold(say("acts"), acts),
    (sources.length || (lead && timeline)) && fold(say(timeline ? "rulesAndSources" : "sources", { n: sources.length }), timeline, h("ol.src", {}, sources)),
  ].filter(Boolean);
  const parts = [
    result.hasChildNodes() && result,
    computed.filter((event) => !event.aside).map((event, at) => card(event, { first: !at, shown, reference, doing })),
    all("asked").map((event) => form(event, reference, doing)),
    all("drafted").map((event) => paper(event, reference, doing)),
    prose("body"),
    !lead && !sources.length && timeline && h("section", {}, h("h2.h", {}, say("rules")), timeline),
    prose("note", "div.md.note"),
    !lead && acts.length && h("section.md", {}, h("h2.h", {}, say("acts")), acts),
    prose("fine", "div.md.sm.q2"),
    folds.length && h("div.folds", {}, folds),
  ].flat(9).filter(Boolean);

  if (busy) parts.push(...underWay(all("working"), !parts.length, doing));
  else parts.push(...foot(turn, all, citations, { ...doing, bare: !parts.length }));
  return parts;
}

/** The answer's result as a sentence to be read out. */
export const spoken = (node) => [...node.querySelectorAll(".res > *, .fault")].map((part) => part.textContent).join(" ");

function sentence(text, reference) {
  const [first, ...rest] = text.trim().split("\n");
  const more = rest.join("\n").trim();
  return [h("p.say", {}, line(first, reference)), more && h("div.md", {}, block(more, reference))].filter(Boolean);
}

const fold = (title, ...inside) => h("details.more", {}, h("summary", {}, title, icon("down")), h("div", {}, inside));

function rule(row, reference) {
  const text = line(row.text, reference);
  const [tag, ...rest] = row.tag.split("·");
  const badge = row.ended ? say("ended") : [row.tag && h("b", {}, tag.trim()), rest.length ? " · " + rest.join("·").trim() : ""];
  const told = h(row.ended ? "s" : "span", {}, text);
  return h(row.ended ? "li.off" : "li", {}, h("div.row", {}, h("span", {}, row.period), h("span.b", {}, badge)), told);
}

function source(citation, at) {
  const { title, quote, source: name, address, period, confidence } = citation;
  const badge = [GRADES[confidence] && say(GRADES[confidence]), period].filter(Boolean).join(" · ");
  const away = { href: address, target: "_blank", rel: "noopener noreferrer nofollow" };
  return h("li", {}, h("details", { open: !at },
    h("summary", {}, h("span.q2", {}, `[${at + 1}]`), h("span", {}, title, badge && h("span.b", {}, badge)), icon("down")),
    h("blockquote", {},
      quote && ["「", h("mark", {}, quote), "」", h("br")],
      HTTPS.test(address) ? h("a.sm", away, name || address) : h("span.sm.q2", {}, name))));
}

function reveal(item) {
  for (let fold = item.querySelector("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  item.scrollIntoView({ block: "nearest" });
  item.querySelector("summary").focus({ preventScroll: true });
}

function underWay(steps, alone, doing) {
  const texts = steps.length ? steps.map((step) => step.text) : [say(alone ? "working" : "writing")], last = texts.pop();
  const dots = h("span.dots", { ariaHidden: "true" }, h("i"), h("i"), h("i"));
  return [
    h("ul.sm", {}, alone && texts.map((text) => h("li.row", {}, icon("check", "ok"), text)), h("li.row.q2", {}, dots, last)),
    alone && h("div", { ariaHidden: "true" }, h("div.sk"), h("div.sk"), h("div.sk")),
    doing.stop && h("div", {}, button("btn.alt", doing.stop, icon("stop"), say("stop"))),
  ].filter(Boolean);
}

function foot(turn, all, citations, doing) {
  const again = (label) => h("div", {}, button("btn.alt", () => doing.ask(turn.question), icon("redo"), say(label)));
  if (turn.problem) return [problem(turn.problem, again("askOnce"))];
  if (turn.status === "interrupted" || turn.status === "failed") return [h("p.sm.q2", {}, say("interrupted")), again("askOnce")];
  if (turn.status === "stopped") return [h("p.sm.q2", {}, say(doing.bare ? "halted" : "stopped")), again("again")];
  const chips = all("suggested").flatMap((event) => event.questions).map((question) => button("opt", () => doing.ask(question), question));
  const offered = all("offered")[0] ?? all("declined")[0];
  const bring = offered && doing.person;
  return [
    chips.length && h("div.row", {}, chips),
    bring && h("div.row", {}, button("btn.alt", () => bring(offered.type === "offered" ? offered.reason : "declined"), icon("person"), say("person")),
      h("span.sm.q2.grow", {}, say("masked"))),
    tools(turn, all, citations, doing),
  ].filter(Boolean);
}

function tools(turn, all, citations, doing) {
  const said = h("span.b.told");
  const owned = citations[0]?.confidence === "own";
  const direct = all("text").some((one) => one.worded) ? "worded" : all("calculated").length ? "direct" : citations.length ? (owned ? "ownQuoted" : "quoted") : "";
  const tell = (text) => { said.textContent = text; doing.announce(text); };
  const reason = h("input.fld", { ariaLabel: say("why"), placeholder: say("why"), maxLength: 500 });
  const why = h("form.row", { hidden: true, on: { submit: (event) => { event.preventDefault(); judge("down", reason.value); why.hidden = true; } } },
    h("div.grow", {}, reason), h("button.btn.alt", {}, say("send")));
  async function judge(thumb, text = "") {
    try {
      await doing.judge(turn, thumb, text);
      turn.thumb = thumb;
      good.ariaPressed = thumb === "up";
      bad.ariaPressed = thumb === "down";
      tell(say("thanks"));
    } catch (error) { tell(error.message); }
  }
  async function copy() {
    const text = plain(turn.events);
    try { await navigator.clipboard.writeText(text); } catch {
      const area = h("textarea.vh", { value: text }); /* no clipboard on plain http: the old way */
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    tell(say("copied"));
  }
  const good = tool("good", say("good"), () => judge("up"));
  const bad = tool("bad", say("bad"), () => { judge("down"); why.hidden = false; reason.focus(); });
  good.ariaPressed = turn.thumb === "up";
  bad.ariaPressed = turn.thumb === "down";
  return h("div", {},
    h("div.row.tools", {}, tool("copy", say("copy"), copy), tool("redo", say("again"), () => doing.ask(turn.question)), turn.id && [good, bad], said),
    why, direct && h("p.b", {}, say(direct)));
}

/** The answer as Markdown, with its sources. */
export function plain(events) {
  const blocks = events.map((event) => {
    if (event.type === "calculated") return `**${event.label}：${event.said}**` + (event.verdict_word && `（${event.verdict_word}）`);
    if (event.type === "ruled") return event.rows.map((row) => `- ${row.period}：${row.ended ? `~~${row.text}~~` : row.text}`).join("\n");
    if (event.type === "cited") return event.citations.map((one, at) => `[${at + 1}] ${one.title} ${one.source} ${one.address}`.trim()).join("\n");
    return event.markdown ?? (event.type === "working" ? "" : event.text);
  });
  return blocks.filter(Boolean).join("\n\n");
}
