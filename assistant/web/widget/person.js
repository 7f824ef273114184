/* A person: handing over, what is said there and back, and the form for when nobody is in. */
import { button, h, icon, problem } from "./parts.js";
import { begin, here, json, session, stream } from "./service.js";
import { language, say } from "./words.js";

const FIRST_WAIT_MS = 1000, LONGEST_WAIT_MS = 30000, TYPING_MS = 6000;

/** A file the visitor has sent. */
export const attached = (name) => h("p.ask.row", {}, icon("file"), name);

const clock = () => new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** One conversation's way to a person. `ui` is what the panel lends: its log, its box, its status line. */
export class Desk {
  active = false; /* whether what is typed goes to a person */
  #ui; #known = new Map(); #last = 0; #now = {}; #watching; #typing;

  constructor(ui) { this.#ui = ui; }

  /** Somebody is in: hand over after a yes. Nobody is: the form. The session is renewed first, it may be from this morning. */
  async offer(reason) {
    const ui = this.#ui;
    if (this.active) return ui.box.focus();
    try {
      const { hours } = (await begin()).site;
      if (!hours.open) this.#form(hours);
      else if (reason === "asked") ui.confirm(say("personAsk"), say("person"), () => this.#start(reason));
      else await this.#start(reason);
    } catch (error) { ui.append(problem(error.message)); }
  }

  async #start(reason) {
    const { handoff, packet, hours } = await json(here("handoff"), { reason, attach: true });
    Object.assign(session.site, { hours });
    this.#ui.append(this.#packet(packet));
    this.#ui.announce(say("packet"));
    this.resume(handoff);
    this.#ui.box.focus();
  }

  /** A hand-off under way, perhaps from before a reload. */
  resume(handoff) {
    this.#state(handoff, true);
    this.#watch();
  }

  /** Back to the assistant. */
  leave() {
    this.#turn(false);
    this.#watching?.abort();
    this.#typing?.remove();
  }

  #turn(active) {
    this.active = active;
    this.#ui.call.hidden = active;
    this.#ui.box.placeholder = say(active ? "toPerson" : "placeholder");
  }

  #packet({ shown }, title = say("packet")) {
    return h("section.card.packet", {}, h("h2.h", {}, title),
      h("ul.sm", {}, shown.map((line) => h("li.row", {}, icon("check", "ok"), line))));
  }

  #state({ state, taken_by: who }, known = false) {
    const ui = this.#ui, was = this.#now;
    if (!state || (state === was.state && who === was.who)) return;
    this.#now = { state, who };
    /* a message left after hours waits for its reply; meanwhile the assistant answers */
    this.#turn(state === "taken" || (state === "open" && session.site.hours.open));
    ui.status(state === "taken" ? say("online", { who }) : say(this.active ? "waiting" : "tagline"));
    const line = state === "taken" ? say("took", { who, at: clock() }) : state === "closed" && say("done");
    if (line && !known) {
      ui.append(h("p.mid", {}, line));
      ui.announce(line);
    }
    if (state === "closed") this.leave();
    ui.tell("handoff", { state, who });
  }

  /** One message drawn; one that is there already is left as it is. */
  show({ id, seq, sender, author, text }) {
    this.#last = Math.max(this.#last, seq ?? 0);
    if (id && this.#known.has(id)) return;
    const node = sender === "staff"
      ? h("div.said", {}, h("span.face", { ariaHidden: "true" }, author[0]), h("p.talk", {}, h("span.vh", {}, author + "："), text))
      : h("p.ask", {}, text);
    if (id) this.#known.set(id, node);
    this.#ui.append(node);
    return node;
  }

  async say(text) {
    const node = this.show({ sender: "visitor", text });
    try {
      const message = await json(here("messages"), { text });
      if (this.#known.has(message.id)) node.remove(); /* the watch was quicker */
      this.#known.set(message.id, node);
      this.#last = Math.max(this.#last, message.seq);
    } catch (error) {
      const again = button("btn.alt", () => { failed.remove(); node.remove(); this.say(text); }, icon("redo"), say("notDelivered"));
      const failed = problem(error.message, again);
      this.#ui.append(failed);
    }
  }

  /* what happens on the other side; a line that was lost is opened again, later each time. A tab in the back holds none:
     browsers allow few, and what it missed is told when it comes to the front */
  async #watch() {
    this.#watching?.abort();
    const watching = this.#watching = new AbortController();
    let wait = FIRST_WAIT_MS;
    while (!watching.signal.aborted) {
      if (document.hidden) await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
      const line = new AbortController(), hang = () => line.abort();
      watching.signal.addEventListener("abort", hang);
      document.addEventListener("visibilitychange", hang, { once: true });
      try {
        for await (const { type, data } of stream(here("watch"), { after_message: this.#last }, line.signal)) {
          wait = FIRST_WAIT_MS;
          this.#heard(type, data);
        }
      } catch (error) {
        if ([403, 404, 409].includes(error.status)) return;
      }
      document.removeEventListener("visibilitychange", hang);
      if (watching.signal.aborted) return;
      if (!line.signal.aborted) {
        await new Promise((later) => setTimeout(later, wait * (0.5 + Math.random() / 2)));
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  #heard(type, data) {
    const ui = this.#ui;
    if (type === "handoff") return this.#state(data);
    if (type === "typing") return this.#types(data.author);
    this.#typing?.remove();
    const fresh = this.show(data);
    if (!fresh || data.sender !== "staff") return;
    ui.announce(`${data.author}：${data.text}`);
    ui.tell("message", { sender: "staff", author: data.author, text: data.text });
  }

  #types(who) {
    this.#typing?.remove();
    const dots = h("span.dots", { ariaHidden: "true" }, h("i"), h("i"), h("i"));
    this.#typing = h("div.said", {}, h("span.face", { ariaHidden: "true" }, who[0]), h("p.talk.q2.row", {}, dots, say("typing")));
    this.#ui.append(this.#typing);
    const shown = this.#typing;
    setTimeout(() => shown.remove(), TYPING_MS);
  }

  #form(hours) {
    const ui = this.#ui;
    ui.status(hours.text);
    const replies = hours.back ? say("replies", { when: hours.back }) : say("repliesLater");
    const contact = h("input.fld", { autocomplete: "tel", required: true, maxLength: 200 });
    const note = h("textarea.fld", { rows: 4, maxLength: 2000, value: ui.lastQuestion() });
    const attach = h("input", { type: "checkbox", checked: true });
    const wrong = h("p.sm.bad", { role: "alert", hidden: true });
    const send = h("button.btn", {}, say("leave"));
    const form = h("form.ans", { noValidate: true, ariaLabel: say("away"), on: { submit } },
      h("div", {}, h("p.say", {}, say("away")), h("p.q2", {}, replies, say("awayHelp"))),
      h("label.sm", {}, h("b", {}, say("contact")), contact), wrong,
      h("label.sm", {}, h("b", {}, say("about")), note),
      h("label.tick", {}, attach, say("attach")),
      send, h("p.b", {}, say("leaveHelp")));
    const desk = this;
    async function submit(event) {
      event.preventDefault();
      const missing = !contact.value.trim();
      wrong.textContent = missing ? say("contactMissing") : "";
      wrong.hidden = !missing;
      if (missing) return contact.focus();
      send.disabled = true;
      try {
        const { handoff, packet } = await json(here("handoff"), { reason: "offline", contact: contact.value.trim(), note: note.value.trim(), attach: attach.checked });
        form.replaceWith(desk.#packet(packet, say("left") + replies));
        ui.announce(say("left") + replies);
        desk.resume(handoff);
        ui.status(say("tagline"));
        ui.box.focus();
      } catch (error) {
        wrong.textContent = error.message;
        wrong.hidden = send.disabled = false;
      }
    }
    ui.log.querySelector("form.ans")?.remove();
    ui.append(form);
    form.scrollIntoView({ block: "start" });
    contact.focus({ preventScroll: true });
  }
}
