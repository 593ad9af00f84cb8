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

// Names come from people; Plotly takes some HTML in its texts.
export const plain = text => String(text ?? '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

// The look that all plots share.
export function axisLook() {
  const strong = token('--line-strong');
  return { gridcolor: token('--line'), zeroline: false, linecolor: strong, ticks: 'outside', tickcolor: strong, ticklen: 4 };
}

export function frameLook() {
  return {
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: token('--ink-2') },
    hovermode: 'closest',
    hoverlabel: { bgcolor: token('--raised'), bordercolor: token('--line-strong'), font: { color: token('--ink') }, align: 'left' },
    showlegend: false,
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: token('--ink-3'), activecolor: token('--accent') },
  };
}

// The bar above a plot. Nothing of a plot is ever sent to another server.
export const frameConfig = (more = {}) => ({
  displaylogo: false, responsive: false, showSendToCloud: false, plotlyServerURL: '',
  ...more,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', ...(more.modeBarButtonsToRemove ?? [])],
});

// A plot is drawn when it has a size, and follows every change of it: a panel may be moved, resized, folded or hidden.
const sized = new WeakMap();
const watcher = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) {
    const kept = sized.get(target);
    if (!kept || !contentRect.width || !contentRect.height) continue;
    if (kept.waits) { kept.waits = false; run(kept); } else if (target.data) window.Plotly?.Plots.resize(target);
  }
});

// Two drawings of one plot at a time would wait for each other for ever: the next begins when the last is done, and of several
// that wait the newest counts.
async function run(kept) {
  kept.again = true;
  kept.running ??= (async () => {
    try {
      while (kept.again) {
        kept.again = false;
        await kept.paint();
        delete kept.element.dataset.failed;
      }
    } catch (error) {
      // Its box no longer says that it is coming.
      kept.element.dataset.failed = '';
      throw error;
    } finally {
      kept.running = undefined;
    }
  })();
  await kept.running;
}

export async function paintWhenSeen(element, paint) {
  const known = sized.get(element);
  const kept = known ?? { element };
  kept.paint = paint;
  kept.waits = !element.clientWidth || !element.clientHeight;
  if (!known) {
    sized.set(element, kept);
    watcher.observe(element);
  }
  if (!kept.waits) await run(kept);
}

export function forget(element) {
  if (!element) return;
  watcher.unobserve(element);
  sized.delete(element);
  if (element.isConnected && element.data && window.Plotly) window.Plotly.purge(element);
}

// The state of a panel lies in the page's address: a list of values for each name, none where it is as usual. The entry in the
// history stays the same, so that Back leaves the page.
export function keepInAddress(changes) {
  const url = new URL(location.href);
  for (const [name, values] of Object.entries(changes)) {
    url.searchParams.delete(name);
    for (const value of values) url.searchParams.append(name, value);
  }
  history.replaceState(history.state, '', url);
}
