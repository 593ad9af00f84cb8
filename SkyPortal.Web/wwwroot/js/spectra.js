// Draws spectra with Plotly. The samples come from the API, once for each set of spectra.
import { load, isDark, token, onThemeChange, frameConfig, paintWhenSeen, forget } from './plot-frame.js';

const lightKms = 299792.458;
const shown = new Map();
// Plots that are being painted: what moves then was moved by the page.
const painting = new Set();

// Blue to red in the order of time; a number at the end of each line tells them apart without colour.
const colour = (index, count) => `hsl(${Math.round(count < 2 ? 222 : 240 - 240 * index / (count - 1))} 72% ${isDark() ? 70 : 40}%)`;
const lineColour = index => `hsl(${(index * 67 + 150) % 360} 60% ${isDark() ? 68 : 36}%)`;

function quantile(sorted, part) {
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

function normalized(fluxes, isMagnitude) {
  if (isMagnitude) return fluxes;
  const median = quantile(Float64Array.from(fluxes, Math.abs).sort(), 0.5) || 1e-20;
  return fluxes.map(flux => flux / median);
}

// Mean over a window of wavelength, in one pass.
export function smoothed(wavelengths, fluxes, windowAngstrom) {
  if (!(windowAngstrom > 0)) return fluxes;
  const result = new Array(fluxes.length);
  let from = 0, to = 0, sum = 0;
  for (let i = 0; i < fluxes.length; i++) {
    while (to < fluxes.length && wavelengths[to] <= wavelengths[i] + windowAngstrom / 2) sum += fluxes[to++];
    while (wavelengths[from] < wavelengths[i] - windowAngstrom / 2) sum -= fluxes[from++];
    result[i] = sum / (to - from);
  }
  return result;
}

// Single samples, such as cosmic rays, must not decide the scale: all but the outermost hundredth of the samples fits.
export function robustRange(values) {
  const sorted = Float64Array.from(values).sort();
  if (!sorted.length) return undefined;
  const [low, high] = [quantile(sorted, 0.01), quantile(sorted, 0.99)];
  const room = (high - low || Math.abs(high) || 1) * 0.12;
  return [low - room, high + room];
}

function traces(kept) {
  const { model, samples } = kept;
  const frame = model.isRest ? 1 + model.redshift : 1;
  const result = [];
  const all = [];
  const ends = [];
  let magnitudes = false;
  model.spectra.forEach((spectrum, index) => {
    const own = samples.get(spectrum.id);
    if (!own || spectrum.isHidden) return;
    const isMagnitude = own.units === 'AB';
    magnitudes ||= isMagnitude;
    const lift = model.isStacked ? 1.5 * index : 0;
    const x = own.wavelengths.map(wavelength => wavelength / frame);
    const raw = normalized(own.fluxes, isMagnitude).map(flux => flux + lift);
    const y = smoothed(own.wavelengths, raw, model.smoothing);
    const common = { type: x.length > 20000 ? 'scattergl' : 'scatter', mode: 'lines', x };
    if (model.smoothing > 0) {
      result.push({ ...common, uid: `${spectrum.id}/raw`, y: raw, line: { color: token('--line-strong'), width: 0.7, shape: 'hvh' }, opacity: 0.6, hoverinfo: 'skip', showlegend: false });
    }
    result.push({
      ...common, uid: `${spectrum.id}`, y, name: spectrum.title,
      line: { color: colour(index, model.spectra.length), width: 1.1, shape: x.length > 20000 ? 'linear' : 'hvh' },
      hovertemplate: `<b>${spectrum.title}</b><br>%{x:.1f} Å ${model.isRest ? 'rest' : 'observed'}<br>%{y:.4g}<br>${spectrum.when}<extra></extra>`,
    });
    ends.push({ x: x.at(-1), y: quantile(Float64Array.from(y.slice(-50)).sort(), 0.5), xref: 'x', yref: 'y', text: `${spectrum.number}`, showarrow: false, xanchor: 'left', xshift: 3, font: { color: colour(index, model.spectra.length), size: 11 } });
    for (const value of model.smoothing > 0 ? y : raw) all.push(value);
  });
  return { result, range: robustRange(all), magnitudes, ends: ends.length > 1 ? ends : [] };
}

function marks(model, left, right) {
  const shapes = [], annotations = [];
  const stretch = model.isRest ? 1 : 1 + model.redshift;
  model.lines.forEach(set => {
    const color = set.isObserved ? token('--ink-3') : lineColour(set.index);
    const shift = set.isObserved ? (model.isRest ? 1 / (1 + model.redshift) : 1) : stretch / (1 + model.velocity / lightKms);
    const at = set.wavelengths.map(wavelength => wavelength * shift);
    if (set.isBand) {
      const [from, to] = [Math.min(...at), Math.max(...at)];
      if (to >= left && from <= right) {
        shapes.push({ type: 'rect', xref: 'x', yref: 'paper', x0: from, x1: to, y0: 0, y1: 1, fillcolor: color, opacity: 0.22, line: { width: 0 }, layer: 'below' });
        annotations.push({ x: (from + to) / 2, y: 0, xref: 'x', yref: 'paper', text: '⊕', showarrow: false, yanchor: 'bottom', font: { color, size: 12 }, hovertext: set.name });
      }
      return;
    }
    let named = -Infinity;
    at.forEach((x, place) => {
      if (x < left || x > right) return;
      shapes.push({ type: 'line', xref: 'x', yref: 'paper', x0: x, x1: x, y0: 0, y1: 1, line: { color, width: set.isObserved ? 0.5 : 1, dash: set.isObserved ? 'dot' : 'solid' }, layer: 'below' });
      if (!set.isObserved && x - named > (right - left) / 60) {
        named = x;
        annotations.push({ x, y: 1, xref: 'x', yref: 'paper', text: set.name, textangle: -90, showarrow: false, yanchor: 'top', xanchor: 'right', font: { color, size: 10.5 }, hovertext: `${set.name} ${set.wavelengths[place]} Å, here ${x.toFixed(1)} Å` });
      }
    });
  });
  return { shapes, annotations };
}

// The upper axis tells the wavelength in the other frame.
const upperAxis = model => model.redshift > 0 ? { name: model.isRest ? 'observed' : 'rest', factor: model.isRest ? 1 + model.redshift : 1 / (1 + model.redshift) } : undefined;

function layout(kept, { range, magnitudes, ends }) {
  const { model, samples } = kept;
  const visible = model.spectra.filter(spectrum => !spectrum.isHidden && samples.has(spectrum.id)).map(spectrum => samples.get(spectrum.id).wavelengths);
  const frame = model.isRest ? 1 + model.redshift : 1;
  const left = (visible.length ? Math.min(...visible.map(list => list[0])) : 3000) / frame - 100;
  const right = (visible.length ? Math.max(...visible.map(list => list.at(-1))) : 10000) / frame + 100;
  const { shapes, annotations } = marks(model, left, right);
  const upper = upperAxis(model);
  const axis = { gridcolor: token('--line'), zeroline: false, linecolor: token('--line-strong'), ticks: 'outside', tickcolor: token('--line-strong'), ticklen: 4 };
  return {
    // A zoom is kept until what is on the axes changes.
    uirevision: `${model.isRest}/${model.isStacked}/${model.isRest ? model.redshift : 0}`,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: token('--ink-2') },
    margin: { l: 52, r: 16, t: upper ? 34 : 8, b: 42 },
    hovermode: 'closest',
    hoverlabel: { bgcolor: token('--raised'), bordercolor: token('--line-strong'), font: { color: token('--ink') }, align: 'left' },
    showlegend: false,
    xaxis: { ...axis, title: { text: model.isRest ? 'rest wavelength, Å' : 'observed wavelength, Å', standoff: 6, font: { size: 12 } }, range: [left, right] },
    ...(upper ? { xaxis2: { ...axis, showgrid: false, tickmode: 'auto', overlaying: 'x', side: 'top', range: [left * upper.factor, right * upper.factor] } } : {}),
    yaxis: { ...axis, title: { text: magnitudes ? 'AB magnitude' : 'flux / median', standoff: 6, font: { size: 12 } }, range: range && (magnitudes ? [range[1], range[0]] : range) },
    dragmode: model.isFitting ? false : 'zoom',
    shapes,
    annotations: [...annotations, ...ends, ...(upper ? [{ x: 0, y: 1, xref: 'paper', yref: 'paper', xanchor: 'right', yanchor: 'bottom', xshift: -8, yshift: 5, text: upper.name, showarrow: false, font: { size: 11, color: token('--ink-3') } }] : [])],
  };
}

async function paint(element) {
  const kept = shown.get(element);
  if (!kept?.samples) return;
  const library = await load(kept.address);
  if (shown.get(element) !== kept) return;
  const drawn = traces(kept);
  const upper = upperAxis(kept.model);
  // An axis without a trace is not drawn.
  if (upper) drawn.result.push({ type: 'scatter', uid: 'x2', x: [null], y: [null], xaxis: 'x2', hoverinfo: 'skip', showlegend: false });
  painting.add(element);
  await library.react(element, drawn.result, layout(kept, drawn), frameConfig({ doubleClick: 'reset' }));
  // A zoom that was kept moves the upper axis along.
  if (upper) {
    const wanted = element.layout.xaxis.range.map(value => value * upper.factor);
    if (wanted.some((value, i) => Math.abs(value - element.layout.xaxis2.range[i]) > 1e-6)) await library.relayout(element, { 'xaxis2.range': wanted });
  }
  painting.delete(element);
  if (!element.dataset.follows) {
    element.dataset.follows = 'yes';
    element.on('plotly_relayout', event => { if (!painting.has(element) && Object.keys(event).some(name => name.startsWith('xaxis'))) repaint(element); });
  }
  fitByDrag(element);
  element.dataset.drawn = kept.model.spectra.filter(spectrum => !spectrum.isHidden).length;
}

async function fetchSamples(address) {
  const reply = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!reply.ok) throw new Error(`The spectra cannot be read (${reply.status})`);
  const { data } = await reply.json();
  return new Map(data.spectra.map(spectrum => [spectrum.id, { wavelengths: spectrum.wavelengths, fluxes: spectrum.fluxes, units: spectrum.units }]));
}

// While z is fitted a drag moves the lines: they stretch with 1 + z, so that a line follows the pointer wherever it was taken.
function fitByDrag(element) {
  if (element.dataset.fits) return;
  element.dataset.fits = 'yes';
  const wavelengthAt = event => {
    const { xaxis } = element._fullLayout;
    return xaxis.p2d(event.clientX - element.getBoundingClientRect().left - xaxis._offset);
  };
  element.addEventListener('pointerdown', start => {
    const kept = shown.get(element);
    if (!kept?.model.isFitting || start.button !== 0) return;
    start.preventDefault();
    const from = wavelengthAt(start), before = kept.model.redshift;
    let waits = false;
    const move = event => {
      const stretch = (1 + before) * wavelengthAt(event) / from;
      if (!(stretch >= 1 && stretch <= 21)) return;
      kept.model.redshift = stretch - 1;
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => {
        waits = false;
        repaint(element);
      });
    };
    const end = () => {
      removeEventListener('pointermove', move);
      kept.page?.invokeMethodAsync('RedshiftDragged', kept.model.redshift);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', end, { once: true });
  }, { capture: true });
}

const repaint = element => paintWhenSeen(element, () => paint(element));

export async function draw(element, address, samplesAddress, model, page) {
  const before = shown.get(element);
  const samples = before?.model.version === model.version ? before.samples : undefined;
  const kept = { address, model, samples, page };
  shown.set(element, kept);
  if (!samples) {
    const read = await fetchSamples(samplesAddress);
    const now = shown.get(element);
    if (now?.model.version !== model.version) return;
    now.samples = read;
  }
  await repaint(element);
}

export function remove(element) {
  shown.delete(element);
  forget(element);
}

onThemeChange(() => { for (const element of shown.keys()) repaint(element); });
