-- The wrk script of bench/run. It sends one kind of request during the whole run, and prints one line of figures at the end.
-- usage: wrk ... -s load.lua URL -- SCENARIO TAG
-- TAG becomes part of every username, so that two runs on one database do not conflict. If the environment has
-- ATRIUM_BENCH_TOKEN, every request presents this token.

local threads = 0

function setup(thread)
    thread:set("thread_number", threads)
    threads = threads + 1
end

local json = { ["Content-Type"] = "application/json" }
local token = os.getenv("ATRIUM_BENCH_TOKEN")
if token then
    wrk.headers["Authorization"] = "Bearer " .. token
    json["Authorization"] = wrk.headers["Authorization"]
end

local scenarios = {
    get_users = function()
        return wrk.format("GET", "/users/?limit=100")
    end,
    post_users = function(n)
        local name = ("%s-%d-%d"):format(tag, thread_number, n)
        return wrk.format("POST", "/users/", json, ('{"username":"%s","email":"%s@example.com"}'):format(name, name))
    end,
    post_orders = function(n)
        return wrk.format("POST", "/orders/", json, ('{"username":"seed-%d","product_name":"tea","quantity":2}'):format(n % 100))
    end,
    graphql = function()
        return wrk.format("POST", "/graphql/", json, '{"query":"{allOrders(first:100){productName user{username}}}"}')
    end,
}

function init(arguments)
    make, tag = scenarios[arguments[1]], arguments[2]
    sent = 0
end

function request()
    sent = sent + 1
    return make(sent)
end

function done(summary, latency)
    local errors = summary.errors
    print(("FIGURES requests=%d microseconds=%d p50=%d p99=%d refused=%d failed=%d"):format(
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
