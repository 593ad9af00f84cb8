// Draws the colour-magnitude diagram: the sequences of stars in grey, and where the source lies.
import { load, isDark, token, onThemeChange, plain, axisLook, frameLook, frameConfig, paintWhenSeen, forget } from './plot-frame.js';

const shown = new Map();
const symbols = ['circle', 'diamond', 'square', 'triangle-up', 'star'];

async function paint(element) {
  const kept = shown.get(element);
  if (!kept) return;
  const library = await load(kept.address);
  if (shown.get(element) !== kept) return;
  const { model } = kept;
  const grey = isDark() ? '255,255,255' : '0,0,0';
  const traces = [{
    uid: 'stars', type: 'heatmap', z: model.density.map(row => row.map(cell => cell ** 0.5)), x0: model.color, dx: model.colorStep, y0: model.abs, dy: model.absStep,
    colorscale: [[0, `rgba(${grey},0)`], [1, `rgba(${grey},0.5)`]], showscale: false, hoverinfo: 'skip', zsmooth: 'best',
  }];
  const accents = [token('--accent'), token('--bad'), token('--good'), token('--warn')];
  model.places.forEach((place, index) => {
    const color = accents[index % accents.length];
    const hovertemplate = `<b>${plain(place.origin)}</b><br>BP − RP %{x:.3f}<br>M_G %{y:.2f}<extra></extra>`;
    traces.push({ uid: `cross${index}`, type: 'scatter', mode: 'markers', x: [place.color], y: [place.absMag], hoverinfo: 'skip', marker: { symbol: 'cross-thin-open', size: 26, color, line: { width: 1.5 } } });
    traces.push({ uid: `place${index}`, type: 'scatter', mode: 'markers', x: [place.color], y: [place.absMag], hovertemplate, marker: { symbol: symbols[index % symbols.length], size: 10, color, line: { width: 1, color: token('--surface') } } });
  });
  const colors = model.places.map(place => place.color), mags = model.places.map(place => place.absMag);
  const axis = { ...axisLook(), showgrid: false };
  await library.react(element, traces, {
    ...frameLook(),
    uirevision: 'hr',
    margin: { l: 44, r: 10, t: 8, b: 40 },
    xaxis: { ...axis, title: { text: 'BP − RP, mag', standoff: 6, font: { size: 12 } }, range: [Math.min(-0.6, ...colors.map(value => value - 0.3)), Math.max(5, ...colors.map(value => value + 0.3))] },
    yaxis: { ...axis, title: { text: 'absolute G magnitude', standoff: 6, font: { size: 12 } }, range: [Math.max(17, ...mags.map(value => value + 0.5)), Math.min(-4, ...mags.map(value => value - 0.5))] },
  }, frameConfig());
  element.dataset.drawn = model.places.length;
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

onThemeChange(() => { for (const element of shown.keys()) repaint(element); });
