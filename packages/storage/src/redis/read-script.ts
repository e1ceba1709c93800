// Reads one page of a document's log, and what its reader has to know beside it, from the same moment.
import { defineScript } from './script.ts';

/** In bytes. What the reply and the script's memory hold for an entry beside its updates. */
const ENTRY_OVERHEAD = 100;

/** What is taken out of the stream at once. One entry more than asked for is taken at most if it is large, and thrown away. */
const CHUNK = { bytes: 256 * 1024, entries: 500 } as const;

// KEYS  the stream; the meta hash
// ARGV  the cursor to read after; about how many bytes
// Replies with the log's last cursor, the cursor that it is trimmed to, and for each entry cursor, previous, packed updates.
export const READ = defineScript(`
local stream, meta = KEYS[1], KEYS[2]

-- A replica answers reads as well, from the past. A write that never changes anything, since streams do not expire, is what it
-- refuses. A primary that takes no writes at the moment may be read.
local refused = redis.pcall('PERSIST', stream)
if type(refused) == 'table' and refused.err and string.find(refused.err, '^READONLY') then return refused end

local known = redis.call('HMGET', meta, 'last', 'trimmed', 'largest')
local largest = math.max(1, tonumber(known[3] or 0))
local count = math.max(1, math.min(${CHUNK.entries}, math.floor(${CHUNK.bytes} / largest)))

local entries, bytes, wanted, from = {}, 0, tonumber(ARGV[2]), ARGV[1]
repeat
  local chunk = redis.call('XRANGE', stream, '(' .. from, '+', 'COUNT', count)
  for _, entry in ipairs(chunk) do
    local fields = entry[2]
    bytes = bytes + #fields[4] + ${ENTRY_OVERHEAD}
    -- The first one is given however large it is.
    if #entries > 0 and bytes > wanted then break end
    entries[#entries + 1] = entry[1]
    entries[#entries + 1] = fields[2]
    entries[#entries + 1] = fields[4]
    from = entry[1]
  end
until bytes > wanted or #chunk < count

return { known[1] or '0-0', known[2] or '0-0', entries }
`);
