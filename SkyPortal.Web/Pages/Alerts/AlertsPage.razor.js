import { listKeys } from '../../js/list-keys.js';

export const { start, stop, shown } = listKeys('.alerts');
