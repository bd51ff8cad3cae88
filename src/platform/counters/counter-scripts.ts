// The counters' steps as Lua, so that each happens at once for all processes. Keys of a counter: t total, h holds by id, x when they
// end, s their sum, b settlements noted during a rebuild, c ids that are counted already, m what came in each second. Redis tells the time.

const START = `
local p, id = ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(n) return string.format('%.0f', n) end
local function release(c, one)
  local amount = redis.call('HGET', p .. 'h:' .. c, one)
  if amount then
    redis.call('HDEL', p .. 'h:' .. c, one)
    redis.call('ZREM', p .. 'x:' .. c, one)
    redis.call('DECRBY', p .. 's:' .. c, amount)
  end
end
`;

/** ARGV: prefix, id, ttl, then counter, amount, limit, gauge (0 or 1) of each want. */
export const RESERVE = `${START}
local ttl, wants, unknown, answer = tonumber(ARGV[3]), (#ARGV - 3) / 4, {'unknown'}, {'held'}
local full = nil
for i = 0, wants - 1 do
  local c, limit, gauge = ARGV[4 + i * 4], tonumber(ARGV[6 + i * 4]), ARGV[7 + i * 4]
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', p .. 'x:' .. c, '-inf', text(now))) do
    release(c, gone)
    redis.call('DEL', p .. 't:' .. c)
  end
  local used = '0'
  if gauge == '0' then used = redis.call('GET', p .. 't:' .. c) end
  if not used then
    unknown[#unknown + 1] = c
  else
    local held = redis.call('GET', p .. 's:' .. c) or '0'
    if not full and tonumber(used) + tonumber(held) >= limit then full = {'full', text(i), used, held} end
    answer[#answer + 1] = used
    answer[#answer + 1] = held
  end
end
if #unknown > 1 then return unknown end
if full then return full end
for i = 0, wants - 1 do
  local c, amount = ARGV[4 + i * 4], ARGV[5 + i * 4]
  release(c, id)
  redis.call('HSET', p .. 'h:' .. c, id, amount)
  redis.call('ZADD', p .. 'x:' .. c, text(now + ttl), id)
  redis.call('INCRBY', p .. 's:' .. c, amount)
  for _, kind in ipairs({'h:', 'x:', 's:'}) do redis.call('PEXPIRE', p .. kind .. c, 86400000) end
end
return answer`;

/** ARGV: prefix, id, then counter and amount of each. */
export const SETTLE = `${START}
local answer = {}
for i = 3, #ARGV, 2 do
  local c, amount = ARGV[i], ARGV[i + 1]
  release(c, id)
  if redis.call('EXISTS', p .. 't:' .. c) == 1 then
    if redis.call('SISMEMBER', p .. 'c:' .. c, id) == 0 then redis.call('INCRBY', p .. 't:' .. c, amount) end
    answer[#answer + 1] = redis.call('GET', p .. 't:' .. c)
  else
    if redis.call('EXISTS', p .. 'b:' .. c) == 1 then redis.call('HSET', p .. 'b:' .. c, id, amount) end
    answer[#answer + 1] = ''
  end
end
return answer`;

/** ARGV: prefix, id, ttl, then counters. */
export const RENEW = `${START}
for i = 4, #ARGV do redis.call('ZADD', p .. 'x:' .. ARGV[i], 'XX', text(now + tonumber(ARGV[3])), id) end
return 0`;

/** ARGV: prefix, counter, milliseconds. */
export const BEGIN = `
local p, c = ARGV[1], ARGV[2]
if redis.call('EXISTS', p .. 't:' .. c, p .. 'b:' .. c) > 0 then return 0 end
redis.call('HSET', p .. 'b:' .. c, '', '0')
redis.call('PEXPIRE', p .. 'b:' .. c, ARGV[3])
return 1`;

/** ARGV: prefix, counter, total, how long it is kept, how long ids stay counted, then the counted ids. */
export const FINISH = `
local p, c = ARGV[1], ARGV[2]
local counted = {['']=true}
redis.call('DEL', p .. 'c:' .. c)
for i = 6, #ARGV do counted[ARGV[i]] = true; redis.call('SADD', p .. 'c:' .. c, ARGV[i]) end
redis.call('PEXPIRE', p .. 'c:' .. c, ARGV[5])
redis.call('SET', p .. 't:' .. c, ARGV[3], 'PX', ARGV[4])
local noted = redis.call('HGETALL', p .. 'b:' .. c)
for i = 1, #noted, 2 do if not counted[noted[i]] then redis.call('INCRBY', p .. 't:' .. c, noted[i + 1]) end end
redis.call('DEL', p .. 'b:' .. c)
return 0`;

const MINUTE = `
local p = ARGV[1]
local second = tonumber(redis.call('TIME')[1])
local function text(n) return string.format('%.0f', n) end
`;

/** ARGV: prefix, counter ('' for none), limit, most, then counter and limit of each other. Answers taken, then used and wait of each. */
export const TAKE_MINUTE = `${MINUTE}
local function look(c, limit)
  local slots, used, all = {}, 0, redis.call('HGETALL', p .. 'm:' .. c)
  for i = 1, #all, 2 do
    local at = tonumber(all[i])
    if at <= second - 60 then redis.call('HDEL', p .. 'm:' .. c, all[i]) else slots[#slots + 1] = {at, tonumber(all[i + 1])} used = used + tonumber(all[i + 1]) end
  end
  local wait = 0
  if used >= limit then
    table.sort(slots, function(a, b) return a[1] < b[1] end)
    local left = used
    wait = 60
    for _, slot in ipairs(slots) do
      left = left - slot[2]
      if left < limit then wait = math.max(1, math.min(60, slot[1] + 60 - second)) break end
    end
  end
  return used, wait
end
local others, full = {}, false
for i = 5, #ARGV, 2 do
  local used, wait = look(ARGV[i], tonumber(ARGV[i + 1]))
  if wait > 0 then full = true end
  others[#others + 1] = text(used)
  others[#others + 1] = text(wait)
end
local taken, used, wait = 0, 0, 0
local c, limit = ARGV[2], tonumber(ARGV[3])
if c ~= '' then
  used, wait = look(c, limit)
  if not full and wait == 0 then
    taken = math.min(tonumber(ARGV[4]), limit - used)
    used = used + taken
    redis.call('HINCRBY', p .. 'm:' .. c, text(second), text(taken))
    redis.call('EXPIRE', p .. 'm:' .. c, 61)
  end
end
local answer = {text(taken), text(used), text(wait)}
for _, one in ipairs(others) do answer[#answer + 1] = one end
return answer`;

/** ARGV: prefix, counter, amount. */
export const ADD_MINUTE = `${MINUTE}
redis.call('HINCRBY', p .. 'm:' .. ARGV[2], text(second), ARGV[3])
redis.call('EXPIRE', p .. 'm:' .. ARGV[2], 61)
return 0`;
