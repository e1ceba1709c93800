import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { IconButton } from './icon-button.tsx';
import './tokens.css';

it('an icon has a name and is pressed from the keyboard', async () => {
  const press = vi.fn<() => void>();
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  root.render(
    <IconButton label="Close" onPress={press}>
      ×
    </IconButton>,
  );
  await expect.element(page.getByRole('button', { name: 'Close' })).toBeVisible();
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(press).toHaveBeenCalledTimes(1);
  root.unmount();
});
