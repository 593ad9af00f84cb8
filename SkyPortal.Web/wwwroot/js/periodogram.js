// Draws power against period.
import { load, token, onThemeChange, plain, axisLook, frameLook, frameConfig, paintWhenSeen, forget } from './plot-frame.js';

const shown = new Map();

async function paint(element) {
  const kept = shown.get(element);
  if (!kept) return;
  const library = await load(kept.address);
  if (shown.get(element) !== kept) return;
  const { model } = kept;
  const [accent, ink, warn] = [token('--accent'), token('--ink-3'), token('--warn')];
  const traces = [
    { uid: 'power', type: 'scatter', mode: 'lines', x: model.periods, y: model.power, line: { color: accent, width: 1 }, hovertemplate: '%{x:.6g} d<br>power %{y:.3f}<extra></extra>' },
    {
      uid: 'peaks', type: 'scatter', mode: 'markers+text', x: model.peaks.map(peak => peak.period), y: model.peaks.map(peak => peak.power),
      text: model.peaks.map((peak, place) => place < 3 ? `${place + 1}` : ''), textposition: 'top center', textfont: { size: 11 },
      customdata: model.peaks.map(peak => peak.alias ? `<br>alias: ${plain(peak.alias)}` : ''), hovertemplate: '%{x:.6f} d<br>power %{y:.3f}%{customdata}<extra></extra>',
      marker: { size: 8, symbol: model.peaks.map(peak => peak.alias ? 'x-thin-open' : 'circle-open'), color: model.peaks.map(peak => peak.alias ? warn : accent), line: { width: 1.5 } },
    },
  ];
  const level = item => ({ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: item.power, y1: item.power, line: { color: ink, width: 1, dash: 'dot' } });
  const words = item => ({ xref: 'paper', x: 1, y: item.power, xanchor: 'right', yanchor: 'bottom', text: `false alarm ${item.probability * 100} %`, showarrow: false, font: { size: 10, color: ink } });
  const levels = model.levels.filter(item => item.power <= 1);
  const fold = model.folded ? [{ type: 'line', yref: 'paper', x0: model.folded, x1: model.folded, y0: 0, y1: 1, line: { color: token('--good'), width: 1.5 } }] : [];
  const axis = axisLook();
  const top = Math.max(...model.power, ...levels.slice(0, 1).map(item => item.power), 0.05);
  await library.react(element, traces, {
    ...frameLook(),
    uirevision: kept.revision,
    margin: { l: 48, r: 12, t: 10, b: 40 },
    shapes: [...levels.map(level), ...fold],
    // One label: the lines lie close to each other.
    annotations: levels.slice(1, 2).map(words),
    xaxis: { ...axis, type: 'log', title: { text: 'period, days', standoff: 6, font: { size: 12 } } },
    yaxis: { ...axis, title: { text: 'power', standoff: 6, font: { size: 12 } }, range: [0, top * 1.12] },
  }, frameConfig());
  if (!kept.isWired) {
    kept.isWired = true;
    element.on('plotly_click', event => {
      const at = event.points[0];
      if (!at) return;
      // Near a peak the peak itself is meant, which is finer than the line.
      const { peaks } = shown.get(element).model;
      const near = peaks.find(peak => Math.abs(Math.log(peak.period / at.x)) < 0.003);
      shown.get(element).page.invokeMethodAsync('PeriodPickedAsync', near?.period ?? at.x);
    });
  }
  element.dataset.drawn = model.periods.length;
}

const repaint = element => paintWhenSeen(element, () => paint(element));

export async function draw(element, address, model, page) {
  const before = shown.get(element);
  const isSame = before && before.model.periods.length === model.periods.length && before.model.periods[0] === model.periods[0];
  shown.set(element, { address, model, page, isWired: before?.isWired, revision: isSame ? before.revision : (before?.revision ?? 0) + 1 });
  await repaint(element);
}

export function remove(element) {
  shown.delete(element);
  forget(element);
}

export { keepInAddress } from './plot-frame.js';

onThemeChange(() => { for (const element of shown.keys()) repaint(element); });
