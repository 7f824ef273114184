/* One delegated listener for everything an answer offers: edit a figure, open a source, ask on, copy, thumbs. */
(() => {
  if (window.assistantPage) return;
  window.assistantPage = true;
  const root = document.documentElement;
  const RECALCULATE_AFTER_MS = 200;

  const words = () => JSON.parse(document.querySelector(".brand")?.dataset.words || "{}");
  const carried = (element) => JSON.parse(element.querySelector(":scope > .data").textContent);
  const article = (element) => element.closest(".ans");

  /* theme: the choice is kept; Gradio sets body.dark by the system, so body follows html */
  const stored = () => { try { return localStorage.getItem("assistant-theme"); } catch { return null; } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    const dark = (stored() ?? (system.matches ? "dark" : "light")) === "dark";
    root.dataset.theme = dark ? "dark" : "light";
    if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
  }
  system.addEventListener("change", paint);
  new MutationObserver(paint).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  paint();

  /* the box: fill and send, as if typed */
  function ask(question, audience) {
    const box = document.querySelector("#box textarea");
    const send = document.querySelector("#box .submit-button");
    if (audience) document.querySelector(`#role input[value="${audience}"]`)?.click();
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (send) setTimeout(() => document.querySelector("#box .submit-button")?.click(), 60);
    else box.focus();
  }

  /* figures as people type them: 12,000 · １２０ · 1.2万 · 5% */
  function number(typed) {
    const plain = typed.normalize("NFKC").replace(/[,\s]/g, "");
    const found = /^([+-]?(?:\d+\.?\d*|\.\d+))(万|亿)?%?$/.exec(plain);
    return found ? Number(found[1]) * ({ 万: 1e4, 亿: 1e8 }[found[2]] ?? 1) : NaN;
  }
  const unit = (field) => field.closest("label").querySelector(".unit")?.textContent ?? "";
  const label = (field) => field.closest("label").querySelector(".name").textContent;
  function sentence(card) {
    const said = [...card.querySelectorAll(".fld")].filter((field) => field.value.trim())
      .map((field) => label(field) + field.value.trim() + unit(field));
    return carried(card).label + "：" + said.join("，");
  }

  async function post(path, data) {
    let reply;
    try {
      reply = await fetch("api/" + path, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data),
      });
      const body = await reply.json();
      return reply.ok ? body : { error: body.error || words().unreachable };
    } catch { return { error: words().unreachable }; }
  }

  const waiting = new WeakMap();
  async function recalculate(card) {
    const turn = {};
    waiting.set(card, turn);
    const known = carried(card);
    const inputs = { ...known.fixed };
    for (const field of card.querySelectorAll(".fld")) {
      const value = number(field.value);
      inputs[field.name] = unit(field) === "%" ? value / 100 : value;
    }
    card.classList.add("pending");
    const result = await post("recalculate", {
      metric: known.metric, label: known.label, inputs, day: known.day,
    });
    if (waiting.get(card) !== turn) return;
    card.classList.remove("pending");
    const problem = card.querySelector(".problem");
    problem.textContent = result.error ?? "";
    problem.hidden = !result.error;
    card.querySelector("output").textContent = result.said ?? "—";
    const shown = card.classList.contains("lead") ? article(card).querySelector(".res") : card;
    const figure = shown.querySelector(".fig");
    if (figure) figure.innerHTML = result.figure ?? "—";
    const stamp = shown.querySelector(".stamp");
    if (stamp) stamp.innerHTML = result.stamp ?? "";
    card.querySelector(".stale").hidden = false;
    article(card).classList.add("edited");
  }

  function open(link) {
    const source = document.getElementById(link.getAttribute("href").slice(1));
    if (!source) return;
    source.querySelector("details").open = true;
    source.scrollIntoView({ block: "nearest", behavior: "smooth" });
    source.classList.remove("found");
    void source.offsetWidth;
    source.classList.add("found");
    source.querySelector("summary").focus({ preventScroll: true });
  }

  function tell(element, sentence) {
    const place = article(element).querySelector(".said");
    place.textContent = sentence;
    setTimeout(() => { if (place.textContent === sentence) place.textContent = ""; }, 4000);
  }
  async function copy(button) {
    const { markdown } = carried(article(button));
    try { await navigator.clipboard.writeText(markdown); } catch {
      /* no clipboard on plain http: the old way */
      const area = Object.assign(document.createElement("textarea"), { value: markdown, className: "vh" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    tell(button, words().copied);
  }
  /* a paper: the server renders it again and names the file; the link is the browser's own way to save one */
  async function take(button, format) {
    const card = button.closest(".card");
    const { guide, given, day, name } = carried(card);
    const problem = card.querySelector(".problem");
    let failure = "", file;
    button.disabled = true;
    try {
      const reply = await fetch("api/draft", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ guide, given, day, format }),
      });
      if (reply.ok) {
        const named = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("Content-Disposition") ?? "");
        file = { name: named ? decodeURIComponent(named[1]) : name + "." + format, blob: await reply.blob() };
      } else failure = (await reply.json()).error || words().unreachable;
    } catch { failure = words().unreachable; }
    button.disabled = false;
    problem.textContent = failure;
    problem.hidden = !failure;
    if (!file) return;
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file.blob), download: file.name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    tell(button, words().taken);
  }
  async function thumb(button, way) {
    const known = carried(article(button));
    const reply = await post("feedback", { conversation: known.conversation, question: known.question, thumb: way });
    for (const other of button.parentElement.querySelectorAll(".ib")) other.classList.toggle("on", other === button && !reply.error);
    tell(button, reply.error ?? words().thanks);
  }

  const doing = {
    "do-ask": (b) => ask((b.querySelector(":scope > span:not(.i)") ?? b).textContent, b.dataset.audience),
    "do-ask-again": (b) => ask(sentence(b.closest(".card"))),
    "do-calculate": (b) => ask(sentence(b.closest(".card"))),
    "do-retry": (b) => ask(carried(article(b)).question),
    "do-stop": () => document.querySelector("#box .stop-button")?.click(),
    "do-copy": copy,
    "do-take-word": (b) => take(b, "docx"),
    "do-take-markdown": (b) => take(b, "md"),
    "do-up": (b) => thumb(b, "up"),
    "do-down": (b) => thumb(b, "down"),
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".sh a.ref");
    if (link) { event.preventDefault(); open(link); return; }
    const button = event.target.closest(".sh button");
    const action = button && [...button.classList].find((name) => name in doing);
    if (action) doing[action](button);
    if (event.target.closest("#dark")) {
      try { localStorage.setItem("assistant-theme", root.dataset.theme === "dark" ? "light" : "dark"); } catch { /* private window */ }
      paint();
    }
  });
  let timer;
  document.addEventListener("input", (event) => {
    const card = event.target.closest?.(".card.calc");
    if (!card || !event.target.matches(".fld")) return;
    clearTimeout(timer);
    timer = setTimeout(() => recalculate(card), RECALCULATE_AFTER_MS);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const form = event.target.closest?.(".card.form");
    if (form && event.target.matches(".fld")) { event.preventDefault(); ask(sentence(form)); }
  });

  /* what the chat component drops or adds: names for assistive technology, one polite announcement per finished answer */
  const live = Object.assign(document.createElement("div"), { className: "vh" });
  live.setAttribute("role", "status");
  document.body.append(live);
  let asked = 0, announced = "";
  function tend() {
    const spoken = words();
    const brand = document.querySelector(".brand");
    if (brand && root.lang !== brand.dataset.lang) root.lang = brand.dataset.lang;
    document.querySelector("#box .submit-button")?.setAttribute("aria-label", spoken.send);
    document.querySelector("#box .stop-button")?.setAttribute("aria-label", spoken.stop);
    document.querySelector("#role .wrap")?.setAttribute("role", "radiogroup");
    document.querySelector("#role .wrap")?.setAttribute("aria-label", spoken.role);
    for (const choice of document.querySelectorAll("#role input")) if (choice.name !== "role") choice.name = "role";
    const log = document.querySelector("#chat [role=log]");
    if (log) { log.setAttribute("aria-live", "off"); log.setAttribute("aria-label", spoken.talk); }
    for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) message.removeAttribute("aria-label");
    for (const ans of document.querySelectorAll("#chat .ans")) ans.setAttribute("aria-busy", ans.classList.contains("busy"));
    for (const field of document.querySelectorAll(".fld.wanted")) field.setAttribute("aria-required", "true");
    const questions = document.querySelectorAll("#chat .ask");
    if (questions.length > asked) questions[questions.length - 1].scrollIntoView({ block: "start" });
    asked = questions.length;
    const last = [...document.querySelectorAll("#chat .ans")].pop();
    const mark = last && !last.classList.contains("busy") ? asked + ":" + last.id : "";
    if (mark && mark !== announced) {
      live.textContent = [...last.querySelectorAll(".res > *, .fault")].map((part) => part.textContent).join(" ");
      announced = mark;
    }
  }
  function uncover() {
    if (document.querySelector(".brand") && document.querySelector("#box textarea")) document.querySelector(".cover")?.remove();
  }
  let due = false;
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; tend(); uncover(); });
  }).observe(document.body, { childList: true, subtree: true });
  tend();
  uncover();
})();
