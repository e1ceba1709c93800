// The kinds of values that environment variables hold, each with the words that say what a right one is.
import { z } from 'zod';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, `must be one of ${names.join(', ')}`);

export const LogLevel = oneOf(LOG_LEVELS);
export const NodeEnv = oneOf(['production', 'development', 'test']);

export const Switch = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

export const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, error)
    .transform(Number)
    .refine((value) => value >= least && value <= most, error);
};

/** Of a server of ours; 0 is any free one. */
export const ListeningPort = wholeNumber(0, 65_535);
/** Of somebody else's. */
export const Port = wholeNumber(1, 65_535);

/** Shorter ones load a server that nobody asked more of; with longer ones a lost log costs an hour. Milliseconds. */
export const SnapshotInterval = wholeNumber(100, 3_600_000);

const HOST = 'must be the name or address of a host, without a scheme, a port or a path';
export const Host = z.union([z.string().regex(/^[a-z\d_]([a-z\d._-]*[a-z\d_.])?$/i), z.ipv6()], HOST);

const ORIGIN = 'must be an address such as https://codesync.example.com, without a path';
export const Origin = z
  .url({ protocol: /^https?$/, error: ORIGIN })
  .refine((text) => /^https?:\/\/[^/?#@]+\/?$/i.test(text), ORIGIN)
  .transform((text) => new URL(text).origin);

/** With a path, perhaps, as storage gateways and collectors have one. */
export const Endpoint = z.url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:4318' });

const listOf = (text: string): string[] => text.split(',').map((part) => part.trim());

export const Origins = z
  .string()
  .transform(listOf)
  .pipe(z.array(Origin, `each of its comma-separated parts ${ORIGIN}`));

export const Secrets = z
  .string()
  .transform(listOf)
  .refine((secrets) => secrets.every((secret) => secret !== ''), 'has an empty part between its commas');

export const BucketName = z
  .string()
  .regex(
    /^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/,
    'must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
  );

export const Region = z.string().regex(/^[a-z\d-]+$/, 'must be a region such as eu-central-1');
