-- One request for wrk, over and over, and its figures as one line of JSON.
--
-- Here: the method, which wrk has no option for, and the line. Header lines come with -H.
-- Not here: how long, how many connections (`throughput.py`).
-- Spec: https://github.com/wg/wrk/blob/master/SCRIPTING

wrk.method = os.getenv("METHOD")

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "no_connection": %d, "not_read": %d, '
      .. '"not_written": %d, "no_success": %d, "too_late": %d}\n',
    summary.requests, summary.duration, errors.connect, errors.read,
    errors.write, errors.status, errors.timeout
  ))
end
