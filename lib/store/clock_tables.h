// The view of running clocks, as SQL. For node_schema.cc only, like node_tables.h.
#pragma once

namespace minqing::store {

inline constexpr const char* kClocksTable = R"sql(
CREATE TABLE case_clocks (          -- clocks of a case that run, at its owner (casework/clocks.h)
  owner TEXT NOT NULL,
  case_id TEXT NOT NULL,
  clock TEXT NOT NULL,              -- 'TRIAGE'
  started_at INTEGER NOT NULL,
  extended_days INTEGER NOT NULL,
  told_at INTEGER NOT NULL,         -- 0: that it has run out is not on the person's list
  counted_from INTEGER AS (started_at + extended_days * 86400000000) VIRTUAL,
  PRIMARY KEY (owner, case_id, clock)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_clocks_untold ON case_clocks (clock, counted_from) WHERE told_at = 0;
)sql";

// The clocks that run in a store that has a log already, by the rule of the day when the table came
// (casework/clocks.h): a clock runs from the first row that starts it behind the last one that
// stops it. Kinds are numbers of casework/kinds.h. What a JUDGED_AGAIN row lets count (refilled
// stores only) lies in bodies, which SQL does not read: `minqing rebuild` does.
inline constexpr const char* kClocksFill = R"sql(
INSERT INTO case_clocks (owner, case_id, clock, started_at, extended_days, told_at)
WITH
  leads(kind) AS (VALUES (20), (23), (25), (26), (30), (31)),
  new_leads(kind) AS (SELECT kind FROM leads WHERE kind <> 25),
  rule(clock, starts, kind) AS (
    VALUES ('REGISTER', 1, 1), ('REGISTER', 0, 2), ('REGISTER', 0, 6), ('REGISTER', 0, 9),
           ('TRIAGE', 1, 1), ('TRIAGE', 0, 3), ('TRIAGE', 0, 6), ('TRIAGE', 0, 8),
           ('TRIAGE', 0, 9), ('TRIAGE', 0, 14),
           ('SIGN', 0, 40), ('SIGN', 0, 41), ('SIGN', 0, 60), ('SIGN', 0, 64), ('SIGN', 0, 65),
           ('SIGN', 0, 66),
           ('RULING', 1, 64), ('RULING', 1, 65), ('RULING', 0, 3), ('RULING', 0, 6),
           ('RULING', 0, 8), ('RULING', 0, 9), ('RULING', 0, 27),
           ('OBJECT', 1, 20), ('OBJECT', 1, 23), ('OBJECT', 1, 30), ('OBJECT', 1, 31),
           ('NOTIFY', 0, 3), ('NOTIFY', 0, 41), ('NOTIFY', 0, 64), ('NOTIFY', 0, 65),
           ('NOTIFY', 0, 66),
           ('HANDLE', 1, 41), ('HANDLE', 0, 3), ('HANDLE', 0, 8), ('HANDLE', 0, 9),
           ('HANDLE', 0, 14),
           ('EVALUATE', 1, 3), ('EVALUATE', 0, 4), ('EVALUATE', 0, 25),
           ('REVIEW_APPLY', 1, 3), ('REVIEW_APPLY', 0, 25)
    UNION ALL SELECT 'TRIAGE', 0, kind FROM leads
    UNION ALL SELECT 'SIGN', 1, kind FROM leads
    UNION ALL SELECT 'RULING', 0, kind FROM leads
    UNION ALL SELECT 'NOTIFY', 1, kind FROM new_leads),
  alike(clock, as_clock) AS (
    VALUES ('REGISTER', 'REGISTER'), ('TRIAGE', 'TRIAGE'), ('TRIAGE_T', 'TRIAGE'),
           ('SIGN', 'SIGN'), ('RULING', 'RULING'), ('NOTIFY', 'NOTIFY'), ('NOTIFY_T', 'NOTIFY'),
           ('HANDLE', 'HANDLE'), ('HANDLE_T', 'HANDLE'), ('EVALUATE', 'EVALUATE'),
           ('REVIEW_APPLY', 'REVIEW_APPLY')),
  rules(clock, starts, kind) AS (
    SELECT alike.clock, starts, kind FROM alike JOIN rule ON rule.clock = as_clock
    UNION ALL SELECT 'OBJECT', starts, kind FROM rule
              WHERE clock = 'OBJECT' OR (clock = 'NOTIFY' AND starts = 0)
    UNION ALL SELECT clock, 0, 5 FROM alike  -- CLOSE, where the case was reopened
    UNION ALL VALUES ('OBJECT', 0, 5)),
  events AS (  -- of open cases, what clocks look at
    SELECT l.owner, l.case_id, l.pos, l.at, l.kind, p.extended_days
    FROM cases c JOIN log l ON l.case_id = c.case_id AND l.case_id <> '' AND l.owner = c.owner
    LEFT JOIN loops p ON p.owner = l.owner AND p.loop = l.loop
    WHERE c.part = 0 AND c.state NOT BETWEEN 12 AND 17 AND l.verdict = 'ok' AND (
      l.class = 4 OR (l.class = 0 AND l.direction = 1) OR
      (l.class IN (1, 2) AND p.end_held = 0 AND p.kind IN leads))),
  marks AS (
    SELECT owner, case_id, clock, starts, pos, at, kind FROM events JOIN rules USING (kind)),
  stops AS (
    SELECT owner, case_id, clock, max(pos) AS pos FROM marks WHERE starts = 0
    GROUP BY owner, case_id, clock),
  runs AS (
    SELECT m.owner, m.case_id, m.clock, min(m.pos) AS pos, m.at
    FROM marks m LEFT JOIN stops s USING (owner, case_id, clock)
    WHERE m.starts = 1 AND m.pos > ifnull(s.pos, 0) AND (m.kind <> 1 OR s.pos IS NULL)
    GROUP BY m.owner, m.case_id, m.clock)
SELECT owner, case_id, clock, at,
       iif(clock NOT IN ('HANDLE', 'HANDLE_T'), 0, ifnull(
         (SELECT e.extended_days FROM events e
          WHERE e.owner = runs.owner AND e.case_id = runs.case_id AND e.kind = 45 AND
                e.pos > runs.pos AND e.extended_days > 0 ORDER BY e.pos LIMIT 1), 0)), 0
FROM runs;
)sql";

}  // namespace minqing::store
