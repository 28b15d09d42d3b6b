-- Visitors who ask one question after the other, for wrk: wrk -s visitors.lua URL -- KIND TURNS FILE
-- KIND is chat (htmx posts the form), api (a program posts JSON) or bare (that JSON, to a view that does not look at
-- it); TURNS is how many questions a visitor asks; FILE has a question a line, written as KIND sends it. A visitor's
-- next question goes with what the first reply gave: the cookie, or the conversation's id.

local kind, turns, questions, place = nil, 1, {}, 0

function init(args)
  kind, turns = args[1], tonumber(args[2])
  for line in io.lines(args[3]) do questions[#questions + 1] = line end
  math.randomseed(os.time())
  place = math.random(#questions)
  wrk.method = "POST"
  if kind == "chat" then
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.headers["HX-Request"] = "true"
    wrk.headers["Accept-Encoding"] = "gzip, deflate, br, zstd"
    wrk.headers["Accept-Language"] = "en-GB,en;q=0.9"
    wrk.headers["Sec-Fetch-Site"] = "same-origin"
  else
    wrk.headers["Content-Type"] = "application/json"
  end
  if turns == 1 or kind == "bare" then response = nil end
end

local function new_id()
  local id = ""
  for _ = 1, 4 do id = id .. string.format("%08x", math.random(0, 0x7fffffff)) end
  return id
end

-- Who has more to ask. Nobody's turn comes before so many others had theirs: the last reply has come by then.
local APART = 80
local queue, first, last = {}, 1, 0

local function stand_in_line(token, left)
  if left > 0 then
    last = last + 1
    queue[last] = { token = token, left = left }
  end
end

local function next_in_line()
  if last - first < APART then return nil end
  local visitor = queue[first]
  queue[first] = nil
  first = first + 1
  stand_in_line(visitor.token, visitor.left - 1)
  return visitor.token
end

function request()
  place = place % #questions + 1
  local known = next_in_line()
  if kind == "chat" then
    wrk.headers["Cookie"] = known
    return wrk.format(nil, nil, nil, "turn=" .. new_id() .. "&conversation=&question=" .. questions[place])
  end
  local conversation = known and ', "conversation": "' .. known .. '"' or ""
  return wrk.format(nil, nil, nil, '{"turn": "' .. new_id() .. '"' .. conversation .. ', "question": ' .. questions[place] .. "}")
end

local seen = {}

function response(status, headers, body)
  local token, visitor
  if kind == "chat" then
    token = string.match(headers["Set-Cookie"] or "", "^[^;]+")
    -- The same visitor's cookie is signed anew with another time.
    visitor = token and string.match(token, "=(%.?[^.]+)")
  else
    token = string.match(body, '"conversation": ?"([^"]+)"')
    visitor = token
  end
  if visitor and not seen[visitor] then
    seen[visitor] = true
    stand_in_line(token, turns - 1)
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('\n{"requests": %d, "seconds": %f, "failed": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
