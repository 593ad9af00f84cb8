import { listKeys } from '../../js/list-keys.js';

export const { start, stop, shown } = listKeys('.source-list', {
  x: row => row.querySelector('input[type=checkbox]').click(),
  e: row => row.querySelector('[data-expand]').click(),
});
