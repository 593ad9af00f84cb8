// What the frame does without asking the server: theme, rail, keys, menus, copying, clocks.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const keep = (name, value) => { document.cookie = `skyportal-${name}=${value};path=/;max-age=31536000;samesite=lax`; };

  function setTheme(theme) {
    root.dataset.theme = theme;
    keep('theme', theme);
    markTheme();
    document.dispatchEvent(new CustomEvent('themechange'));
  }
  function markTheme() {
    for (const item of document.querySelectorAll('[data-theme-choice]')) {
      item.setAttribute('aria-checked', String(item.dataset.themeChoice === root.dataset.theme));
    }
  }
  const isDark = () => root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => document.dispatchEvent(new CustomEvent('themechange')));

  // Menus: one open at a time, arrows move, Escape returns.
  function closeMenus(except) {
    for (const list of document.querySelectorAll('.menu-list[role=menu]:not([hidden])')) {
      if (list !== except) { list.hidden = true; document.querySelector(`[data-menu="${list.id}"]`)?.setAttribute('aria-expanded', 'false'); }
    }
  }
  function toggleMenu(button) {
    const list = byId(button.dataset.menu);
    closeMenus(list);
    list.hidden = !list.hidden;
    button.setAttribute('aria-expanded', String(!list.hidden));
    if (!list.hidden) { markTheme(); list.querySelector('a,button')?.focus(); }
  }
  function moveInMenu(list, step) {
    const items = [...list.querySelectorAll('a,button')];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  }

  async function copy(button) {
    try { await navigator.clipboard.writeText(button.dataset.copy); }
    catch {
      const area = document.createElement('textarea');
      area.value = button.dataset.copy;
      button.after(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), 1200);
  }

  // Expressions: a field's name is written where the cursor was; an error leads to its place.
  let writing = null;
  document.addEventListener('focusin', (event) => { if (event.target.matches?.('.expression textarea')) writing = event.target; });
  function insert(name) {
    const area = writing?.isConnected ? writing : document.querySelector('.expression textarea');
    if (!area) return;
    const before = area.value.slice(0, area.selectionStart);
    area.focus();
    area.setRangeText((/[\w"')\]]$/.test(before) ? ' ' : '') + name, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
  function goToPlace(button) {
    const area = byId(button.dataset.placeOf);
    const from = Number(button.dataset.from);
    area.focus();
    area.setSelectionRange(from, from + Number(button.dataset.length));
  }

  const visible = (element) => element.getClientRects().length > 0 && !element.disabled;
  const label = (element) => element.dataset.keyLabel || element.textContent.trim();
  const line = (key, text) => {
    const dt = document.createElement('dt');
    for (const part of key.split(' ')) { const kbd = document.createElement('kbd'); kbd.textContent = part; dt.append(kbd, ' '); }
    const dd = document.createElement('dd');
    dd.textContent = text;
    return [dt, dd];
  };
  function showKeys() {
    const dialog = byId('keys-help');
    const page = dialog.querySelector('[data-keys=page]');
    const go = dialog.querySelector('[data-keys=go]');
    const seen = new Map();
    for (const element of document.querySelectorAll('[data-key]')) {
      if (visible(element) && !seen.has(element.dataset.key)) seen.set(element.dataset.key, label(element));
    }
    for (const item of document.querySelectorAll('[data-page-keys]')) {
      for (const entry of item.dataset.pageKeys.split('|').filter(Boolean)) { const [key, meaning] = entry.split('='); seen.set(key, meaning); }
    }
    if (byId('quick-search')) seen.set('/', 'Find a source');
    seen.set('?', 'These keys');
    page.replaceChildren(...[...seen].flatMap(([key, text]) => line(key, text)));
    go.replaceChildren(...[...document.querySelectorAll('[data-go]')].filter((a) => a.dataset.go).flatMap((a) => line('g ' + a.dataset.go, a.dataset.goLabel)));
    dialog.showModal();
  }

  // When a key was last pressed: a page that has just come up must not take the end of a word for its keys.
  document.addEventListener('keydown', (event) => { window.skyportal.lastKey = event.timeStamp; }, { capture: true });

  // A page shows before it listens. What is pressed meanwhile on a page that keeps keys is kept for it, but only if the page then shows
  // the same rows: a key must never meet another object than the one that was looked at.
  const mostEarly = 20;
  let early = { path: location.pathname, keys: [], rows: null };
  const keeper = () => document.querySelector('[data-keep-keys]');
  const rowsOf = (page) => [...page.querySelectorAll(page.dataset.keepKeys)].map((row) => row.id || row.dataset.row);
  function noteRows() {
    const page = keeper();
    if (early && page) early.rows = rowsOf(page);
  }
  function keepEarly(event) {
    if (!early || !keeper()) return false;
    // Still loading: the rows so far, until all are there.
    if (!early.rows?.length && document.readyState === 'loading') noteRows();
    if (!early.rows?.length || location.pathname !== early.path || !/^([a-zA-Z1-9]|Arrow\w+)$/.test(event.key)) return false;
    if (event.target.closest?.('.chip-menu[open], summary')) return false;
    if (!event.repeat && early.keys.length < mostEarly) early.keys.push(event.key);
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }
  function takeEarly() {
    const page = keeper();
    const kept = early;
    early = null;
    if (!kept?.rows || !page || location.pathname !== kept.path) return [];
    return String(rowsOf(page).slice(0, kept.rows.length)) === String(kept.rows) ? kept.keys : [];
  }

  // Keys: g and a letter goes to a place; a button with data-key is pressed by its key.
  let going = 0;
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.('[data-list-keys]') && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) event.preventDefault();
    const list = event.target.closest?.('.menu-list[role=menu]');
    if (list && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) { moveInMenu(list, event.key === 'ArrowDown' ? 1 : -1); event.preventDefault(); return; }
    if (event.key === 'Escape') {
      if (list) { const button = document.querySelector(`[data-menu="${list.id}"]`); closeMenus(); button?.focus(); return; }
      if (document.querySelector('dialog[open]')) return;
      const sheets = document.querySelectorAll('.sheet [data-close]');
      if (sheets.length > 0) { sheets[sheets.length - 1].click(); return; }
      if (event.target.matches?.('input,textarea,select')) event.target.blur();
      return;
    }
    if (event.target.matches?.('input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true]') || document.querySelector('dialog[open]')) return;
    if (going && event.timeStamp - going < 1500) {
      going = 0;
      const place = [...document.querySelectorAll('[data-go]')].find((a) => a.dataset.go === event.key);
      event.stopImmediatePropagation();
      if (place) { place.click(); event.preventDefault(); }
      return;
    }
    if (event.key === 'g') { going = event.timeStamp; event.stopImmediatePropagation(); return; }
    if (event.key === '?') { showKeys(); event.preventDefault(); return; }
    if (event.key === '/') { const box = byId('quick-search'); if (box) { box.focus(); box.select(); event.preventDefault(); } return; }
    if (keepEarly(event)) return;
    // A page that has a meaning of its own for a key hears it first.
    const owned = [...document.querySelectorAll('[data-page-keys]')].some((page) => page.dataset.pageKeys.split('|').some((entry) => entry.startsWith(event.key + '=')));
    if (owned) return;
    const pressed = [...document.querySelectorAll('[data-key]')].filter((element) => element.dataset.key === event.key && visible(element)).pop();
    if (pressed) { pressed.click(); event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  document.addEventListener('click', (event) => {
    const on = (selector) => event.target.closest(selector);
    const menu = on('[data-menu]');
    if (menu) { toggleMenu(menu); return; }
    const theme = on('[data-theme-choice]');
    if (theme) setTheme(theme.dataset.themeChoice);
    closeMenus();
    const copied = on('[data-copy]');
    if (copied) { copy(copied); return; }
    const name = on('[data-insert]');
    if (name) { insert(name.dataset.insert); return; }
    const place = on('[data-place-of]');
    if (place) { goToPlace(place); return; }
    switch (on('[data-action]')?.dataset.action) {
      case 'rail': root.dataset.rail = root.dataset.rail === 'narrow' ? 'wide' : 'narrow'; keep('rail', root.dataset.rail); break;
      case 'rail-open': root.classList.toggle('rail-open'); return;
      case 'keys': showKeys(); break;
      case 'keys-close': byId('keys-help').close(); break;
    }
    if (!on('.rail') || on('.rail a')) root.classList.remove('rail-open');
  });

  // Times: local time and MJD on hover, ages that grow.
  document.addEventListener('mouseover', (event) => {
    const time = event.target.closest?.('time[datetime]');
    if (!time) return;
    const at = new Date(time.getAttribute('datetime'));
    const local = at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
    time.title = `${time.getAttribute('datetime').replace('T', ' ').replace('Z', ' UTC')}\n${local} here\nMJD ${(at.getTime() / 86400000 + 40587).toFixed(5)}`;
  });
  function age(milliseconds) {
    const s = Math.abs(milliseconds) / 1000;
    const text = s < 60 ? `${s.toFixed(0)} s` : s < 3600 ? `${(s / 60).toFixed(0)} min` : s < 36000 ? `${(s / 3600).toFixed(1)} h` : s < 86400 ? `${(s / 3600).toFixed(0)} h`
      : s < 864000 ? `${(s / 86400).toFixed(1)} d` : s < 63115200 ? `${(s / 86400).toFixed(0)} d` : `${(s / 31557600).toFixed(1)} yr`;
    return milliseconds < 0 ? 'in ' + text : text;
  }
  function tick() {
    const clock = byId('utc-clock');
    if (clock) clock.textContent = new Date().toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
  }
  function growOlder() {
    // The text node is the server's: its value changes, the node stays.
    for (const element of document.querySelectorAll('[data-age]')) {
      const at = element.closest('time')?.getAttribute('datetime');
      if (at && element.firstChild) element.firstChild.nodeValue = age(Date.now() - new Date(at).getTime());
    }
  }
  setInterval(tick, 1000);
  setInterval(growOlder, 20000);
  document.addEventListener('DOMContentLoaded', () => { tick(); markTheme(); noteRows(); });

  window.skyportal = {
    isDark,
    ready: () => {
      document.body.classList.add('interactive');
      tick();
      markTheme();
      // A page that never shows its rows must not swallow keys for good.
      if (keeper()) setTimeout(takeEarly, 8000); else early = null;
    },
    isEarly: () => early !== null,
    takeEarly,
    setTheme,
    showModal: (dialog) => { if (dialog && !dialog.open) dialog.showModal(); },
    focusFirst: (title) => {
      const first = title.closest('.sheet').querySelector('.sheet-body :is(input,select,textarea):not([disabled])');
      (first ?? title).focus();
    },
  };
})();
