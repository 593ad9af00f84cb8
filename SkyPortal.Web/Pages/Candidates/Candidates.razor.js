// Keys and focus of the scanning page. The focus moves here, without asking the server; an act shows at once and is taken back
// where the server refuses it.
let server = null;
let stopListening = null;
let focused = null;
let lookedAt = 0;
let flushing = 0;
let moving = null;
let going = 0;
let hasShown = false;
let restingSince = null;
const seen = new Set();

const cards = () => [...document.querySelectorAll('#scan-cards > .scan-card')];
const card = id => id ? document.getElementById(id) : null;

export function start(reference) {
  server = reference;
  hasShown = false;
  // Keys of a burst that began before this page listened are the rest of something else.
  restingSince = window.skyportal?.lastKey ?? null;
  const listening = new AbortController();
  stopListening = listening;
  const options = { signal: listening.signal };
  document.addEventListener('keydown', onKey, { ...options, capture: true });
  document.addEventListener('click', onClick, options);
  document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); }, options);
}

export function stop() {
  stopListening?.abort();
  clearTimeout(lookedAt);
  flush();
  server = null;
}

// The cards of a page stand: write the address, focus a card.
export function shown(address, isNew) {
  const wanted = isNew && hasShown ? null : decodeURIComponent(location.hash.slice(1));
  hasShown = true;
  const entering = moving;
  moving = null;
  for (const menu of document.querySelectorAll('.chip-menu[open]')) menu.open = false;
  const all = cards();
  const first = (entering === 'last' ? all.at(-1) : card(wanted)) ?? all[0];
  const at = first && first !== all[0] ? `#${encodeURIComponent(first.id)}` : '';
  history.replaceState(history.state, '', address + at);
  focused = null;
  for (const other of all) other.removeAttribute('data-focused');
  if (!first) return;
  const typing = document.activeElement?.closest('input, textarea, select, dialog');
  focus(first, first !== all[0], !typing);
  if (first === all[0]) window.scrollTo(0, 0);
}

export function closeClassify() {
  document.getElementById('classify-box')?.close();
  card(focused)?.focus({ preventScroll: true });
}

function focus(target, scroll = true, take = true) {
  if (focused && focused !== target.id) card(focused)?.removeAttribute('data-focused');
  focused = target.id;
  target.setAttribute('data-focused', '');
  if (take) target.focus({ preventScroll: true });
  if (scroll) target.scrollIntoView({ block: 'start', behavior: 'instant' });
  history.replaceState(history.state, '', `${location.pathname}${location.search}#${encodeURIComponent(target.id)}`);
  clearTimeout(lookedAt);
  lookedAt = setTimeout(() => look(target), 1000);
}

function look(target) {
  if (document.hidden || target.dataset.seen || target.hasAttribute('data-looked')) return;
  target.setAttribute('data-looked', '');
  seen.add(target.id);
  clearTimeout(flushing);
  flushing = setTimeout(flush, seen.size >= 10 ? 0 : 1500);
}

function flush() {
  clearTimeout(flushing);
  if (!server || !seen.size) return;
  const ids = [...seen];
  seen.clear();
  server.invokeMethodAsync('SeenAsync', ids).catch(() => { for (const id of ids) seen.add(id); });
}

function move(step) {
  const all = cards();
  const at = all.findIndex(one => one.id === focused);
  const next = all[at < 0 ? 0 : at + step];
  if (next) { focus(next); return; }
  const page = document.querySelector(step > 0 ? '[data-next-page]' : '[data-previous-page]');
  if (page) { moving = step > 0 ? 'first' : 'last'; page.click(); }
}

async function act(target, what, groups = null) {
  picker(target, false);
  // What is on a list comes off it again: only the server's answer shows that.
  const already = { save: target.dataset.saved && !groups, reject: target.dataset.rejected, interesting: target.dataset.interesting }[what];
  if (!already) target.setAttribute(`data-pending-${what}`, '');
  look(target);
  const done = server.invokeMethodAsync('ActAsync', target.id, what, groups);
  if (what === 'reject' && !already && focused === target.id && target.nextElementSibling) move(1);
  try {
    await done;
  } finally {
    target.removeAttribute(`data-pending-${what}`);
  }
}

function save(target) {
  const groups = (target.dataset.groups ?? '').split(',').filter(Boolean);
  if (groups.length > 1) picker(target, true); else act(target, 'save');
}

function picker(target, open) {
  const box = target.querySelector('.picker');
  if (box) box.hidden = !open;
  if (open) box.querySelector('button')?.focus({ preventScroll: true });
}

function pick(button) {
  const target = button.closest('.scan-card');
  act(target, 'save', button.dataset.pick.split(',').map(Number));
  target.focus({ preventScroll: true });
}

function classify(target) {
  const box = document.getElementById('classify-box');
  if (!box || box.open) return;
  server.invokeMethodAsync('OpenClassifyAsync', target.id);
  const input = document.getElementById('classify-input');
  input.value = '';
  box.showModal();
  input.focus();
}

async function undo() {
  const id = await server.invokeMethodAsync('UndoAsync');
  const target = card(id);
  if (target) focus(target);
}

function run(what, target) {
  if (what === 'save') save(target);
  else if (what === 'classify') classify(target);
  else if (what === 'open') window.open(target.querySelector('[data-open]').href, '_blank', 'noopener');
  else act(target, what);
}

function onClick(event) {
  const at = event.target instanceof Element ? event.target : null;
  if (!at) return;
  for (const menu of document.querySelectorAll('.chip-menu[open]')) if (!menu.contains(at)) menu.open = false;
  const target = at.closest('.scan-card:not(.skeleton)');
  if (!target) return;
  if (target.id !== focused) focus(target, false, !at.closest('a, button, summary'));
  const button = at.closest('[data-act], [data-pick]');
  if (button?.dataset.pick) pick(button);
  else if (button) run(button.dataset.act, target);
}

const keys = {
  j: () => move(1), ArrowDown: () => move(1), ArrowRight: () => move(1),
  k: () => move(-1), ArrowUp: () => move(-1), ArrowLeft: () => move(-1),
  s: 'save', r: 'reject', i: 'interesting', c: 'classify', o: 'open',
  u: undo, n: () => document.getElementById('scan-fresh')?.click(),
};

function onKey(event) {
  const at = event.target instanceof Element ? event.target : document.body;
  if (!server || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (at.closest('input, textarea, select, dialog, [contenteditable], .chip-menu[open]')) return;
  if (document.querySelector('dialog[open]')) return;
  if (restingSince !== null) {
    const pause = event.timeStamp - restingSince;
    restingSince = pause < 600 ? event.timeStamp : null;
    if (pause < 600) return;
  }
  // g and a letter goes to a place: that letter is the frame's.
  if (event.key === 'g') { going = event.timeStamp; return; }
  if (going && event.timeStamp - going < 1500) { going = 0; return; }
  const target = card(focused);
  const choices = target?.querySelector('.picker:not([hidden])');
  if (choices) {
    const all = [...choices.querySelectorAll('[data-pick]')];
    const chosen = event.key === 'a' ? all.at(-1) : all[Number(event.key) - 1];
    if (chosen && /^[1-9a]$/.test(event.key)) { event.preventDefault(); pick(chosen); return; }
    if (event.key === 'Escape') { picker(target, false); target.focus({ preventScroll: true }); return; }
  }
  const what = keys[event.key];
  if (!what) return;
  event.preventDefault();
  if (typeof what === 'function') { if (target || event.key === 'n') what(); return; }
  // Holding a key down must not do a thing again and again.
  if (target && !event.repeat) run(what, target);
}
