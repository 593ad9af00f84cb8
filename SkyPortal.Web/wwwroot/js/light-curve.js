// Draws a light curve with Plotly. The points come once, as columns; what is shown of them is decided here.
import { load, isDark, token, onThemeChange, plain, axisLook, frameLook, frameConfig, paintWhenSeen, forget } from './plot-frame.js';

const flag = { forced: 1, validated: 2, rejected: 4, ambiguous: 8, subtracted: 16, direct: 32 };
const zeroPoint = 23.9, magPerLogFlux = 1.0857362047581296, unixEpochMjd = 40587, dayMs = 86400000;
// Beyond this number of points the marks are drawn by the graphics processor.
const mostSvgPoints = 1200;
const shown = new Map();

const number = (value, digits) => value == null || !Number.isFinite(value) ? '–' : value.toFixed(digits);
const short = value => value == null ? '–' : Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 0.01) ? value.toExponential(2) : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
const utc = mjd => new Date((mjd - unixEpochMjd) * dayMs);
const utcText = mjd => { const at = utc(mjd); return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 19).replace('T', ' '); };

// Derived once from the columns: magnitudes (AB) of absolute fluxes, their errors, and signal to noise.
function derive(data) {
  const count = data.mjd.length;
  const mag = new Float64Array(count), magErr = new Float64Array(count), ratio = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const flux = data.flux[i], size = Math.abs(flux ?? 0);
    mag[i] = flux == null || size === 0 ? NaN : zeroPoint - 2.5 * Math.log10(size);
    magErr[i] = size === 0 ? NaN : magPerLogFlux * data.err[i] / size;
    ratio[i] = flux == null ? NaN : data.err[i] > 0 ? flux / data.err[i] : Math.sign(flux) * Infinity;
  }
  return { mag, magErr, ratio, texts: [] };
}

function hover(kept, i) {
  if (kept.derived.texts[i]) return kept.derived.texts[i];
  const { data, derived } = kept;
  const band = data.bands[data.band[i]], flags = data.flags[i];
  const lines = [
    `<b>${plain(band.name)}</b> ${plain(data.instruments[data.instrument[i]])}`,
    `${number(derived.mag[i], 3)} ± ${number(derived.magErr[i], 3)} AB${data.flux[i] < 0 ? ', negative' : ''}; limit ${number(data.limit[i], 2)}`,
    `${short(data.flux[i])} ± ${short(data.err[i])} µJy; S/N ${number(derived.ratio[i], 1)}`,
    `MJD ${number(data.mjd[i], 5)}, ${number(data.nowMjd - data.mjd[i], 2)} d ago`,
    `${utcText(data.mjd[i])} UTC`,
  ];
  if (data.t0 != null) lines.push(`T − T0 ${number(data.mjd[i] - data.t0, 4)} d`);
  if (data.dm != null && Number.isFinite(derived.mag[i])) lines.push(`M ${number(derived.mag[i] - data.dm, 2)}`);
  const notes = [];
  if (flags & flag.forced) notes.push('forced');
  if (data.origins[data.origin[i]]) notes.push(`origin ${plain(data.origins[data.origin[i]])}`);
  if (data.exposure[i] != null) notes.push(`exposure ${short(data.exposure[i])} s`);
  if (flags & flag.subtracted) notes.push('reference subtracted');
  if (flags & flag.direct) notes.push('not subtracted');
  if (notes.length) lines.push(notes.join(', '));
  const verdict = flags & flag.validated ? 'validated' : flags & flag.rejected ? 'rejected' : flags & flag.ambiguous ? 'ambiguous' : null;
  if (verdict) lines.push(`${verdict}${data.note[i] ? `: ${plain(data.note[i]).slice(0, 80)}` : ''}`);
  return kept.derived.texts[i] = lines.join('<br>');
}

// Bands differ by colour and shape, instruments by a dot inside, a rim, or both; forced photometry is hollow.
function symbolOf(mark, instrument, isForced) {
  const base = mark.replace('-open', '');
  const open = isForced || mark.endsWith('-open');
  return `${base}${open ? '-open' : ''}${instrument % 2 ? '-dot' : ''}`;
}

function xOf(view, data, mjd) {
  switch (view.x) {
    case 'utc': return (mjd - unixEpochMjd) * dayMs;
    case 'ago': return data.nowMjd - mjd;
    case 't0': return mjd - data.t0;
    case 'phase': { const cycles = mjd / view.period; return cycles - Math.floor(cycles); }
    default: return mjd;
  }
}

// What is shown: for each band the detections and the limits, as lists of points.
function select(kept) {
  const { data, view, derived } = kept;
  const hiddenBands = new Set(view.hiddenBands), hiddenInstruments = new Set(view.hiddenInstruments);
  const inFlux = view.y === 'flux';
  const seesBand = data.bands.map(band => !hiddenBands.has(band.name) && (inFlux || view.system !== 'vega' || band.vega != null));
  const hiddenOrigins = new Set(view.hiddenOrigins);
  const seesOrigin = data.origins.map(name => !hiddenOrigins.has(name));
  const seesInstrument = data.instruments.map(name => !hiddenInstruments.has(name));
  const lists = data.bands.map(() => ({ seen: [], limits: [] }));
  let detections = 0, limits = 0;
  for (let i = 0; i < data.mjd.length; i++) {
    if (!seesBand[data.band[i]] || !seesInstrument[data.instrument[i]] || !seesOrigin[data.origin[i]]) continue;
    const flags = data.flags[i];
    if (!view.forced && flags & flag.forced) continue;
    if (view.verdict === 'good' && flags & flag.rejected) continue;
    if (view.verdict === 'validated' && !(flags & flag.validated)) continue;
    const isDetection = Math.abs(derived.ratio[i]) > view.snr;
    if (isDetection || (inFlux && data.flux[i] != null)) {
      lists[data.band[i]].seen.push(i);
      if (isDetection) detections++;
    } else if (view.limits) {
      if (!inFlux) lists[data.band[i]].limits.push(i);
      limits++;
    }
  }
  return { lists, detections, limits };
}

function traces(kept, selected) {
  const { data, view, derived } = kept;
  const dark = isDark();
  const inFlux = view.y === 'flux';
  const total = selected.lists.reduce((sum, list) => sum + list.seen.length + list.limits.length, 0) * (view.x === 'phase' ? view.cycles : 1);
  const type = total > mostSvgPoints ? 'scattergl' : 'scatter';
  const shift = band => (view.y === 'abs' ? -data.dm : 0) + (view.system === 'vega' ? band.vega ?? 0 : 0);
  const bounds = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
  const grow = (range, value) => { if (value < range[0]) range[0] = value; if (value > range[1]) range[1] = value; };
  const result = [], negative = { x: [], y: [] }, verdicts = [[], [], []];
  const rims = [null, token('--surface'), token('--ink'), token('--ink')];
  const placed = (list, yOf) => {
    const repeats = view.x === 'phase' ? view.cycles : 1;
    const indices = [], x = [], y = [];
    for (let turn = 0; turn < repeats; turn++) {
      for (const i of list) {
        const at = xOf(view, data, data.mjd[i]) + turn, value = yOf(i);
        if (!Number.isFinite(value) || !Number.isFinite(at) || (view.logX && view.x === 't0' && at <= 0) || (view.logY && inFlux && value <= 0)) continue;
        indices.push(i); x.push(at); y.push(value);
        grow(bounds.x, at);
      }
    }
    return { indices, x, y };
  };
  data.bands.forEach((band, index) => {
    const { seen, limits } = selected.lists[index];
    const colour = dark ? band.dark : band.light;
    const alike = list => list.every(item => item === list[0]) ? list[0] : list;
    const marker = indices => ({
      size: view.size,
      color: colour,
      symbol: alike(indices.map(i => symbolOf(band.mark, data.instrument[i], data.flags[i] & flag.forced))),
      opacity: alike(indices.map(i => data.flags[i] & flag.rejected ? 0.35 : 1)),
      line: {
        width: alike(indices.map(i => data.flags[i] & flag.forced || band.mark.endsWith('-open') ? 1.5 : data.instrument[i] % 4 ? 1.2 : 0.6)),
        color: alike(indices.map(i => rims[data.instrument[i] % 4] ?? colour)),
      },
    });
    if (limits.length) {
      const { indices, x, y } = placed(limits, i => (data.limit[i] ?? NaN) + shift(band));
      y.forEach(value => grow(bounds.y, value));
      result.push({
        type, mode: 'markers', uid: `l${index}`, name: band.name, x, y, customdata: indices, text: indices.map(i => `limit<br>${hover(kept, i)}`), hovertemplate: '%{text}<extra></extra>',
        marker: { symbol: 'triangle-down-open', size: Math.max(view.size - 1, 2), color: colour, opacity: 0.6, line: { width: 1.2, color: colour } },
      });
    }
    if (seen.length) {
      const { indices, x, y } = placed(seen, i => inFlux ? data.flux[i] : derived.mag[i] + shift(band));
      const errors = indices.map(i => inFlux ? data.err[i] : derived.magErr[i]);
      y.forEach((value, k) => {
        const room = inFlux ? (Math.abs(derived.ratio[indices[k]]) > 1 ? errors[k] : 0) : Math.min(errors[k] || 0, 0.5);
        grow(bounds.y, value - (view.logY && inFlux ? 0 : room));
        grow(bounds.y, value + room);
      });
      result.push({
        type, mode: 'markers', uid: `d${index}`, name: band.name, x, y, customdata: indices, text: indices.map(i => hover(kept, i)), hovertemplate: '%{text}<extra></extra>',
        error_y: { type: 'data', array: errors, thickness: 1, width: 0, color: colour },
        marker: marker(indices),
      });
      indices.forEach((i, k) => {
        if (!inFlux && data.flux[i] < 0) { negative.x.push(x[k]); negative.y.push(y[k]); }
        const flags = data.flags[i];
        const kind = flags & flag.validated ? 0 : flags & flag.rejected ? 1 : flags & flag.ambiguous ? 2 : -1;
        if (kind >= 0) verdicts[kind].push([x[k], y[k]]);
      });
    }
  });
  const over = { type, mode: 'markers', hoverinfo: 'skip' };
  if (negative.x.length) result.push({ ...over, uid: 'negative', x: negative.x, y: negative.y, marker: { symbol: 'line-ew-open', size: view.size * 0.6, color: token('--surface'), line: { width: 1.6, color: token('--surface') } } });
  const marks = [['validated', 'circle-open', '--good', 14], ['rejected', 'x-thin-open', '--bad', 10], ['ambiguous', 'diamond-open', '--warn', 16]];
  marks.forEach(([uid, symbol, name, size], kind) => {
    if (verdicts[kind].length) result.push({ ...over, uid, x: verdicts[kind].map(at => at[0]), y: verdicts[kind].map(at => at[1]), marker: { symbol, size: size + view.size - 8, color: token(name), line: { width: 1.5, color: token(name) } } });
  });
  return { result, bounds, total };
}

const padded = ([low, high], part, least) => {
  if (!(low <= high)) return undefined;
  const room = Math.max((high - low) * part, high - low < least ? (least - (high - low)) / 2 : 0);
  return [low - room, high + room];
};

// The ranges that Home returns to.
function home(kept, bounds) {
  const { view } = kept;
  let x = view.x === 'phase' ? [-0.02, view.cycles + 0.02] : padded(bounds.x, 0.03, view.x === 'utc' ? dayMs : 0.5) ?? [0, 1];
  if (view.x === 't0' && view.logX) {
    const logs = bounds.x.map(value => Math.log10(value));
    x = padded(logs, 0.03, 0.2) ?? [0, 1];
  }
  if (view.x === 'ago') x = [x[1], x[0]];
  let y = padded(bounds.y, 0.05, view.y === 'flux' ? 1e-9 : 0.5) ?? [0, 1];
  if (view.y === 'flux' && view.logY) {
    const high = Math.log10(bounds.y[1] > 0 ? bounds.y[1] : 1);
    const low = Math.max(Math.log10(bounds.y[0] > 0 ? bounds.y[0] : 1e-300), high - 4);
    y = padded([low, high], 0.05, 0.2);
  }
  return { x, y: view.y === 'flux' ? y : [y[1], y[0]] };
}

const xTitle = view => ({ mjd: 'MJD (UTC)', utc: 'UTC', ago: 'days ago', t0: 'days since T0', phase: `phase of ${Number(Number(view.period).toPrecision(6))} d` })[view.x];
const yTitle = view => view.y === 'flux' ? 'flux, µJy' : `${view.y === 'abs' ? 'absolute magnitude, ' : ''}${view.system === 'vega' ? 'Vega' : 'AB'}${view.y === 'abs' ? '' : ' magnitude'}`;

// The second axes tell the same in other words; they are linear in the first, so that dragging moves both alike.
function otherX(view, data, range) {
  const linear = at => at.map(value => view.x === 'utc' ? value / dayMs + unixEpochMjd : view.x === 'ago' ? data.nowMjd - value : value + data.t0);
  if (view.x === 'phase' || view.logX && view.x === 't0') return undefined;
  if (view.x === 'mjd') return { type: 'date', range: range.map(value => utc(value).getTime()), name: 'UTC' };
  return { range: linear(range), name: 'MJD', tickformat: '.6~f' };
}

function otherY(view, data, range) {
  if (data.dm == null || view.y === 'flux') return undefined;
  return view.y === 'mag'
    ? { range: range.map(value => value - data.dm), title: { text: 'absolute magnitude', standoff: 6, font: { size: 12 } } }
    : { range: range.map(value => value + data.dm), title: { text: 'apparent magnitude', standoff: 6, font: { size: 12 } } };
}

function spectrumMarks(kept) {
  const { data, view } = kept;
  const shapes = [], annotations = [];
  const at = (mjd, text, words, colour) => {
    const x = xOf(view, data, mjd);
    if (view.logX && view.x === 't0' && x <= 0) return;
    shapes.push({ type: 'line', xref: 'x', yref: 'paper', x0: x, x1: x, y0: 0, y1: 1, line: { color: colour, width: 1, dash: 'dot' }, opacity: 0.45, layer: 'below' });
    annotations.push({ x: view.logX && view.x === 't0' ? Math.log10(x) : x, y: 1, xref: 'x', yref: 'paper', text, showarrow: false, yanchor: 'top', font: { color: colour, size: 12 }, bgcolor: token('--surface'), borderpad: 1, hovertext: words });
  };
  if (view.x === 'phase') return { shapes, annotations };
  for (const spectrum of data.spectra) at(spectrum.mjd, 'S', `Spectrum, ${plain(spectrum.instrument)}<br>MJD ${number(spectrum.mjd, 3)}<br>${utcText(spectrum.mjd)} UTC`, token('--accent'));
  if (data.t0 != null && data.isT0Given && !(view.logX && view.x === 't0')) at(data.t0, 'T0', `T0<br>MJD ${number(data.t0, 5)}<br>${utcText(data.t0)} UTC`, token('--ink-3'));
  return { shapes, annotations };
}

// The unit of the upper axis stands left of its numbers, where it hides none of them.
function marksOf(kept, upperUnit) {
  const marks = spectrumMarks(kept);
  if (upperUnit) marks.annotations.push({ x: 0, y: 1, xref: 'paper', yref: 'paper', xanchor: 'right', yanchor: 'bottom', xshift: -14, yshift: 4, text: upperUnit, showarrow: false, font: { size: 11, color: token('--ink-3') } });
  return marks;
}

function layout(kept, bounds) {
  const { data, view } = kept;
  const axis = axisLook();
  const usual = home(kept, bounds);
  const x = kept.zoom.x?.kind === xKind(view) ? kept.zoom.x.range : usual.x;
  const y = kept.zoom.y?.kind === yKind(view) ? kept.zoom.y.range : usual.y;
  const [x2, y2] = [otherX(view, data, x), otherY(view, data, y)];
  const second = { ...axis, showgrid: false, tickmode: 'auto' };
  const isNarrow = kept.width < 480;
  return {
    ...frameLook(),
    margin: { l: 56, r: y2 ? 62 : 14, t: x2 ? 34 : 10, b: 42 },
    dragmode: kept.dragmode,
    ...marksOf(kept, x2?.name),
    xaxis: { ...axis, title: { text: xTitle(view), standoff: 6, font: { size: 12 } }, type: view.x === 'utc' ? 'date' : view.logX && view.x === 't0' ? 'log' : 'linear', range: x, tickformat: view.x === 'mjd' ? '.6~f' : '', nticks: isNarrow ? 5 : 0 },
    yaxis: { ...axis, title: { text: yTitle(view), standoff: 6, font: { size: 12 } }, type: view.logY && view.y === 'flux' ? 'log' : 'linear', range: y, zeroline: view.y === 'flux' && !view.logY, zerolinecolor: token('--line-strong') },
    ...(x2 ? { xaxis2: { ...second, overlaying: 'x', side: 'top', ...x2, nticks: isNarrow ? 4 : 7 } } : {}),
    ...(y2 ? { yaxis2: { ...second, overlaying: 'y', side: 'right', ...y2 } } : {}),
  };
}

const xKind = view => `${view.x}/${view.x === 't0' && view.logX}/${view.x === 'phase' ? `${view.cycles}` : ''}`;
const yKind = view => `${view.y}/${view.y === 'flux' && view.logY}/${view.system}`;

async function paint(element) {
  const kept = shown.get(element);
  if (!kept?.view) return;
  const library = await load(kept.address);
  if (shown.get(element) !== kept) return;
  kept.width = element.clientWidth;
  const selected = select(kept);
  const { result, bounds, total } = traces(kept, selected);
  const look = layout(kept, bounds);
  // An axis without a trace is not drawn.
  const empty = { type: 'scatter', x: [null], y: [null], hoverinfo: 'skip' };
  if (look.xaxis2) result.push({ ...empty, uid: 'x2', xaxis: 'x2' });
  if (look.yaxis2) result.push({ ...empty, uid: 'y2', yaxis: 'y2' });
  kept.isPainting = true;
  await library.react(element, result, look, frameConfig({
    doubleClick: false,
    modeBarButtonsToRemove: ['resetScale2d'],
    modeBarButtonsToAdd: [{ name: 'home', title: 'Whole light curve (double click)', icon: library.Icons.home, click: () => reset(element) }],
  }));
  kept.isPainting = false;
  if (!kept.isWired) wire(element, kept);
  element.dataset.drawn = kept.data.mjd.length;
  element.dataset.shown = total;
}

const repaint = element => paintWhenSeen(element, () => paint(element));

function reset(element) {
  const kept = shown.get(element);
  if (!kept) return;
  kept.zoom = {};
  repaint(element);
}

// A zoom is the person's: it stays until they reset it or choose another axis, whatever arrives meanwhile.
function wire(element, kept) {
  kept.isWired = true;
  element.on('plotly_relayout', event => {
    if (kept.isPainting) return;
    const names = Object.keys(event);
    if (event.dragmode) kept.dragmode = event.dragmode;
    const { xaxis, yaxis, xaxis2, yaxis2 } = element.layout;
    const [movesX, movesY] = [names.some(name => name.startsWith('xaxis')), names.some(name => name.startsWith('yaxis'))];
    if (movesX) kept.zoom.x = { kind: xKind(kept.view), range: xaxis.range.map(value => xaxis.type === 'date' && typeof value === 'string' ? Date.parse(`${value.replace(' ', 'T')}Z`) : value) };
    if (movesY) kept.zoom.y = { kind: yKind(kept.view), range: [...yaxis.range] };
    // The second axes follow.
    if ((movesX && xaxis2) || (movesY && yaxis2)) repaint(element);
  });
  element.on('plotly_doubleclick', () => { reset(element); });
  element.on('plotly_click', event => {
    const index = event.points[0]?.customdata;
    if (index != null) kept.page?.invokeMethodAsync('PointPickedAsync', kept.data.id[index]);
  });
}

// New points: the view and the zoom stay, and so does the zero of "days ago", so that a zoom keeps its meaning.
export async function setData(element, address, data, page) {
  const before = shown.get(element);
  if (before) data.nowMjd = before.data.nowMjd;
  if (before) {
    Object.assign(before, { data, page, derived: derive(data) });
  } else {
    shown.set(element, { address, data, page, derived: derive(data), zoom: {}, dragmode: 'zoom' });
  }
  if (before?.view) await repaint(element);
}

export async function show(element, view) {
  const kept = shown.get(element);
  if (!kept) return;
  kept.view = view;
  await repaint(element);
}

export function remove(element) {
  shown.delete(element);
  forget(element);
}

export const reveal = element => element?.scrollIntoView({ block: 'nearest' });

export { keepInAddress } from './plot-frame.js';

onThemeChange(() => { for (const element of shown.keys()) repaint(element); });
