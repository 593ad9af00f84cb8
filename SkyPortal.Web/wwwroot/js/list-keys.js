// Keys of a list: the row with the focus moves here, without asking the server.

/// Makes the three functions that a page of a list exports to its component.
/// root: selector of the list; acts: what further keys do to the row with the focus.
export function listKeys(root, acts = {}) {
  let listening = null;
  let focused = null;
  let going = 0;

  const selector = `${root} tbody tr[data-row]`;
  const rows = () => [...document.querySelectorAll(selector)];

  // The rows were drawn: the one that had the focus keeps it, and from now on keys are heard.
  function shown() {
    document.querySelector(root)?.setAttribute('data-heard', '');
    for (const row of rows()) row.toggleAttribute('data-focused', row.dataset.row === focused);
    if (!rows().length) return;
    for (const key of window.skyportal?.takeEarly() ?? []) if (!press(key)) document.querySelector(`[data-press="${key}"]`)?.click();
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
    else document.querySelector(`${root} ${step > 0 ? '[rel=next]' : '[rel=prev]'}`)?.click();
  }

  function onKey(event) {
    const at = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (at.closest('input:not([type=checkbox]), textarea, select, dialog, [contenteditable], .sheet') || document.querySelector('dialog[open]')) return;
    if (event.key === 'g') { going = event.timeStamp; return; }
    if (going && event.timeStamp - going < 1500) { going = 0; return; }
    if (press(event.key)) event.preventDefault();
  }

  // Does what a key asks for; whether it means anything.
  function press(key) {
    const row = rows().find(one => one.dataset.row === focused);
    const act = { j: () => move(1), k: () => move(-1), ...(row && { o: () => row.querySelector('a.name').click() }) }[key]
      ?? (row && acts[key] && (() => acts[key](row)));
    act?.();
    return Boolean(act);
  }

  function stop() {
    listening?.abort();
    listening = null;
    focused = null;
  }

  function start() {
    stop();
    listening = new AbortController();
    document.addEventListener('keydown', onKey, { signal: listening.signal, capture: true });
    document.addEventListener('click', event => {
      for (const menu of document.querySelectorAll('.chip-menu[open]')) if (!menu.contains(event.target)) menu.open = false;
      const row = event.target instanceof Element && event.target.closest(selector);
      if (row) focus(row, false);
    }, { signal: listening.signal });
  }

  return { start, stop, shown };
}
