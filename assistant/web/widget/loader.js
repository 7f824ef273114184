/* The launcher, see docs/embed.md. The chat is fetched on the first open. */
(() => {
  const script = document.currentScript, set = script.dataset, home = new URL(script.src).origin;
  const early = window.AfterSales ?? [];
  if (early.open) return;
  const lang = /^(zh|en)$/.exec(set.lang)?.[0] ?? (/^zh/.test(document.documentElement.lang || navigator.language) ? "zh" : "en");
  const [ask, title, fresh, shut] = lang === "zh"
    ? ["问售后", "售后参谋", "条未读", "关闭问候"]
    : ["Ask us", "After-sales help", " unread", "Close the greeting"];
  const heard = {}, waiting = [];
  let frame, ready, open, identified = "", hi, unread = 0;

  const make = (tag, props, ...inside) => {
    const made = Object.assign(document.createElement(tag), props);
    return made.append(...inside), made;
  };
  const emit = (event, detail) => heard[event]?.forEach((listener) => listener(detail));
  const post = (message) => ready ? frame.contentWindow.postMessage(message, home) : waiting.push(message);

  const count = make("b");
  const launch = make("button", { className: "launch", ariaHasPopup: "dialog" }, make("i", { textContent: "参" }), ask, count);
  const shell = make("div", { className: "shell", hidden: true });
  const box = make("div", { className: set.position ?? "" }, launch, shell);
  const host = make("div"), root = host.attachShadow({ mode: "closed" }), sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{all:initial!important;--accent:light-dark(#2d4a88,#a3b9ee);--on:light-dark(#fff,#141b2c);--surface:light-dark(#fff,#1b1f25);--ink:light-dark(#1c2027,#e9ebee);--line:#80808040;--bad:#a82c22;--x:24px;--y:24px}
*{box-sizing:border-box;font:15px/1.65 "Noto Sans CJK SC",system-ui,sans-serif}
[hidden],b:empty{display:none!important}
.launch,.hi,.shell{position:fixed;z-index:2147483000;right:var(--x);bottom:var(--y);color:var(--ink);background:var(--surface);box-shadow:0 12px 36px -8px var(--line)}
.left>*{right:auto;left:var(--x)}
button{cursor:pointer;border:0;color:inherit;background:none;text-align:left}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.launch{display:flex;align-items:center;gap:8px;height:52px;padding:0 20px 0 10px;border-radius:12px;background:var(--accent);color:var(--on);font-weight:600}
i{width:32px;border-radius:4px;border:1px solid;font-size:19px;text-align:center}
b{position:absolute;top:-8px;right:-6px;min-width:22px;border-radius:11px;background:var(--bad);color:#fff;font-size:12px;line-height:22px;text-align:center}
.hi{display:flex;bottom:calc(var(--y) + 68px);width:268px;border:1px solid var(--line);border-radius:14px}
.hi>*{padding:14px 0 14px 16px;flex:1}
.hi>*+*{flex:0 0 44px;height:44px;padding:0;font-size:22px;text-align:center}
.shell{width:380px;height:600px;max-height:calc(100vh - 2*var(--y));border:1px solid var(--line);border-radius:14px;overflow:hidden}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0}
@keyframes up{0%{opacity:0;translate:0 8px}}
@media(max-width:480px){div>.shell{inset:var(--top,0) 0 auto;width:auto;height:var(--h,100dvh);max-height:none;border:0;border-radius:0}}
@media(prefers-reduced-motion:no-preference){.shell{animation:up .18s}}`);
  root.adoptedStyleSheets = [sheet];
  root.append(box);
  const css = (name, value) => host.style.setProperty(name, value), px = (name, value) => css(name, value + "px");
  const [x, y = x] = set.offset?.match(/\d+/g) ?? [];
  if (x) px("--x", x), px("--y", y);
  box.style.colorScheme = /light|dark/.exec(set.mode)?.[0] ?? "light dark";
  if (/^#[\da-f]{6}$/i.test(set.color)) {
    const [r, g, b] = set.color.match(/\w\w/g).map((part) => (parseInt(part, 16) / 255) ** 2.2);
    css("--accent", set.color);
    css("--on", 0.21 * r + 0.72 * g + 0.07 * b > 0.18 ? "#000" : "#fff"); /* whichever contrasts more */
  }

  const label = () => {
    count.textContent = unread || "";
    launch.ariaLabel = ask + (unread ? ` (${unread}${fresh})` : "");
    launch.ariaExpanded = !!open;
    emit("unread", unread);
  };
  const greeted = (now) => {
    try { return sessionStorage.afterSalesGreeted ||= now; } catch { /* blocked: it greets again */ }
  };
  const hush = () => { hi = hi?.remove(); greeted(1); };
  const greet = () => {
    if (open || greeted("")) return;
    hi = make("div", { className: "hi", role: "status" }, make("button", { textContent: set.greeting }), make("button", { textContent: "×", ariaLabel: shut }));
    hi.firstChild.addEventListener("click", api.open);
    hi.lastChild.addEventListener("click", () => launch.focus(hush()));
    box.prepend(hi);
  };
  /* less a phone's keyboard */
  const fit = () => {
    px("--h", visualViewport.height);
    px("--top", visualViewport.offsetTop);
  };
  const load = () => {
    const query = new URLSearchParams({ site: set.site, lang, color: set.color ?? "", mode: set.mode ?? "", identified });
    frame = make("iframe", { title, allow: "clipboard-write", src: new URL("panel?" + query, script.src) });
    frame.addEventListener("load", () => frame.contentWindow.postMessage({ type: "hello" }, home));
    shell.append(frame);
  };
  const show = (now) => {
    if (!open === !now) return;
    const inside = document.activeElement === host;
    open = now;
    shell.hidden = !now;
    launch.hidden = now;
    if (now) unread = 0, hush(), frame || load(), frame.focus();
    else if (inside) launch.focus();
    const type = now ? "open" : "close";
    post({ type });
    emit(type);
    label();
  };
  const api = {
    open: () => show(true),
    close: () => show(false),
    ask: (text) => { show(true); post({ type: "ask", data: `${text}` }); },
    identify: (jwt) => { identified = 1; post({ type: "identify", data: jwt }); },
    on: (event, listener) => { (heard[event] ??= []).push(listener); },
    push: (...calls) => calls.forEach(([name, ...given]) => api[name](...given)),
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== home) return;
    if (data.type === "close") return show(false);
    if (data.type === "ready") ready = true, waiting.splice(0).forEach(post);
    if (data.type === "message" && !open) ++unread, label();
    emit(data.type, data.data);
  });
  launch.addEventListener("click", api.open);
  root.addEventListener("keydown", ({ key }) => key === "Escape" && (hi ? hush() : show(false)));
  visualViewport.addEventListener("resize", fit);
  const start = () => {
    document.body.append(host);
    if (set.greeting) setTimeout(greet, 1000 * (set.greetingAfter ?? 3));
    api.push(...early);
  };
  window.AfterSales = api;
  label();
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
