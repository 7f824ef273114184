/* The panel: one conversation, its box, and the wire to the page it stands on. */
import { button, h, problem } from "./parts.js";
import { begin, given, here, json, kept, Refusal, session, stream, unreachable } from "./service.js";
import { language, say } from "./words.js";

const $ = (id) => document.getElementById(id);
const log = $("log"), text = $("text"), turns = [];
let host, stopping, desk, opened;

/* ---- the page around: only origins of this site are heard and told ---- */
const tell = (type, data) => host && parent.postMessage({ type, data }, host);
addEventListener("message", ({ source, origin, data }) => {
  if (source !== parent || parent === window || !given.origins.includes(origin)) return;
  const { type, data: said } = data ?? {};
  if (type === "hello") { host = origin; tell("ready"); }
  if (type === "open") focus();
  if (type === "ask") ask(String(said));
  if (type === "identify") { session.identity = String(said); start(true).catch(unopened); }
});
/* on a phone the keyboard would cover the answer: the panel itself takes the focus there */
function focus() { (matchMedia("(pointer:coarse)").matches ? log : text).focus(); }

function announce(sentence) {
  $("live").textContent = "";
  setTimeout(() => { $("live").textContent = sentence; }, 50);
}
const status = (sentence) => { $("status").textContent = sentence; };

/* ---- the log ---- */
const ui = { announce, append, confirm, log, status, tell, box: text, call: $("person"), lastQuestion: () => turns.at(-1)?.question ?? "" };

function append(...nodes) {
  log.querySelector(".hello")?.remove();
  log.querySelector(".last")?.classList.remove("last");
  log.append(...nodes);
  nodes[0]?.scrollIntoView({ block: "nearest" });
}

function greet() {
  const { greeting, starters = [] } = session.site;
  log.replaceChildren(h("div.hello", {},
    h("h2", {}, say("hello").split("|").map((part) => h("span", {}, part))), greeting && h("p", {}, greeting),
    starters.map((question) => button("starter", () => ask(question), question))));
}

/* fetched when it is first needed; a browser asks again for what it could not fetch */
const drawing = () => import("./answer.js").catch(() => { throw unreachable(); });
const doing = {
  announce,
  ask,
  stop: () => stopping?.abort(),
  person: (reason) => withDesk((person) => person.offer(reason)),
  judge: (turn, thumb, reason) => json(here(`turns/${turn.id}/feedback`), { thumb, reason }),
};

function place(turn) {
  turn.node = h("article.turn", { ariaLabel: turn.question }, h("p.ask", {}, turn.question), h("div.ans"));
  turns.push(turn);
  append(turn.node);
  turn.node.classList.add("last");
}

function redraw(turn, draw) {
  const answer = turn.node.lastChild, busy = turn.busy || turn.status === "accepted"; /* accepted: under way in another tab */
  answer.ariaBusy = String(busy);
  answer.replaceChildren(...draw(turn, { ...doing, busy, person: session.site.handoff && !desk?.active && doing.person, stop: turn.busy && doing.stop }));
}

/* ---- asking ---- */
async function ask(question) {
  question = question.trim();
  if (!question || stopping) return text.focus();
  const turn = { question, events: [], busy: true };
  const halt = stopping = new AbortController();
  kept.set({ unsent: question });
  sendButton();
  let drawn, failure;
  try { [drawn] = await Promise.all([drawing(), start()]); } catch (error) { failure = error; }
  place(turn);
  turn.node.scrollIntoView({ block: "start" });
  try {
    if (failure) throw failure;
    redraw(turn, drawn.draw);
    for await (const { type, data } of stream(here("turns"), { question }, halt.signal)) {
      if (type === "error") throw new Refusal(data.message, { status: 500 });
      if (type === "accepted") {
        turn.id = data.turn;
        kept.set({ unsent: "", at: Date.now() });
      }
      turn.events.push(data);
      turn.status = data.status ?? turn.status;
      redraw(turn, drawn.draw);
    }
    if (turn.events.at(-1)?.type !== "done") throw unreachable();
  } catch (error) {
    if (halt.signal.aborted) turn.status = "stopped";
    else turn.problem = error instanceof Refusal ? error.message : say("failed");
  }
  turn.busy = false;
  stopping = null;
  sendButton();
  kept.set({ at: Date.now() });
  if (drawn) {
    redraw(turn, drawn.draw);
    announce(drawn.spoken(turn.node));
    tell("message", { sender: "assistant", text: drawn.plain(turn.events) });
  } else turn.node.lastChild.replaceChildren(problem(turn.problem, button("btn.alt", () => { turn.node.remove(); ask(question); }, say("askOnce"))));
}

/* ---- what is known: at the start, after a reload, and from other tabs ---- */
async function start(anew) {
  if (opened && !anew) return opened;
  opened = begin().then(show);
  opened.catch(() => { opened = null; });
  return opened;
}

function unopened(error) {
  log.replaceChildren(problem(error.message, button("btn.alt", () => start().catch(unopened), say("retry"))));
}

async function show(known) {
  if (turns.some((turn) => turn.busy)) return; /* an answer is being written: it stays where it is */
  turns.length = 0;
  desk?.leave();
  desk = null;
  $("person").hidden = !session.site.handoff;
  status(say("tagline"));
  if (known.turns.length || known.messages.length) {
    log.replaceChildren();
    await history(known);
  } else greet();
  if (known.handoff && known.handoff.state !== "closed") await withDesk((person) => person.resume(known.handoff));
  if (desk?.active) log.scrollTop = log.scrollHeight;
  else turns.at(-1)?.node.scrollIntoView({ block: "start" });
}

async function history({ turns: asked, messages }) {
  const { draw } = await drawing();
  const told = messages.length ? await withDesk((person) => person) : null;
  const lines = [...asked.map((turn) => [turn.asked_at, turn]), ...messages.map((message) => [message.at, message])];
  for (const [, one] of lines.sort(([first], [second]) => (first < second ? -1 : 1))) {
    if (!one.question) { told.show(one); continue; }
    const held = turns.find((turn) => turn.id === one.id);
    if (held?.busy) continue;
    if (!held) place(one);
    redraw(Object.assign(held ?? one, one), draw);
  }
}

async function refresh() {
  const after = Math.min(...turns.filter((turn) => turn.status === "accepted").map((turn) => turn.seq - 1), ...turns.slice(-1).map((turn) => turn.seq ?? 0));
  try {
    await history(await json(here("history"), { after: Number.isFinite(after) ? after : 0 }));
  } catch { /* the next change in the other tab tries again */ }
}

kept.watch((now, before) => {
  if (now.conversation !== session.conversation) start(true);
  else if (now.at !== before.at && !stopping) refresh();
});

async function withDesk(then) {
  const { Desk } = await import("./person.js");
  desk ??= new Desk(ui);
  return then(desk);
}

async function renew() {
  stopping?.abort();
  const { conversation } = await json("conversations");
  kept.set({ conversation, at: Date.now() });
  await start(true);
  text.focus();
}

/** A question in the log with one thing to do and a way back. */
function confirm(sentence, label, act) {
  const card = h("section.card", { role: "group", ariaLabel: label }, h("p", {}, sentence), h("div.row", {},
    button("btn", async (clicked) => {
      clicked.currentTarget.disabled = true;
      try { await act(); card.remove(); } catch (error) { card.replaceChildren(problem(error.message)); }
    }, label),
    button("btn.alt", () => { card.remove(); text.focus(); }, say("cancel"))));
  append(card);
  card.querySelector("button").focus();
}

async function erase() {
  await json("visitor/erase");
  kept.clear();
  await start(true);
  announce(say("erased"));
  status(say("erased"));
}

/* ---- the box and the buttons ---- */
function sendButton() {
  const icon = stopping ? "stop" : "up", label = say(stopping ? "stop" : "send");
  $("send").querySelector("use").setAttribute("href", "#i-" + icon);
  Object.assign($("send"), { ariaLabel: label, title: label });
}

async function upload([file]) {
  if (!file) return;
  const sent = new FormData();
  $("file").value = "";
  try {
    await start();
    sent.append("conversation", session.conversation);
    sent.append("file", file);
    const { name } = await json("uploads", sent);
    const { attached } = await import("./person.js");
    append(attached(name));
  } catch (error) { append(problem(error.message)); }
}

function submit() {
  if (stopping) return stopping.abort();
  const said = text.value;
  if (!said.trim()) return text.focus();
  text.value = "";
  kept.set({ draft: "" });
  if (desk?.active) desk.say(said.trim());
  else ask(said);
}

function label(id, word, act) {
  Object.assign($(id), { ariaLabel: say(word), title: say(word) });
  $(id).addEventListener("click", act);
}

document.title = say("talk");
log.ariaLabel = say("talk");
status(say("tagline"));
$("note").textContent = say("note");
Object.assign(text, { ariaLabel: say("question"), placeholder: say("placeholder") });
label("person", "person", () => doing.person("asked"));
label("more", "more", () => {});
label("close", "close", () => tell("close"));
label("upload", "upload", () => $("file").click());
$("close").hidden = parent === window;
$("new").textContent = say("fresh");
$("erase").textContent = say("erase");
$("new").addEventListener("click", () => { $("menu").hidePopover(); renew().catch((error) => append(problem(error.message))); });
$("erase").addEventListener("click", () => { $("menu").hidePopover(); confirm(say("eraseAsk"), say("eraseDo"), erase); });
$("file").addEventListener("change", () => upload($("file").files));
$("box").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
text.addEventListener("input", () => { kept.set({ draft: text.value }); drawing().catch(() => {}); }); /* fetched while one types */
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!stopping) submit();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !$("menu").matches(":popover-open")) tell("close");
});
if (given.brand) {
  document.documentElement.style.setProperty("--brand", given.brand.color);
  document.documentElement.style.setProperty("--on-brand", given.brand.on);
}
sendButton();
const { draft, unsent } = kept.get();
text.value = draft || unsent || "";
if (!given.identified) start().catch(unopened);
