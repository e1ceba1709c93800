import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { ErrorBoundary } from './error-boundary.tsx';

function Broken(): ReactNode {
  throw new Error('a defect');
}

it('a page that fails to draw says that nothing is lost, and another page draws again', async () => {
  const reported = vi.fn<(event: ErrorEvent) => void>((event) => event.preventDefault());
  addEventListener('error', reported);
  vi.spyOn(console, 'error').mockReturnValue();
  const root = createRoot(document.body.appendChild(document.createElement('div')));

  root.render(
    <ErrorBoundary place="/broken">
      <Broken />
    </ErrorBoundary>,
  );
  await expect.element(page.getByRole('heading', { name: 'This page stopped working' })).toBeVisible();
  expect(reported).toHaveBeenCalled();

  root.render(
    <ErrorBoundary place="/other">
      <h1>Another page</h1>
    </ErrorBoundary>,
  );
  await expect.element(page.getByRole('heading', { name: 'Another page' })).toBeVisible();

  root.unmount();
  removeEventListener('error', reported);
  vi.restoreAllMocks();
});
