/* The calculation card and the form for missing figures (the formula is the form), and a paper to take away. */
import { button, h, icon } from "./parts.js";
import { block, line } from "./text.js";
import { call, json } from "./service.js";
import { say } from "./words.js";

const FIGURE = /^([^\d+\-−]{0,6})([+\-−]?\d[\d,]*(?:\.\d+)?%?)([^\d-][^\d]*)?$/;
const STAMPS = { ok: ["ok", "check"], watch: ["warn", "bang"], breach: ["bad", "bang"] };
const UNITS = { ratio: "%", ppm: "ppm", factor: "", level: "", date: "", bool: "" };
const RECALCULATE_AFTER_MS = 200;

/** '1,000元' with its unit set small; words that are no plain figure stay as they are. */
export function figure(said) {
  const [, before, number, after] = FIGURE.exec(said) ?? [];
  return number ? [before && h("small", {}, before), number, after && h("small", {}, after)].filter(Boolean) : [said];
}

/** The verdict: icon and word carry it, colour only helps. */
export function stamp(verdict, word) {
  if (!verdict || !word) return [];
  const [colour, picture] = STAMPS[verdict];
  return [h("span.v." + colour, {}, icon(picture), word)];
}

function grade(level) {
  if (level === "low" || level === "conflict") return h("span.b.cf.open", {}, say("open"));
  return level === "high" ? h("span.b.cf", {}, say("high")) : h("span.b.cf.calc", {}, say("calc"));
}

/* figures as people type them: 12,000 · １２０ · 1.2万 · 5% */
function number(typed) {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+))(万|亿)?%?$/.exec(typed.normalize("NFKC").replace(/[,\s]/g, ""));
  return found ? found[1] * ({ 万: 1e4, 亿: 1e8 }[found[2]] ?? 1) : NaN;
}
const scale = (shown) => (shown.unit === "ratio" ? 100 : 1);
const written = (shown) => (shown.value * scale(shown)).toLocaleString("en", { maximumFractionDigits: 6 });
const unit = (shown) => UNITS[shown.unit] ?? shown.unit;
const numeric = (shown) => shown.editable && typeof shown.value === "number";

function sentence(label, fields) {
  const said = [...fields].filter(([, field]) => field.value.trim()).map(([shown, field]) => shown.label + field.value.trim() + unit(shown));
  return `${label}：${said.join("，")}`;
}

function row(shown, field, hint) {
  return h("label", {}, h("span", {}, shown.label, hint), field, h("b.unit", {}, unit(shown)));
}

const field = (value, keys, more = {}) => h("input.fld", { value, inputMode: keys, autocomplete: "off", ...more });

/** The card of one calculation. The figure and stamp of the first stand above it (`shown`), others carry their own. */
export function card(event, { first, shown, reference, doing }) {
  const whole = event.fraction && !/[－＋×]/.test(event.formula); /* else a bar would state a false equation */
  const place = (one) => (event.fraction ?? []).indexOf(one.name) >>> 0;
  const inputs = [...event.shown].sort((one, other) => place(one) - place(other));
  const fields = new Map(inputs.filter(numeric).map((one) => [one, field(written(one), "decimal", { name: one.name })]));
  const rows = inputs.map((one) => {
    const hint = one.hint && h("small.b", {}, one.hint);
    return fields.has(one) ? row(one, fields.get(one), hint) : h("div.given", {}, h("span", {}, one.label), h("b", {}, one.said));
  });
  const own = first ? shown : { figure: h("output.value", {}, event.said), stamp: h("span", {}, stamp(event.verdict, event.verdict_word)) };
  const wrong = h("p.sm.bad", { role: "alert", hidden: true });
  const stale = h("div.row", { hidden: true }, h("span.sm.q2.grow", {}, say("stale")),
    button("opt", () => doing.ask(sentence(event.label, fields)), say("askAgain")));
  let timer, latest;
  async function recalculate() {
    const turn = latest = {};
    const fixed = Object.entries(event.inputs).filter(([name]) => ![...fields.keys()].some((one) => one.name === name));
    const typed = [...fields].map(([one, box]) => [one.name, number(box.value) / scale(one)]);
    own.figure.classList.add("pending");
    let result = {}, failure = "";
    try {
      result = await json("calculations", { metric: event.metric, label: event.label, day: event.day?.date ?? null, inputs: Object.fromEntries([...fixed, ...typed]) });
    } catch (error) { failure = error.message; }
    if (latest !== turn) return;
    own.figure.classList.remove("pending");
    own.figure.replaceChildren(...(failure ? ["—"] : figure(result.said)));
    own.stamp.replaceChildren(...stamp(result.verdict, result.verdict_word));
    wrong.textContent = failure;
    wrong.hidden = !failure;
    stale.hidden = false;
  }
  const edit = () => { clearTimeout(timer); timer = setTimeout(recalculate, RECALCULATE_AFTER_MS); };
  const notes = [!whole && event.formula && h("p", {}, event.formula), event.note && h("p", {}, line(event.note, reference))].filter(Boolean);
  if (!notes.length && fields.size) notes.push(say("recompute"));
  return h("section.card", { on: { input: edit } },
    h("div.row", {}, !first && h("h2.h", {}, event.label), event.period && h("span.b", {}, icon("calendar"), event.period), h("span.end", {}, grade(event.confidence))),
    rows.length && h(whole ? "div.frac.over" : "div.frac", {}, rows),
    !first && h("div.row", {}, own.figure, h("span.end", {}, own.stamp)),
    notes.length > 0 && h("div.foot.q2", {}, notes), stale, wrong);
}

/** What was read, filled in; the first missing figure marked; a button that sends all of it as one sentence. */
export function form(event, reference, doing) {
  const missing = event.shown.find((one) => one.value === null);
  const fields = new Map(event.shown.map((one) => {
    const known = one.value !== null, keys = ["date", "bool"].includes(one.unit) || (known && !numeric(one)) ? "text" : "decimal";
    return [one, field(known ? (numeric(one) ? written(one) : one.said) : "", keys, { name: one.name, required: one === missing })];
  }));
  fields.get(missing)?.classList.add("wanted");
  const rows = event.shown.map((one) => row(one, fields.get(one),
    one.value !== null ? h("small.b.ok", {}, icon("check"), say("readFromYou")) : one.hint && h("small.b", {}, one.hint)));
  const send = (submitted) => { submitted.preventDefault(); doing.ask(sentence(event.label, fields)); };
  return h("form.card", { on: { submit: send } },
    h(rows.length === 2 ? "div.frac.over" : "div.frac", {}, rows),
    h("div.row", {}, h("span.sm.q2.grow", {}, event.note && line(event.note, reference)), h("button.btn", {}, say("calculate"))));
}

/** A paper: folded, with the two files it can be taken as. The server renders it again and names the file. */
export function paper(event, reference, doing) {
  const said = h("p.sm", { hidden: true });
  async function take(pressed, format) {
    pressed.disabled = true;
    said.className = "sm";
    try {
      const reply = await call("papers", { guide: event.guide, given: event.given, day: event.day.date, format }, { accept: "*/*" });
      const named = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("Content-Disposition") ?? "");
      const link = h("a", { href: URL.createObjectURL(await reply.blob()), download: named ? decodeURIComponent(named[1]) : `${event.name}.${format}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      said.textContent = say("taken");
    } catch (error) {
      said.textContent = error.message;
      said.className = "sm bad";
    }
    said.hidden = pressed.disabled = false;
    doing.announce(said.textContent);
  }
  const files = [["btn", "word", "docx"], ["btn.alt", "markdown", "md"]].map(([kind, name, format]) =>
    button(kind, (clicked) => take(clicked.currentTarget, format), say(name)));
  return h("section.card.paper", {},
    h("div", {}, h("h2", {}, icon("file"), event.title), h("p.b", {}, say("paper"))),
    h("details.more", {}, h("summary", {}, say("preview"), icon("down")),
      h("div.md", { tabIndex: 0 }, block(event.markdown.replace(/^.*\n\n/, ""), reference))),
    h("div.row", {}, files, said));
}
