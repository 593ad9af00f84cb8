// What every plot needs: the library, fetched once when the first plot is drawn, and the colours of the theme.
let library;

export function load(address) {
  library ??= new Promise((done, fail) => {
    if (window.Plotly) { done(window.Plotly); return; }
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => done(window.Plotly);
    script.onerror = () => { library = undefined; fail(new Error('The plot library cannot be loaded')); };
    document.head.append(script);
  });
  return library;
}

export const isDark = () => {
  const theme = document.documentElement.dataset.theme;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
};

// A token is a pair of colours for light and dark; only the browser knows which of them counts.
export const token = name => {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
};

export function onThemeChange(repaint) {
  document.addEventListener('themechange', repaint);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
}
