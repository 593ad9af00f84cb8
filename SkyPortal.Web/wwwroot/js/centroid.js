// Draws where detections lie around a source, east to the left.
import { load, isDark, token, onThemeChange, plain, axisLook, frameLook, frameConfig, paintWhenSeen, forget } from './plot-frame.js';

const shown = new Map();

async function paint(element) {
  const kept = shown.get(element);
  if (!kept) return;
  const library = await load(kept.address);
  if (shown.get(element) !== kept) return;
  const { model } = kept;
  const dark = isDark();
  const [ink, accent] = [token('--ink-3'), token('--accent')];
  const traces = model.bands.map(band => ({
    uid: band.name, type: 'scatter', mode: 'markers', x: band.ra, y: band.dec, text: band.text.map(plain),
    hovertemplate: `<b>${plain(band.name)}</b> %{x:.3f}″ E, %{y:.3f}″ N<br>%{text}<extra></extra>`,
    marker: { symbol: band.mark, size: 7, color: dark ? band.dark : band.light, opacity: 0.75 },
  }));
  traces.push({
    uid: 'source', type: 'scatter', mode: 'markers', x: [0], y: [0], hovertemplate: 'position of the source<extra></extra>', marker: { symbol: 'cross-thin-open', size: 16, color: ink, line: { width: 1.5 } },
  });
  if (model.marks.length) traces.push({
    uid: 'catalogs', type: 'scatter', mode: 'markers+text', x: model.marks.map(mark => mark.raArcsec), y: model.marks.map(mark => mark.decArcsec),
    text: model.marks.map(mark => plain(mark.origin)), textposition: 'bottom center', textfont: { size: 10, color: ink },
    customdata: model.marks.map(mark => plain(mark.words)), hovertemplate: '<b>%{text}</b><br>%{x:.3f}″ E, %{y:.3f}″ N<br>%{customdata}<extra></extra>',
    marker: { symbol: 'cross', size: 10, color: token('--warn'), line: { width: 1, color: token('--surface') } },
  });
  const shapes = [];
  const centre = model.center;
  if (centre) {
    traces.push({ uid: 'mean', type: 'scatter', mode: 'markers', x: [centre.raArcsec], y: [centre.decArcsec], hovertemplate: 'weighted mean<br>%{x:.3f}″ E, %{y:.3f}″ N<extra></extra>', marker: { symbol: 'x-thin-open', size: 14, color: accent, line: { width: 2 } } });
    const circle = (radius, dash) => ({ type: 'circle', xref: 'x', yref: 'y', x0: centre.raArcsec - radius, x1: centre.raArcsec + radius, y0: centre.decArcsec - radius, y1: centre.decArcsec + radius, line: { color: accent, width: 1.2, dash } });
    shapes.push(circle(centre.standardDeviationArcsec, 'solid'), circle(centre.maxOffsetArcsec, 'dot'));
  }
  const [x0, y0] = model.isCentred ? [centre.raArcsec, centre.decArcsec] : [0, 0];
  const reach = model.scale || Math.max(0.2, ...model.bands.flatMap(band => band.ra.map((x, k) => Math.max(Math.abs(x - x0), Math.abs(band.dec[k] - y0)))), ...model.marks.map(mark => Math.max(Math.abs(mark.raArcsec - x0), Math.abs(mark.decArcsec - y0)))) * 1.15;
  const axis = { ...axisLook(), zeroline: true, zerolinecolor: token('--line-strong') };
  await library.react(element, traces, {
    ...frameLook(),
    uirevision: `${model.scale}/${model.isCentred}`,
    margin: { l: 48, r: 10, t: 8, b: 40 },
    shapes,
    xaxis: { ...axis, title: { text: 'ΔRA cos δ, arcsec', standoff: 6, font: { size: 12 } }, range: [x0 + reach, x0 - reach], constrain: 'domain' },
    yaxis: { ...axis, title: { text: 'ΔDec, arcsec', standoff: 6, font: { size: 12 } }, range: [y0 - reach, y0 + reach], scaleanchor: 'x', constrain: 'domain' },
  }, frameConfig());
  element.dataset.drawn = model.bands.reduce((sum, band) => sum + band.ra.length, 0);
}

const repaint = element => paintWhenSeen(element, () => paint(element));

export async function draw(element, address, json) {
  shown.set(element, { address, model: JSON.parse(json) });
  await repaint(element);
}

export function remove(element) {
  shown.delete(element);
  forget(element);
}

export { keepInAddress } from './plot-frame.js';

onThemeChange(() => { for (const element of shown.keys()) repaint(element); });
