// Starts the circuit, and says what happens when it is lost.
(() => {
  Blazor.start({ circuit: { reconnectionOptions: { maxRetries: 30, retryIntervalMilliseconds: (n) => (n < 10 ? 500 * (n + 1) : 5000) } } });
  const modal = document.getElementById('components-reconnect-modal');
  let polling = false;
  // Once the server has forgotten the circuit, only a fresh page helps; it is loaded as soon as the server answers.
  async function reloadWhenBack() {
    if (polling) return;
    polling = true;
    for (;;) {
      try {
        if ((await fetch('/health/live', { cache: 'no-store' })).ok) { location.reload(); return; }
      } catch { /* still away */ }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  new MutationObserver(() => {
    const has = (state) => modal.classList.contains('components-reconnect-' + state);
    if (has('rejected') || has('failed')) { if (!modal.open) modal.showModal(); reloadWhenBack(); }
    else if (has('show') || has('retrying')) { if (!modal.open) modal.showModal(); }
    else if (modal.open) modal.close();
  }).observe(modal, { attributes: true, attributeFilter: ['class'] });
})();
