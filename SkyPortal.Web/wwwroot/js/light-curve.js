// Draws a light curve with Plotly.
import { load, isDark, token, onThemeChange } from './plot-frame.js';

const shown = new Map();

const opened = mark => mark.endsWith('-open') ? mark : `${mark}-open`;
// Plotly makes a selector of a trace's id without escaping it.
const selectable = text => text.replace(/[^a-z0-9]/gi, c => `_${c.charCodeAt(0).toString(16)}_`);
const number = (value, digits) => value == null ? '–' : value.toFixed(digits);

function hover(point, model) {
  const brightness = point.mag == null ? `> ${number(point.limit, 2)} (limit)` : `${number(point.mag, 2)} ± ${number(point.magErr, 2)}${point.isNegative ? ' negative' : ''}`;
  const flux = point.flux == null ? `± ${number(point.fluxerr, 1)} µJy` : `${number(point.flux, 1)} ± ${number(point.fluxerr, 1)} µJy`;
  return `<b>${point.band}</b> ${brightness}<br>${flux}<br>MJD ${number(point.mjd, 5)}, ${number(model.nowMjd - point.mjd, 2)} d ago<br>${point.instrument}${point.isForced ? ', forced' : ''}`;
}

function traces(model) {
  const dark = isDark();
  const inFlux = model.y === 'flux';
  const result = [];
  const instruments = new Set(model.points.map(point => point.instrument));
  for (const band of model.bands) {
    const colour = dark ? band.dark : band.light;
    for (const instrument of instruments) {
      const own = model.points.filter(point => point.band === band.name && point.instrument === instrument);
      const kinds = [
        { name: 'detections', points: own.filter(p => !p.isForced && (inFlux ? p.flux != null : p.mag != null)), symbol: band.mark },
        { name: 'forced', points: own.filter(p => p.isForced && (inFlux ? p.flux != null : p.mag != null)), symbol: opened(band.mark) },
        { name: 'limits', points: inFlux ? [] : own.filter(p => p.mag == null), symbol: 'triangle-down-open' },
      ];
      let first = true;
      for (const { name, points, symbol } of kinds) {
        if (!points.length) continue;
        const isLimit = name === 'limits';
        const negatives = !inFlux && points.some(point => point.isNegative);
        result.push({
          uid: selectable(`${band.name} ${instrument} ${name}`),
          type: points.length > 3000 ? 'scattergl' : 'scatter',
          mode: negatives ? 'markers+text' : 'markers',
          name: instruments.size > 1 ? `${instrument} ${band.name}` : band.name,
          legendgroup: `${band.name}/${instrument}`,
          showlegend: first,
          x: points.map(point => model.x === 'ago' ? model.nowMjd - point.mjd : point.mjd),
          y: points.map(point => inFlux ? point.flux : isLimit ? point.limit : point.mag),
          error_y: isLimit ? undefined : { type: 'data', array: points.map(point => inFlux ? point.fluxerr : point.magErr), thickness: 1, width: 0, color: colour },
          text: negatives ? points.map(point => point.isNegative ? '−' : '') : undefined,
          textposition: 'middle center',
          textfont: { color: token('--surface'), size: 12 },
          customdata: points.map(point => hover(point, model)),
          hovertemplate: '%{customdata}<extra></extra>',
          marker: { symbol, color: colour, size: isLimit ? 7 : 8, opacity: isLimit ? 0.55 : 1, line: { width: isLimit || name === 'forced' ? 1.3 : 0, color: colour } },
        });
        first = false;
      }
    }
  }
  return result;
}

// A spectrum is an S at the top of the plot, at its time.
const spectrumMarks = model => (model.spectra ?? []).map(spectrum => ({
  x: model.x === 'ago' ? model.nowMjd - spectrum.mjd : spectrum.mjd, y: 1, xref: 'x', yref: 'paper', text: 'S', showarrow: false, yanchor: 'top',
  font: { color: token('--accent'), size: 12 }, hovertext: `Spectrum, ${spectrum.instrument}<br>MJD ${number(spectrum.mjd, 3)}`,
}));

function layout(model) {
  const axis = { gridcolor: token('--line'), zeroline: false, linecolor: token('--line-strong'), ticks: 'outside', tickcolor: token('--line-strong'), ticklen: 4 };
  const brightness = model.y === 'flux'
    ? { ...axis, title: { text: 'flux, µJy', standoff: 6 }, autorange: true, zeroline: true, zerolinecolor: token('--line-strong') }
    : { ...axis, title: { text: 'AB magnitude', standoff: 6 }, autorange: 'reversed' };
  return {
    uirevision: `${model.x}/${model.y}`,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: token('--ink-2') },
    margin: { l: 52, r: 12, t: 8, b: 42 },
    hovermode: 'closest',
    hoverlabel: { bgcolor: token('--raised'), bordercolor: token('--line-strong'), font: { color: token('--ink') }, align: 'left' },
    legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom' },
    showlegend: true,
    annotations: spectrumMarks(model),
    xaxis: { ...axis, title: { text: model.x === 'ago' ? 'days ago' : 'MJD (UTC)', standoff: 6 }, autorange: model.x === 'ago' ? 'reversed' : true, tickformat: model.x === 'ago' ? '' : '.6~f' },
    yaxis: brightness,
  };
}

async function paint(element) {
  const kept = shown.get(element);
  if (!kept) return;
  const library = await load(kept.address);
  if (!shown.has(element)) return;
  await library.react(element, traces(kept.model), layout(kept.model), {
    responsive: true, displaylogo: false, modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
  });
  element.dataset.drawn = kept.model.points.length;
}

export async function draw(element, address, model) {
  // The zero of "days ago" stays where it was first, so that a zoom keeps its meaning while points arrive.
  const before = shown.get(element);
  if (before) model.nowMjd = before.model.nowMjd;
  shown.set(element, { address, model });
  await paint(element);
}

export function remove(element) {
  shown.delete(element);
  if (element?.isConnected && element.data && window.Plotly) window.Plotly.purge(element);
}

onThemeChange(() => { for (const element of shown.keys()) paint(element); });
