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
let anchor = null;
const seen = new Set();
const chosen = new Set();

const cards = () => [...document.querySelectorAll('#scan-cards > .scan-card')];
const card = id => id ? document.getElementById(id) : null;

export function start(reference) {
  server = reference;
  hasShown = false;
  // Keys of a burst that began on another page are the rest of something else; those pressed on this page's first picture are kept.
  restingSince = window.skyportal?.isEarly() ? null : window.skyportal?.lastKey ?? null;
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
  chooseNone();
  if (!first) { window.skyportal?.takeEarly(); return; }
  const typing = document.activeElement?.closest('input, textarea, select, dialog');
  focus(first, first !== all[0], !typing);
  if (first === all[0]) window.scrollTo(0, 0);
  playEarly();
}

// What was pressed before the page listened; a box that opens, or a page that is turned, takes no blind keys.
function playEarly() {
  for (const key of window.skyportal?.takeEarly() ?? []) {
    press(key);
    if (document.querySelector('dialog[open], .picker:not([hidden])') || moving) break;
  }
}

export function closeBoxes() {
  document.getElementById('classify-box')?.close();
  document.getElementById('tag-box')?.close();
  card(focused)?.focus({ preventScroll: true });
}

// Pictures of the next page, so that it stands as soon as it is turned to.
export function fetchAhead(addresses) {
  for (const address of addresses) new Image().src = address;
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

// What is on a list comes off it again: only the server's answer shows that.
const isOn = (target, what) => ({ save: target.dataset.saved, reject: target.dataset.rejected, interesting: target.dataset.interesting }[what]);

async function act(targets, what, groups = null) {
  const pending = targets.filter(one => !(isOn(one, what) && !groups));
  for (const one of targets) { picker(one, false); look(one); }
  for (const one of pending) one.setAttribute(`data-pending-${what}`, '');
  const done = server.invokeMethodAsync('ActAsync', targets.map(one => one.id), what, groups);
  const [only] = targets;
  if (what === 'reject' && targets.length === 1 && pending.length && focused === only.id && only.nextElementSibling) move(1);
  try {
    await done;
  } finally {
    for (const one of pending) one.removeAttribute(`data-pending-${what}`);
  }
}

function save(target) {
  const groups = (target.dataset.groups ?? '').split(',').filter(Boolean);
  if (groups.length > 1) picker(target, true); else act([target], 'save');
}

function picker(target, open) {
  const box = target.querySelector('.picker');
  if (box) box.hidden = !open;
  if (open) box.querySelector('button')?.focus({ preventScroll: true });
}

function pick(button) {
  const groups = button.dataset.pick.split(',').filter(Boolean).map(Number);
  if (button.closest('#scan-bulk')) {
    picker(bulk(), false);
    act(chosenCards(), 'save', groups);
    chooseNone();
    return;
  }
  const target = button.closest('.scan-card');
  act([target], button.dataset.has ? 'unsave' : 'save', groups);
  target.focus({ preventScroll: true });
}

function box(name, method, targets) {
  const dialog = document.getElementById(`${name}-box`);
  if (!dialog || dialog.open) return;
  server.invokeMethodAsync(method, targets.map(one => one.id));
  const input = document.getElementById(`${name}-input`);
  input.value = '';
  dialog.showModal();
  input.focus();
}

// Several cards at once.
const bulk = () => document.getElementById('scan-bulk');
const chosenCards = () => cards().filter(one => chosen.has(one.id));

function choose(target, on) {
  if (on) chosen.add(target.id); else chosen.delete(target.id);
  target.toggleAttribute('data-selected', on);
  target.querySelector('[data-select]')?.setAttribute('aria-pressed', on);
  const bar = bulk();
  if (!bar) return;
  document.getElementById('scan-chosen').value = chosen.size;
  bar.hidden = !chosen.size;
  if (!chosen.size) picker(bar, false);
}

function toggle(target, range) {
  const all = cards();
  const from = all.findIndex(one => one.id === anchor);
  const to = all.indexOf(target);
  const on = range || !chosen.has(target.id);
  const some = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [target];
  for (const one of some) choose(one, on);
  anchor = target.id;
}

function chooseNone() {
  for (const one of cards()) if (chosen.has(one.id)) choose(one, false);
  chosen.clear();
  anchor = null;
  if (bulk()) bulk().hidden = true;
}

function runAll(what, name = null) {
  const targets = chosenCards();
  if (what === 'none') { chooseNone(); card(focused)?.focus({ preventScroll: true }); return; }
  if (what === 'all') { for (const one of cards()) choose(one, true); return; }
  if (what === 'classify') { box('classify', 'OpenClassifyAsync', targets); return; }
  if (what === 'tag') { box('tag', 'OpenTagsAsync', targets); return; }
  if (what === 'shortcut') { classify(targets, name); chooseNone(); return; }
  if (what === 'save' && new Set(targets.flatMap(one => (one.dataset.groups ?? '').split(',').filter(Boolean))).size > 1) { picker(bulk(), true); return; }
  act(targets, what);
  chooseNone();
}

// All classes of one of the person's own buttons.
function classify(targets, name) {
  for (const one of targets) look(one);
  return server.invokeMethodAsync('ShortcutAsync', targets.map(one => one.id), name);
}

async function undo() {
  const from = focused;
  const id = await server.invokeMethodAsync('UndoAsync');
  const target = card(id);
  // Who went on meanwhile is not brought back: the next key would act on another card than the one that is looked at.
  if (target && focused === from) focus(target);
}

function run(what, target) {
  if (what === 'save') save(target);
  else if (what === 'choose') picker(target, target.querySelector('.picker').hidden);
  else if (what === 'classify') box('classify', 'OpenClassifyAsync', [target]);
  else if (what === 'tag') box('tag', 'OpenTagsAsync', [target]);
  else if (what === 'open') window.open(target.querySelector('[data-open]').href, '_blank', 'noopener');
  else act([target], what);
}

function onClick(event) {
  const at = event.target instanceof Element ? event.target : null;
  if (!at) return;
  for (const menu of document.querySelectorAll('.chip-menu[open], .stats-box[open]')) if (!menu.contains(at)) menu.open = false;
  const all = at.closest('[data-bulk]');
  if (all) { runAll(all.dataset.bulk, all.dataset.shortcut); return; }
  if (at.closest('#scan-bulk [data-pick]')) { pick(at.closest('[data-pick]')); return; }
  const target = at.closest('.scan-card:not(.skeleton)');
  if (!target) return;
  if (target.id !== focused) focus(target, false, !at.closest('a, button, summary'));
  const button = at.closest('[data-act], [data-pick], [data-select]');
  if (button?.matches('[data-select]')) toggle(target, event.shiftKey);
  else if (button?.dataset.pick) pick(button);
  else if (button?.dataset.shortcut) classify([target], button.dataset.shortcut);
  else if (button) run(button.dataset.act, target);
}

const keys = {
  j: () => move(1), ArrowDown: () => move(1), ArrowRight: () => move(1),
  k: () => move(-1), ArrowUp: () => move(-1), ArrowLeft: () => move(-1),
  s: 'save', S: 'choose', r: 'reject', i: 'interesting', c: 'classify', t: 'tag', o: 'open',
  x: () => toggle(card(focused), false), X: () => toggle(card(focused), true), A: () => runAll('all'),
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
  if (press(event.key, event.repeat)) event.preventDefault();
}

// Does what a key asks for; whether it means anything.
function press(key, isRepeat = false) {
  const target = card(focused);
  const choices = bulk()?.querySelector('.picker:not([hidden])') ?? target?.querySelector('.picker:not([hidden])');
  if (choices) {
    const all = [...choices.querySelectorAll('[data-pick]')];
    const wanted = [...all].find(one => one.querySelector('kbd')?.textContent === key);
    if (wanted) { pick(wanted); return true; }
    if (key === 'Escape') { picker(choices.parentElement, false); target?.focus({ preventScroll: true }); return false; }
  }
  if (key === 'Escape' && chosen.size) { runAll('none'); return false; }
  const name = /^[1-9]$/.test(key) ? target?.querySelectorAll('[data-act=shortcut]')[Number(key) - 1]?.dataset.shortcut : null;
  if (name) {
    if (isRepeat) return true;
    if (chosen.size) runAll('shortcut', name); else classify([target], name);
    return true;
  }
  const what = keys[key];
  if (!what) return false;
  if (typeof what === 'function') { if (target || key === 'n') what(); return true; }
  // Holding a key down must not do a thing again and again.
  if (isRepeat) return true;
  if (chosen.size && what !== 'open' && what !== 'choose') runAll(what);
  else if (target) run(what, target);
  return true;
}
