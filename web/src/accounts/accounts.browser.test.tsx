import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import {
  ANA,
  type Answers,
  problem,
  type RenderedApp,
  renderApp,
  signedInAs,
  signedOut,
} from '../app/testing/render-app.tsx';

let app: RenderedApp;
afterEach(() => app.stop());

function open(path: string, answers: Answers): void {
  app = renderApp(path, { ...signedOut, ...answers });
}

const alert = () => page.getByRole('alert');

describe('signing in', () => {
  it('leads back to the document that asked for it', async () => {
    open('/login?to=%2Fdocuments%3Ffilter%3Dtrash', {
      'POST /api/auth/login': () => Response.json({ user: ANA, token: 't' }),
      'GET /api/documents': () => Response.json({ items: [], nextCursor: null }),
    });
    await page.getByLabelText('Email').fill('ana@example.com');
    await page.getByLabelText('Password').fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.element(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
    expect(app.visited.at(-1)).toBe('/documents?filter=trash');
    expect(app.requests).toContainEqual({
      line: 'POST /api/auth/login',
      search: '',
      body: { email: 'ana@example.com', password: 'correct horse' },
    });
  });

  it('says in an alert beside the form what was wrong, and keeps what was typed', async () => {
    open('/login', { 'POST /api/auth/login': () => problem('wrong_credentials') });
    await page.getByLabelText('Email').fill('ana@example.com');
    await page.getByLabelText('Password').fill('wrong');
    await userEvent.keyboard('{Enter}');
    await expect.element(alert()).toHaveTextContent('That e-mail and password do not match.');
    await expect.element(page.getByLabelText('Email')).toHaveValue('ana@example.com');
  });

  it('says that the server cannot be reached', async () => {
    open('/login', { 'POST /api/auth/login': () => Promise.reject(new TypeError('Failed to fetch')) });
    await page.getByLabelText('Email').fill('ana@example.com');
    await page.getByLabelText('Password').fill('correct horse');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect
      .element(alert())
      .toHaveTextContent('The server cannot be reached. Check your connection and try again.');
  });

  it('asks for what is missing without asking the server', async () => {
    open('/login', {});
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.element(alert()).toHaveTextContent('Enter your e-mail address. Enter a password.');
    await expect.element(page.getByLabelText('Email')).toHaveFocus();
    expect(app.requests.map(({ line }) => line)).not.toContain('POST /api/auth/login');
  });

  it('people who are signed in are led on', async () => {
    open('/login', { ...signedInAs(ANA), 'GET /api/documents': () => Response.json({ items: [], nextCursor: null }) });
    await expect.element(page.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
  });
});

describe('creating an account', () => {
  it('ties each refusal of the server to its field and goes to the first', async () => {
    open('/register', {
      'POST /api/auth/register': () =>
        problem('invalid', [
          { path: 'email', message: 'Enter an e-mail address.' },
          { path: 'password', message: 'A password has at least 8 characters.' },
        ]),
    });
    await page.getByLabelText('Name').fill('Ana');
    await page.getByLabelText('Email').fill('ana');
    await page.getByLabelText('Password').fill('x');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect.element(page.getByLabelText('Email')).toHaveAccessibleDescription('Enter an e-mail address.');
    await expect.element(page.getByLabelText('Email')).toHaveFocus();
    await expect
      .element(page.getByLabelText('Password'))
      .toHaveAccessibleDescription('A password has at least 8 characters.');
    await expect.element(alert()).toHaveTextContent('Enter an e-mail address. A password has at least 8 characters.');
  });

  it('says that the address is taken', async () => {
    open('/register', { 'POST /api/auth/register': () => problem('email_taken') });
    await page.getByLabelText('Name').fill('Ana');
    await page.getByLabelText('Email').fill('ana@example.com');
    await page.getByLabelText('Password').fill('correct horse');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect.element(alert()).toHaveTextContent('An account with that e-mail exists.');
  });
});

it('the first page offers both ways in, once each', async () => {
  open('/', {});
  await expect.element(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect.element(page.getByRole('link', { name: 'Create account' })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect.element(page.getByRole('heading', { name: 'Sign in' })).toHaveFocus();
  expect(document.title).toBe('Sign in – CodeSync');
});

it('private pages ask for a sign-in first and remember where the person was going', async () => {
  open('/d/5f1c2a52-7c1e-4f5e-9a62-0d9f6a6f7a11?line=3', {});
  await expect.element(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(app.visited.at(-1)).toBe('/login?to=%2Fd%2F5f1c2a52-7c1e-4f5e-9a62-0d9f6a6f7a11%3Fline%3D3');
});

it('an address that leads nowhere says so and leads to the list', async () => {
  open('/nowhere', {});
  await expect.element(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await expect.element(page.getByRole('link', { name: 'Go to your documents' })).toHaveAttribute('href', '/documents');
});
