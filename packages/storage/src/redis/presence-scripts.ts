// What Redis does with presence, each in one step. All keys and the channel of a document share a slot.
import { defineScript } from './script.ts';

/** Who has gone is remembered of so many in a document. Beyond it all are forgotten: late news of one of them is then believed. */
const MAX_GONE = 256;

/** A stock client keeps someone of whom it hears nothing for so long, in milliseconds. */
const LATELY = 30_000;

// KEYS  1 hash of who is present: client id -> "<clock> <owner> <state>"
//       2 hash of who has gone: client id -> "<clock> <when, in ms by Redis' clock>"
// ARGV  1 channel, 2 the task that asks, 3 how long the hashes live, in ms
const BEGIN = `
local present, gone = KEYS[1], KEYS[2]
local channel, task, life = ARGV[1], ARGV[2], ARGV[3]
local news = {}

local function tell(owner)
  if #news == 0 then return end
  redis.call('SPUBLISH', channel, '["' .. owner .. '",[' .. table.concat(news, ',') .. ']]')
end

local function clockOf(hash, id)
  return tonumber(string.match(redis.call('HGET', hash, id) or '', '^%d+'))
end

local function moment()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Remembered, so that a task that did not hear of it does not bring them back.
local function remove(id, clock)
  redis.call('HDEL', present, id)
  if redis.call('HLEN', gone) >= ${MAX_GONE} then redis.call('DEL', gone) end
  redis.call('HSET', gone, id, clock .. ' ' .. string.format('%.0f', moment()))
  redis.call('PEXPIRE', gone, life)
  news[#news + 1] = '[' .. id .. ',' .. clock .. ',null]'
end

-- Who is kept for a task: their ids, and their clocks as they are kept.
local function each(owner, call)
  local all = redis.call('HGETALL', present)
  for i = 1, #all, 2 do
    local clock, kept = string.match(all[i + 1], '^(%d+) (%S+) ')
    if kept == owner then call(all[i], clock) end
  end
end

local function after(clock)
  return string.format('%.0f', clock + 1)
end
`;

// The rule of y-protocols: a higher clock is news, or the same clock saying that the client has gone. A state that is not newer
// than the client's going is refused: whoever publishes it did not hear of that, and everyone who did would not believe it.
//
// ARGV  4… client id, clock, state; an empty state: gone
const TAKE = `
local refused = {}
local listed = {}
for i = 4, #ARGV, 3 do
  local id, clock, state = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local known = clockOf(present, id)
  local left = not known and clockOf(gone, id)
  listed[id] = true
  if state == '' then
    if not (known and known > tonumber(clock)) and not (left and left >= tonumber(clock)) then remove(id, clock) end
  elseif left and left >= tonumber(clock) then
    refused[#refused + 1] = id
    refused[#refused + 1] = string.match(redis.call('HGET', gone, id), '^%d+')
  elseif not known or tonumber(clock) > known then
    redis.call('HDEL', gone, id)
    redis.call('HSET', present, id, clock .. ' ' .. task .. ' ' .. state)
    news[#news + 1] = state
  end
end
redis.call('PEXPIRE', present, life)
`;

/** Takes what is news and tells it. Answers whom it refused, and the clocks of their going: client id, clock, … */
export const PUBLISH = defineScript(`${BEGIN}${TAKE}
tell(task)
return refused
`);

/**
 * The same with all clients of the task: who is kept for it and not listed has gone. Answers the refused, the fields of everyone
 * present, and who has gone as client id, clock, …: longer ago, and in the last half minute.
 */
export const COMPARE = defineScript(`${BEGIN}${TAKE}
each(task, function(id, clock)
  if not listed[id] then remove(id, clock) end
end)
tell(task)
local left, lately = {}, {}
local since = moment() - ${LATELY}
local all = redis.call('HGETALL', gone)
for i = 1, #all, 2 do
  local clock, at = string.match(all[i + 1], '^(%d+) (%d+)$')
  local list = tonumber(at) > since and lately or left
  list[#list + 1] = all[i]
  list[#list + 1] = clock
end
return {refused, redis.call('HVALS', present), left, lately}
`);

/**
 * Tells the clients of a dead task as gone, with a higher clock, and those of a list who are neither present nor known to have
 * gone. Who is another task's by now stays. Several tasks doing it at once tell nothing twice.
 */
// ARGV  4 the dead task, 5… client id, clock
export const BURY = defineScript(`${BEGIN}
each(ARGV[4], function(id, clock)
  remove(id, after(tonumber(clock)))
end)
for i = 5, #ARGV, 2 do
  local id, clock = ARGV[i], tonumber(ARGV[i + 1])
  local left = clockOf(gone, id)
  if not clockOf(present, id) and not (left and left > clock) then remove(id, after(clock)) end
end
tell('')
`);
