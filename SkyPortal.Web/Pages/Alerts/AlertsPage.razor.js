// Keys of the archive: the row with the focus moves here, without asking the server.
let listening = null;
let focused = null;
let going = 0;

const rows = () => [...document.querySelectorAll('.alerts tbody tr[data-row]')];

export function start() {
  stop();
  listening = new AbortController();
  document.addEventListener('keydown', onKey, { signal: listening.signal, capture: true });
  document.addEventListener('click', event => {
    const row = event.target instanceof Element && event.target.closest('.alerts tbody tr[data-row]');
    if (row) focus(row, false);
  }, { signal: listening.signal });
}

export function stop() {
  listening?.abort();
  listening = null;
  focused = null;
}

// The rows were drawn: the one that had the focus keeps it, and from now on keys are heard.
export function shown() {
  document.querySelector('.alerts')?.setAttribute('data-heard', '');
  for (const row of rows()) row.toggleAttribute('data-focused', row.dataset.row === focused);
}

function focus(row, scroll = true) {
  focused = row.dataset.row;
  shown();
  if (scroll) row.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

function move(step) {
  const all = rows();
  const at = all.findIndex(row => row.dataset.row === focused);
  const next = at < 0 ? all[0] : all[at + step];
  if (next) focus(next);
  else document.querySelector(step > 0 ? '.alerts [rel=next]' : '.alerts [rel=prev]')?.click();
}

function onKey(event) {
  const at = event.target instanceof Element ? event.target : document.body;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (at.closest('input:not([type=checkbox]), textarea, select, dialog, [contenteditable], .sheet') || document.querySelector('dialog[open]')) return;
  if (event.key === 'g') { going = event.timeStamp; return; }
  if (going && event.timeStamp - going < 1500) { going = 0; return; }
  const row = rows().find(one => one.dataset.row === focused);
  const act = { j: () => move(1), k: () => move(-1), o: row && (() => row.querySelector('a.name').click()) }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
