/**
 * The gate's three moves, each one script, so that no two Lambdas can both be the one probe, or both have the last
 * place. Times are Redis's own, in ms: Lambdas' clocks differ.
 *
 * KEYS are, for each route in turn, its breaker and then its lanes. A breaker is a hash: `until` while it is open, `probe`
 * and `probe_until` while somebody finds out, `times` it opened since it last closed, `row` of failures, and the counts of
 * a window by bucket. A lane is a sorted set of leases by their end.
 */
const COMMON = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function number(key, field) return tonumber(redis.call('HGET', key, field) or '0') end
local function keepFor(key, ms) if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end end
`;

/** ARGV: maxima of the lanes by route, as JSON; the lease; its ms; whether it is urgent. Answers the route's index, or -1. */
export const ENTER = `${COMMON}
local lease, ms, urgent = ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
local routes, at = {}, 1
for i, maxima in ipairs(cjson.decode(ARGV[1])) do
  local route = { breaker = KEYS[at], lanes = {}, maxima = maxima }
  for n = 1, #maxima do route.lanes[n] = KEYS[at + n] end
  at = at + 1 + #maxima
  routes[i] = route
end
local function hasRoom(route)
  for n, lane in ipairs(route.lanes) do
    redis.call('ZREMRANGEBYSCORE', lane, '-inf', now)
    if not redis.call('ZSCORE', lane, lease) and redis.call('ZCARD', lane) >= route.maxima[n] then return false end
  end
  return true
end
local function enter(i, probes)
  local route = routes[i]
  for _, lane in ipairs(route.lanes) do
    redis.call('ZADD', lane, now + ms, lease)
    keepFor(lane, ms)
  end
  if probes then redis.call('HSET', route.breaker, 'probe', lease, 'probe_until', now + ms) end
  return i - 1
end
local full = false
for i, route in ipairs(routes) do
  local open = number(route.breaker, 'until')
  local probe = redis.call('HGET', route.breaker, 'probe')
  local isTaken = probe and probe ~= lease and number(route.breaker, 'probe_until') > now
  if open <= now and not (open > 0 and isTaken) then
    if urgent or hasRoom(route) then return enter(i, open > 0) end
    full = true
  end
end
if full then return -1 end
local isTaken = number(routes[1].breaker, 'probe_until') > now
return enter(1, not isTaken)
`;

/** KEYS of one route. ARGV: the lease and its ms. */
export const RENEW = `${COMMON}
local lease, ms = ARGV[1], tonumber(ARGV[2])
for n = 2, #KEYS do
  redis.call('ZADD', KEYS[n], 'XX', now + ms, lease)
  keepFor(KEYS[n], ms)
end
if redis.call('HGET', KEYS[1], 'probe') == lease then redis.call('HSET', KEYS[1], 'probe_until', now + ms) end
return 0
`;

/**
 * KEYS of one route. ARGV: the lease, the outcome, ms to be out; then the policy: ms of the window, calls that it
 * takes, the share of failures, failures in a row, ms to open for, at most. Answers 1 where it opened the breaker.
 */
export const LEAVE = `${COMMON}
local breaker, lease, outcome, out = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local window, calls, share, row = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local openMs, openMax = tonumber(ARGV[8]), tonumber(ARGV[9])
for n = 2, #KEYS do redis.call('ZREM', KEYS[n], lease) end
local isProbe = redis.call('HGET', breaker, 'probe') == lease
if isProbe then redis.call('HDEL', breaker, 'probe', 'probe_until') end
if outcome == 'none' then return 0 end

local function keep() keepFor(breaker, math.max(number(breaker, 'until') - now, 0) + 900000) end
local function open(ms)
  redis.call('HSET', breaker, 'until', math.max(number(breaker, 'until'), now + ms))
  keep()
  return 1
end
if outcome == 'out' then return open(out) end
if outcome == 'answered' and isProbe then redis.call('DEL', breaker) end

local size = math.floor(window / 6)
local bucket = math.floor(now / size)
redis.call('HINCRBY', breaker, outcome .. ':' .. bucket, 1)
local answered, failed = 0, 0
local fields = redis.call('HGETALL', breaker)
for n = 1, #fields, 2 do
  local kind, of = string.match(fields[n], '^(%a+):(%d+)$')
  if kind and tonumber(of) <= bucket - 6 then redis.call('HDEL', breaker, fields[n])
  elseif kind == 'answered' then answered = answered + tonumber(fields[n + 1])
  elseif kind == 'failed' then failed = failed + tonumber(fields[n + 1]) end
end
if outcome == 'answered' then
  redis.call('HDEL', breaker, 'row')
  keep()
  return 0
end
local inRow = redis.call('HINCRBY', breaker, 'row', 1)
local total = answered + failed
local isOpen = number(breaker, 'until') > now
local isBad = inRow >= row or (total >= calls and failed >= total * share)
if isOpen or not (isProbe or isBad) then
  keep()
  return 0
end
local times = redis.call('HINCRBY', breaker, 'times', 1)
return open(math.min(openMs * 2 ^ (times - 1), openMax))
`;
