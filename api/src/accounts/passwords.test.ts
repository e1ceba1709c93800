import { describe, expect, it } from 'vitest';
import { hashPassword, NOBODYS_HASH, verifyPassword } from './passwords.ts';

describe('passwords', () => {
  it('are kept as argon2id with 19 MiB, two passes and one lane, in PHC form', async () => {
    expect(await hashPassword('correct horse')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it('verify against their own hash only', async () => {
    const stored = await hashPassword('correct horse');
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('correct horsf', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
  });

  it('the same password is hashed differently each time', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('the same characters, composed another way, are the same password', async () => {
    const stored = await hashPassword('Caf\u{E9} \u{FB01}');
    expect(await verifyPassword('Cafe\u{301} fi', stored)).toBe(true);
  });

  it('the cost is read from the hash, so that old hashes still verify after it is raised', async () => {
    // A test vector of the reference implementation.
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', stored)).toBe(true);
    expect(await verifyPassword('Password', stored)).toBe(false);
  });

  it('no password verifies against nobody’s hash, which costs as much as anybody’s', async () => {
    expect(await verifyPassword('', NOBODYS_HASH)).toBe(false);
    const parameters = (stored: string) => stored.split('$').slice(0, 4);
    expect(parameters(NOBODYS_HASH)).toEqual(parameters(await hashPassword('x')));
  });

  it('a stored hash that cannot be read is an error, never a match', async () => {
    await expect(verifyPassword('x', '')).rejects.toThrow('cannot be read');
    await expect(verifyPassword('x', '$2b$12$abcdefghijklmnopqrstuv')).rejects.toThrow('cannot be read');
  });
});
