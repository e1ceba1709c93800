// The update log of the one-process mode.
export { LogDamaged } from './read-page.ts';
export { openLevelUpdateLog } from './update-log.ts';
