// Runs before the first paint, so that the page never flashes in the wrong theme.
(() => {
  const theme = localStorage.getItem('theme') ?? 'system';
  document.documentElement.dataset.theme = theme;
  if (localStorage.getItem('rail') === 'folded') document.documentElement.dataset.rail = 'folded';
})();
