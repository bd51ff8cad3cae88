// The counters' steps as Lua, so that each happens at once for all processes. Keys of a counter: t total, h holds by id, x when they
// end, s their sum, b settlements noted during a rebuild, c ids that are counted already. Redis tells the time.

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
