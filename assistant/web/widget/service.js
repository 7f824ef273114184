/* The API of our own origin: one session, calls that renew it, streams, and what this browser keeps. */
import { language, say } from "./words.js";

export const given = JSON.parse(document.getElementById("given").textContent);
const API = new URL("../api/v1/", location.href), KEPT = "after-sales:" + given.site;

/** Fit to be shown: `message` is a sentence. `offline` when the request never reached us. */
export class Refusal extends Error {
  constructor(sentence, { status = 0 } = {}) {
    super(sentence);
    this.status = status;
    this.offline = !status;
  }
}

export const unreachable = () => new Refusal(say(navigator.onLine ? "unreachable" : "offline"));

/* What is kept: the visitor's secret, the conversation, an unsent question. In memory when storage is blocked. */
let memory = {};
export const kept = {
  get() {
    try { return JSON.parse(localStorage[KEPT] ?? "{}"); } catch { return memory; }
  },
  set(change) {
    memory = { ...kept.get(), ...change };
    try { localStorage[KEPT] = JSON.stringify(memory); } catch { /* memory has it */ }
  },
  clear() {
    memory = {};
    try { delete localStorage[KEPT]; } catch { /* there was nothing */ }
  },
  /** Called with what another tab has written, and what was there before. */
  watch(changed) {
    addEventListener("storage", ({ key, newValue, oldValue }) => key === KEPT && changed(JSON.parse(newValue ?? "{}"), JSON.parse(oldValue ?? "{}")));
  },
};

export const session = { token: "", conversation: "", site: {}, identity: undefined };

/** Open or renew the session. Answers with what the server knows of the conversation. */
export async function begin() {
  const { visitor, conversation } = kept.get();
  const wanted = { site: given.site, visitor, conversation, language, identity: session.identity };
  let known;
  try {
    known = await (await send("sessions", wanted)).json();
  } catch (error) {
    if (!visitor || ![401, 403, 404].includes(error.status)) throw error;
    kept.clear(); /* erased elsewhere, or long gone: start anew */
    known = await (await send("sessions", { ...wanted, visitor: undefined, conversation: undefined })).json();
  }
  Object.assign(session, { token: known.token, conversation: known.conversation, site: known.site });
  kept.set({ visitor: known.visitor ?? visitor, conversation: known.conversation }); /* who is vouched for has no secret */
  return known;
}

async function send(path, body, { accept = "application/json", signal } = {}) {
  const form = body instanceof FormData;
  const headers = { Accept: accept, ...(session.token && { Authorization: "Bearer " + session.token }) };
  if (!form) headers["Content-Type"] = "application/json";
  let reply;
  try {
    reply = await fetch(new URL(path, API), { method: "POST", headers, body: form ? body : JSON.stringify(body), signal, credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({}));
  throw new Refusal(told.error?.message ?? say("failed"), reply);
}

/** POST to a path under /api/v1; a token that ran out is renewed once. */
export async function call(path, body = {}, options) {
  try {
    return await send(path, body, options);
  } catch (error) {
    if (error.status !== 401) throw error;
    await begin();
    return send(path, body, options);
  }
}

export const json = async (path, body) => {
  const reply = await call(path, body);
  return reply.status === 204 ? null : reply.json();
};

/** The conversation's own path. */
export const here = (rest) => `conversations/${session.conversation}/${rest}`;

/** Server-sent events of a POST, one `{ type, data, id }` at a time. */
export async function* stream(path, body, signal) {
  const reply = await call(path, body, { accept: "text/event-stream", signal });
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const fields = {};
        for (const line of block.split(/\r?\n/)) {
          const [, name, text] = /^(\w+): ?(.*)$/.exec(line) ?? [];
          if (name) fields[name] = name in fields ? fields[name] + "\n" + text : text;
        }
        if (fields.data) yield { type: fields.event, id: fields.id, data: JSON.parse(fields.data) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
