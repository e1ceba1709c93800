// Appends entries to a document's log and tells who listens, in one step: whoever sees an entry sees it everywhere.
import { defineScript } from './script.ts';

/** In bytes. A listener that reads too slowly is cut off when 8 to 32 MB wait for it: a few pastes to a few documents. */
const PUSHED_BYTES = 64 * 1024;

// KEYS  the stream, whose name is also that of the channel; the meta hash
// ARGV  for each entry a random number and its packed updates
// Replies with the cursor before the first entry, then that of each entry.
//
// Without flags in its first line a script that writes is refused as a whole by a replica, and when there is no memory.
export const APPEND = defineScript(`#!lua
local stream, meta = KEYS[1], KEYS[2]
local known = redis.call('HMGET', meta, 'last', 'removed', 'largest')
local last = known[1] or '0-0'
local largest = tonumber(known[3] or 0)

-- Every entry takes a millisecond of its own, and the rest of its cursor by chance: a server that has lost the last
-- entries, and whose clock is behind, cannot give one of their cursors again. The clock may be overtaken for a while.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local taken = tonumber(string.match(known[1] or known[2] or '0-0', '^%d+'))
local ms = math.max(now, taken + 1)

local reply = { last }
for index = 1, #ARGV, 2 do
  -- tostring would round both parts.
  local cursor = string.format('%.0f-%s', ms, ARGV[index])
  local updates = ARGV[index + 1]
  redis.call('XADD', stream, cursor, 'p', last, 'u', updates)

  -- What is too large to be pushed is only announced, and read from the stream.
  local push = cursor .. ' ' .. last
  if #updates < ${PUSHED_BYTES} then push = push .. '\\n' .. updates end
  redis.call('SPUBLISH', stream, push)

  largest = math.max(largest, #updates)
  last = cursor
  ms = ms + 1
  reply[#reply + 1] = cursor
end

-- What a reader has to know before it reads; 'removed' is in 'last' from now on.
redis.call('HSET', meta, 'last', last, 'largest', largest)
redis.call('HDEL', meta, 'removed')
-- A log that was trimmed to nothing, or removed, was about to be forgotten.
redis.call('PERSIST', meta)
return reply
`);
