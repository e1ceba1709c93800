import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Button } from './button.tsx';

let root: Root;

beforeEach(() => {
  root = createRoot(document.body.appendChild(document.createElement('div')));
});

afterEach(() => root.unmount());

it('a pending button keeps its name and focus, and neither presses nor submits', async () => {
  const [press, submit] = [vi.fn(), vi.fn((event: { preventDefault(): void }) => event.preventDefault())];
  const show = (isPending: boolean) =>
    root.render(
      <form onSubmit={submit}>
        <Button type="submit" onPress={press} isPending={isPending}>
          Save
        </Button>
      </form>,
    );
  const button = page.getByRole('button', { name: 'Save' });
  show(false);
  await button.click();
  expect([press.mock.calls.length, submit.mock.calls.length]).toEqual([1, 1]);

  show(true);
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await expect.element(button).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect([press.mock.calls.length, submit.mock.calls.length]).toEqual([1, 1]);
});
