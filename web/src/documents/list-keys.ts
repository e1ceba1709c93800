// Keys of the list: `/` leads to the search box, up and down from row to row. Enter is the link's own.
import { type KeyboardEvent, type RefObject, useEffect } from 'react';

/** The links that the arrow keys go through. */
export const ROW_LINK = '[data-row-link]';

/** Focuses `input` on `/`, unless the person is writing somewhere. */
export function useSlashKey(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [input]);
}

/**
 * For the element that holds the search box and the rows: down goes from the box to the first row and on, up the same way back.
 * Home and End reach the ends from a row.
 */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>, box: HTMLInputElement | null): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW_LINK)];
  const isInBox = event.target === box;
  const at = links.findIndex((link) => link === event.target);
  if (!isInBox && at === -1) return;
  const target = destination(event.key, at, links, box);
  if (target === undefined || target === null || (isInBox && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  target.focus();
}

function destination(
  key: string,
  at: number,
  links: readonly HTMLElement[],
  box: HTMLInputElement | null,
): HTMLElement | null | undefined {
  switch (key) {
    case 'ArrowDown':
      return links[at + 1];
    case 'ArrowUp':
      return at === 0 ? box : links[at - 1];
    case 'Home':
      return links[0];
    case 'End':
      return links.at(-1);
    default:
      return undefined;
  }
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
