// Panels are dragged by their grips and stretched by their corners; the server is told where they land.
const columns = 12;
const row = 24;
const gap = 12;

export function attach(grid, server) {
  grid.addEventListener('pointerdown', event => {
    const handle = event.target.closest('[data-grip], [data-corner]');
    if (!handle || event.button !== 0 || getComputedStyle(grid).display !== 'grid') return;
    event.preventDefault();
    handle.focus?.();
    drag(grid, handle, event, server);
  });
  // The arrow keys move a panel and not the page.
  grid.addEventListener('keydown', event => {
    if (event.target.matches('[data-grip]') && event.key.startsWith('Arrow')) event.preventDefault();
  });
  // A plot follows the size of its panel, not only that of the window.
  const sizes = new ResizeObserver(() => {
    cancelAnimationFrame(grid.resizing);
    grid.resizing = requestAnimationFrame(() => dispatchEvent(new Event('resize')));
  });
  const watch = () => { for (const slot of grid.querySelectorAll('.slot')) sizes.observe(slot); };
  watch();
  new MutationObserver(watch).observe(grid, { childList: true });
}

function drag(grid, handle, start, server) {
  const slot = handle.closest('.slot');
  const landing = grid.querySelector('.landing');
  const isMove = handle.hasAttribute('data-grip');
  const box = slot.getBoundingClientRect();
  const width = Number(slot.dataset.width);
  const height = Number(slot.dataset.rows);
  const startTop = grid.getBoundingClientRect().top;
  let target = null;
  let last = start;
  let frame = 0;

  const clamp = (value, low, high) => Math.max(low, Math.min(high, Math.round(value)));
  function show() {
    const whole = grid.getBoundingClientRect();
    const column = (whole.width + gap) / columns;
    const dx = last.clientX - start.clientX;
    const dy = last.clientY - start.clientY + (startTop - whole.top);
    if (isMove) {
      slot.style.transform = `translate(${dx}px, ${dy}px)`;
      target = [clamp((box.left - whole.left + dx) / column, 0, columns - width), clamp((box.top - startTop + dy) / row, 0, 10000)];
      place(target[0], target[1], width, height);
    } else {
      target = [clamp((box.width + gap + dx) / column, 3, columns), clamp((box.height + gap + dy) / row, 4, 60)];
      place(clamp((box.left - whole.left) / column, 0, columns - 1), clamp((box.top - startTop) / row, 0, 10000), target[0], target[1]);
    }
  }
  function place(x, y, w, h) {
    landing.hidden = false;
    landing.style.gridColumn = `${x + 1} / span ${Math.min(w, columns - x)}`;
    landing.style.gridRow = `${y + 1} / span ${h}`;
  }
  // Near an edge of the window the page goes on.
  function scroll() {
    const speed = last.clientY < 90 ? -12 : last.clientY > innerHeight - 50 ? 12 : 0;
    if (speed) { scrollBy(0, speed); show(); }
    frame = requestAnimationFrame(scroll);
  }
  function move(event) { last = event; show(); }
  function key(event) { if (event.key === 'Escape') { event.stopPropagation(); end(false); } }
  async function end(isDone) {
    cancelAnimationFrame(frame);
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', done);
    removeEventListener('pointercancel', cancelled);
    removeEventListener('keydown', key, true);
    landing.hidden = true;
    document.body.classList.remove('dragging-panel');
    try {
      if (isDone && target) await server.invokeMethodAsync(isMove ? 'DropAsync' : 'StretchAsync', slot.dataset.panel, target[0], target[1]);
    } finally {
      slot.classList.remove('dragged');
      slot.style.transform = '';
    }
  }
  const done = () => end(true);
  const cancelled = () => end(false);

  slot.classList.add('dragged');
  document.body.classList.add('dragging-panel');
  addEventListener('pointermove', move);
  addEventListener('pointerup', done);
  addEventListener('pointercancel', cancelled);
  addEventListener('keydown', key, true);
  frame = requestAnimationFrame(scroll);
}
