import { describe, expect, it } from 'vitest';
import { DisplayName, Email, LoginRequest, Password, RegisterRequest } from './accounts.ts';

describe('e-mail addresses', () => {
  it.each([
    ['  Ann.Lee@Example.COM ', 'ann.lee@example.com'],
    ['a@b.co', 'a@b.co'],
    ['first+tag@sub.example.org', 'first+tag@sub.example.org'],
  ])('%j is kept as %j: trimmed, and compared without case', (given, kept) => {
    expect(Email.parse(given)).toBe(kept);
  });

  it.each([
    '',
    ' ',
    'ann',
    'ann@',
    '@example.com',
    'a b@example.com',
    'ann@example',
    'a@b@c.de',
    `${'a'.repeat(250)}@b.co`,
  ])('%j is none', (value) => {
    expect(Email.safeParse(value).success).toBe(false);
  });
});

describe('names', () => {
  it.each([
    [' Ann ', 'Ann'],
    ['Zoë 🙂', 'Zoë 🙂'],
    ['x'.repeat(80), 'x'.repeat(80)],
  ])('%j is kept as %j', (given, kept) => {
    expect(DisplayName.parse(given)).toBe(kept);
  });

  it.each(['', '   ', 'x'.repeat(81), 'a\0b', '\ud800', 7, null])('%j is none', (value) => {
    expect(DisplayName.safeParse(value).success).toBe(false);
  });
});

describe('passwords', () => {
  it('have 8 to 200 characters and are taken as they are, spaces included', () => {
    expect(Password.parse('  spaces  ')).toBe('  spaces  ');
    expect(Password.safeParse('x'.repeat(7)).success).toBe(false);
    expect(Password.safeParse('x'.repeat(8)).success).toBe(true);
    expect(Password.safeParse('x'.repeat(200)).success).toBe(true);
    expect(Password.safeParse('x'.repeat(201)).success).toBe(false);
  });
});

describe('requests', () => {
  it('registering names every field that is wrong', () => {
    const result = RegisterRequest.safeParse({ email: 'ann', password: 'short', name: ' ' });
    const paths = result.error?.issues.map((issue) => issue.path.join('.')) ?? [];
    expect(paths.toSorted()).toEqual(['email', 'name', 'password']);
  });

  it('signing in takes an address in any case, and calls no password malformed that is merely wrong', () => {
    expect(LoginRequest.parse({ email: ' ANN@example.com ', password: 'x' })).toEqual({
      email: 'ann@example.com',
      password: 'x',
    });
    expect(LoginRequest.safeParse({ email: 'not an address', password: '' }).success).toBe(true);
    expect(LoginRequest.safeParse({ email: 'ann@example.com', password: 'x'.repeat(201) }).success).toBe(false);
    expect(LoginRequest.safeParse({ email: 'ann@example.com' }).success).toBe(false);
  });
});
