// Files that are dropped or pasted on the box are attached; what is typed is kept until it is sent.
const kept = new WeakMap();

const read = key => { try { return localStorage.getItem(key) ?? ''; } catch { return ''; } };
const write = (key, text) => { try { if (text) localStorage.setItem(key, text); else localStorage.removeItem(key); } catch { /* without storage nothing is kept */ } };

export function attach(box, key) {
  const isNew = !kept.has(box);
  kept.set(box, key);
  if (isNew) listen(box);
  return read(key);
}

export const sent = key => write(key, '');

function listen(box) {
  const area = box.querySelector('textarea');
  area.addEventListener('input', () => write(kept.get(box), area.value));
  // While names are suggested, these keys choose one.
  area.addEventListener('keydown', event => {
    if (area.hasAttribute('data-suggesting') && ['Enter', 'Tab', 'ArrowUp', 'ArrowDown'].includes(event.key) && !event.ctrlKey && !event.metaKey) event.preventDefault();
    if (area.hasAttribute('data-suggesting') && event.key === 'Escape') event.stopPropagation();
  });
  const take = files => {
    if (!files?.length) return false;
    const input = box.querySelector('[data-attach]');
    const one = new DataTransfer();
    one.items.add(files[0]);
    input.files = one.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
  };
  box.addEventListener('paste', event => { if (take(event.clipboardData?.files)) event.preventDefault(); });
  box.addEventListener('dragover', event => { if (event.dataTransfer?.types.includes('Files')) { event.preventDefault(); box.classList.add('over'); } });
  box.setAttribute('data-heard', '');
  box.addEventListener('dragleave', () => box.classList.remove('over'));
  box.addEventListener('drop', event => { box.classList.remove('over'); if (take(event.dataTransfer?.files)) event.preventDefault(); });
}
