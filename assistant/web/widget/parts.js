/* Elements by hand: text always goes in as text. */

/** An element: `h("p.q2", { hidden: true }, "text", other)`. Listeners are given as `{ on: { click } }`. */
export function h(name, props = {}, ...inside) {
  const [tag, ...classes] = name.split(".");
  const { on = {}, ...rest } = props;
  const made = Object.assign(document.createElement(tag), rest);
  if (classes.length) made.className = classes.join(" ");
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...inside.flat(9).filter(Boolean));
  return made;
}

/** A decorative icon of panel.html; words beside it or a label carry the meaning. */
export function icon(name, extra = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "i " + extra);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

export const button = (kind, click, ...inside) => h("button." + kind, { type: "button", on: { click } }, ...inside);

/** An icon that is a button; its name is read out and shown on hover. */
export function tool(picture, label, click) {
  return Object.assign(button("ib", click, icon(picture)), { title: label, ariaLabel: label });
}

/** A sentence that says what went wrong, read out at once. */
export const problem = (sentence, ...more) =>
  h("div", { role: "alert" }, h("p.say.fault", {}, icon("bang", "bad"), h("span", {}, sentence)), ...more);
