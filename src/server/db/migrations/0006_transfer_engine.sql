-- When a call that WeCom did not take is made again, and how often it was held back (transfer/send.ts).
alter table transfer_batch
  add column next_try_at timestamptz,
  add column tries integer not null default 0;

-- hinted_at: an event said that something happened at WeCom. full_before, refused_before: whose limit, and whose being
-- refused, ended an earlier attempt; WeCom's results of that pair go on saying so (facts 12).
alter table transfer
  add column hinted_at timestamptz,
  add column full_before text references member,
  add column refused_before text references member;

-- When somebody last wished the whole departure to be looked at now.
alter table departure add column checked_at timestamptz;
