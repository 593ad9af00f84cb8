// What the frame does without asking the server: theme, rail, clock, keys, copying, and the dialog of a lost connection.
const root = document.documentElement;
const themes = ['system', 'light', 'dark'];

function say(text) {
  const note = document.createElement('div');
  note.className = 'note';
  note.role = 'status';
  note.textContent = text;
  document.body.append(note);
  setTimeout(() => note.remove(), 1600);
}

document.addEventListener('click', async event => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  if (target.closest('[data-cycle-theme]')) {
    const next = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
    root.dataset.theme = next;
    localStorage.setItem('theme', next);
    document.dispatchEvent(new CustomEvent('themechange'));
    say(next === 'system' ? 'Theme: as the system is' : `Theme: ${next}`);
  } else if (target.closest('[data-fold-rail]')) {
    const folded = root.dataset.rail === 'folded';
    if (folded) delete root.dataset.rail; else root.dataset.rail = 'folded';
    localStorage.setItem('rail', folded ? 'open' : 'folded');
  } else if (target.closest('[data-show-keys]')) {
    showKeys();
  } else if (target.closest('[data-copy]')) {
    const text = target.closest('[data-copy]').dataset.copy;
    try { await navigator.clipboard.writeText(text); say(`Copied ${text}`); } catch { say('The browser does not allow copying here'); }
  }
});

function showKeys() {
  const dialog = document.getElementById('keys-help');
  const list = document.getElementById('page-keys');
  const page = document.querySelector('[data-page-keys]');
  list.replaceChildren();
  for (const line of (page?.dataset.pageKeys ?? '').split('|').filter(Boolean)) {
    const [key, meaning] = line.split('=');
    const dt = document.createElement('dt'), dd = document.createElement('dd'), kbd = document.createElement('kbd');
    kbd.textContent = key; dt.append(kbd); dd.textContent = meaning; list.append(dt, dd);
  }
  if (!dialog.open) dialog.showModal();
}

let went = 0;
document.addEventListener('keydown', event => {
  const at = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || at?.closest('input, textarea, select, [contenteditable]')) {
    if (event.key === 'Escape' && at?.id === 'quick-search') at.blur();
    return;
  }
  if (event.key === '/') { event.preventDefault(); document.getElementById('quick-search')?.focus(); return; }
  if (event.key === '?') { event.preventDefault(); showKeys(); return; }
  if (went && Date.now() - went < 1200) {
    went = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
    return;
  }
  if (event.key === 'g') { went = Date.now(); event.stopImmediatePropagation(); }
}, true);

const tick = () => {
  const now = new Date();
  const mjd = now.getTime() / 86400000 + 40587;
  for (const clock of document.querySelectorAll('[data-clock]')) {
    clock.textContent = `${now.toISOString().slice(0, 10)} ${now.toISOString().slice(11, 19)} UTC`;
    clock.title = `MJD ${mjd.toFixed(5)} · local ${now.toLocaleString()}`;
  }
};
setInterval(tick, 1000);
tick();

document.addEventListener('mouseover', event => {
  const time = event.target instanceof Element ? event.target.closest('time[data-local]') : null;
  if (time && !time.dataset.told) {
    const when = new Date(time.dateTime);
    time.title = `${time.title} · local ${when.toLocaleString()} · MJD ${(when.getTime() / 86400000 + 40587).toFixed(5)}`;
    time.dataset.told = 'yes';
  }
});

// A click before the circuit is up would be lost: the mark tells scripts and tests when it is.
new MutationObserver(() => {
  const up = document.getElementById('interactive-mark')?.textContent === 'yes';
  if (up !== document.body.classList.contains('interactive')) document.body.classList.toggle('interactive', up);
}).observe(document.body, { childList: true, subtree: true, characterData: true });

const lost = document.getElementById('components-reconnect-modal');
async function again() {
  for (;;) {
    try {
      const reply = await fetch('/health/live', { cache: 'no-store' });
      if (reply.ok) { location.reload(); return; }
    } catch { /* The server is still away: ask again. */ }
    await new Promise(done => setTimeout(done, 1000));
  }
}
if (lost) {
  new MutationObserver(() => {
    const has = name => lost.classList.contains(`components-reconnect-${name}`);
    if (has('show')) { if (!lost.open) lost.showModal(); }
    else if (has('failed') || has('rejected')) again();
    else if (lost.open) lost.close();
  }).observe(lost, { attributes: true, attributeFilter: ['class'] });
}
