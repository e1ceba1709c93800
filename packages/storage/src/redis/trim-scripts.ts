// Forget a document's entries: those that a snapshot holds, or all of them. Allowed when there is no memory: they make room.
import { defineScript } from './script.ts';

/** In seconds. How long what is left of a log without entries is kept: longer than anyone reads without looking again. */
const META_KEPT = 24 * 60 * 60;

// KEYS  the stream; the meta hash
// ARGV  the cursor to trim up to; the smallest cursor behind it
export const TRIM = defineScript(`#!lua flags=allow-oom
local stream, meta = KEYS[1], KEYS[2]

-- No place of this log: it is trimmed already, or what is here now was perhaps never snapshotted.
if #redis.call('XRANGE', stream, ARGV[1], ARGV[1]) == 0 then return 0 end

redis.call('HSET', meta, 'trimmed', ARGV[1])
redis.call('XTRIM', stream, 'MINID', '=', ARGV[2])

-- A stream that exists has entries: it is what a document that still has to be snapshotted is found by.
if redis.call('XLEN', stream) == 0 then
  redis.call('DEL', stream)
  redis.call('HDEL', meta, 'largest')
  redis.call('EXPIRE', meta, ${META_KEPT})
end
return 1
`);

// KEYS  the stream; the meta hash
export const REMOVE = defineScript(`#!lua flags=allow-oom
local stream, meta = KEYS[1], KEYS[2]
local known = redis.call('HMGET', meta, 'last', 'removed')
-- Not in this moment: a long log takes a while to free.
redis.call('UNLINK', stream)
redis.call('DEL', meta)

-- Only so that what comes next sorts behind it while clocks differ. That no cursor is given twice follows from its random part
-- alone, so this may be forgotten.
local newest = known[1] or known[2]
if newest then
  redis.call('HSET', meta, 'removed', newest)
  redis.call('EXPIRE', meta, ${META_KEPT})
end
return 1
`);
