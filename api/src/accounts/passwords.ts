// Passwords at rest: argon2id in the PHC string form, hashed on Node's thread pool.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's second choice: 19 MiB and two passes, about 30 ms a sign-in. */
const COST: Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** The only version of argon2 that Node computes: 1.3, written as decimal. */
const VERSION = 19;

const derive = promisify(argon2);

/** What no password verifies against, at the same cost: where nobody has that e-mail address, signing in takes as long. */
export const NOBODYS_HASH = format(COST, Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES));

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return format(COST, salt, await hash(password, salt, COST, HASH_BYTES));
}

/** Throws on a hash that `hashPassword` did not write. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const { cost, salt, expected } = parse(stored);
  return timingSafeEqual(await hash(password, salt, cost, expected.length), expected);
}

function hash(password: string, salt: Buffer, cost: Cost, bytes: number): Promise<Buffer> {
  // Keyboards differ in how they compose the same characters; NFKC makes them one.
  const message = password.normalize('NFKC');
  return derive('argon2id', { message, nonce: salt, tagLength: bytes, ...cost });
}

function format({ memory, passes, parallelism }: Cost, salt: Buffer, expected: Buffer): string {
  const parameters = `m=${memory},t=${passes},p=${parallelism}`;
  return `$argon2id$v=${VERSION}$${parameters}$${base64(salt)}$${base64(expected)}`;
}

function parse(stored: string): { cost: Cost; salt: Buffer; expected: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  const [, memory, passes, parallelism, salt, expected] = match ?? [];
  if (salt === undefined || expected === undefined) throw new Error('a stored password hash cannot be read');
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    expected: Buffer.from(expected, 'base64'),
  };
}

/** PHC strings have no padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
