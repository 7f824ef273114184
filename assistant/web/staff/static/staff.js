// The pages work without this. With it: news as they come, replies without loading the page again, the theme switch.
const one = (selector, under = document) => under.querySelector(selector)
const at = document.body.dataset.at ?? ''
const title = document.title.replace(/^\(\d+\) /, '')
const TYPING_EVERY = 3000

// A part of the page drawn anew: what is typed, opened and focused in it stays.
function swap(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null
  const key = focused?.dataset.key
  const text = one('textarea', place)
  const typed = text && { value: text.value, from: text.selectionStart, to: text.selectionEnd, focused: text === focused }
  const open = new Map([...place.querySelectorAll('details[data-key]')].map(part => [part.dataset.key, part.open]))
  place.innerHTML = html
  for (const part of place.querySelectorAll('details[data-key]')) part.open = open.get(part.dataset.key) ?? part.open
  const now = one('textarea', place)
  if (typed && now) {
    now.value = typed.value
    now.setSelectionRange(typed.from, typed.to)
    if (typed.focused) now.focus()
    grow(now)
  }
  if (key) one(`[data-key="${CSS.escape(key)}"]`, place)?.focus()
}

function count() {
  const waiting = Number(one('[data-count]')?.dataset.count ?? 0) + document.querySelectorAll('#queue .new').length
  document.title = waiting ? `(${waiting}) ${title}` : title
}

function say(sentence) {
  one('#said').textContent = sentence
}

function grow(text) {
  text.style.height = 'auto'
  text.style.height = `${Math.min(text.scrollHeight, 220)}px`
}

function toEnd() {
  const last = one('#messages')?.lastElementChild ?? [...document.querySelectorAll('.msg')].at(-1)
  last?.scrollIntoView({ block: 'center' })
}

async function post(address, fields = {}) {
  return fetch(address, { method: 'POST', headers: { 'X-Piece': '1' }, body: new URLSearchParams(fields) })
}

function listen() {
  const news = new EventSource(`/staff/live?at=${encodeURIComponent(at)}&after=${document.body.dataset.after ?? 0}`)
  news.addEventListener('part', event => {
    const { id, html } = JSON.parse(event.data)
    const place = document.getElementById(id)
    if (place) swap(place, html)
    count()
  })
  news.addEventListener('message', event => {
    const { seq, html } = JSON.parse(event.data)
    if (seq <= Number(document.body.dataset.after)) return
    document.body.dataset.after = seq
    one('#messages').insertAdjacentHTML('beforeend', html)
    toEnd()
  })
  news.addEventListener('gone', () => { news.close(); location.reload() })
  news.addEventListener('error', () => {
    // a stream that broke begins anew behind the last message that is shown
    news.close()
    setTimeout(listen, 3000)
  })
}

let told = 0
document.addEventListener('input', event => {
  if (!event.target.matches('#reply textarea')) return
  grow(event.target)
  if (Date.now() - told < TYPING_EVERY || !event.target.value.trim()) return
  told = Date.now()
  post(`/staff/handoffs/${at}/typing`)
})
document.addEventListener('keydown', event => {
  const send = event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target.matches('#reply textarea')
  if (!send) return
  event.preventDefault()
  event.target.form.requestSubmit()
})
document.addEventListener('submit', async event => {
  if (!event.target.matches('#reply form')) return
  event.preventDefault()
  const form = event.target, text = one('textarea', form), button = one('button', form), written = text.value
  if (!written.trim()) return
  button.disabled = true
  one('#reply .fault')?.remove()
  let problem = '连不上服务，请检查网络后再试。'
  try {
    const answer = await post(form.action, { text: written })
    if (answer.status === 401) return location.reload()
    problem = answer.ok ? '' : await answer.text()
  } catch { /* told below */ }
  button.disabled = false
  if (problem) {
    const place = document.createElement('div')
    if (problem.startsWith('<')) place.innerHTML = problem
    else place.textContent = problem
    place.className = 'fault'
    one('#reply').prepend(place)
    return
  }
  const now = one('#reply textarea')
  if (now.value === written) now.value = ''
  grow(now)
  now.focus()
  say('已发送')
})
document.addEventListener('click', event => {
  if (!event.target.closest('.do-theme')) return
  const dark = document.documentElement.dataset.theme !== 'dark'
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  try { localStorage.setItem('assistant-theme', dark ? 'dark' : 'light') } catch { /* storage is switched off */ }
})

if (one('#queue')) {
  if (at && matchMedia('(max-width: 899px)').matches) one('.packet details').open = false
  count()
  toEnd()
  listen()
}
