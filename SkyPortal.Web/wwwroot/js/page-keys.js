// A key presses what says that it is pressed by it, unless somebody is typing.
document.addEventListener('keydown', event => {
  const at = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || at?.closest('input, textarea, select, [contenteditable], dialog[open]')) return;
  const target = document.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches('input, textarea')) target.focus(); else target.click();
});
